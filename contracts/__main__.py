"""The command ``contracts``, also as ``python -m contracts``: ready to be interrupted at once.

Loading the libraries takes longer than somebody may wait who has mistyped a command, so this
module takes the signals before it imports anything else.
"""

import os

try:
    import signal
except KeyboardInterrupt:  # as fast as somebody can be
    os._exit(130)

OWN_PROCESS = os.getpid()


def main() -> None:
    """Be the console script."""
    from contracts.cli.main import main as run  # noqa: PLC0415 - takes time to load

    run(_unwind)


def _unwind() -> None:
    """Let an interrupt unwind the command from now on, which closes what it has opened."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(number: int, _: object) -> None:
    """End without unwinding: an exception in the middle of an import may be swallowed or shown."""
    if os.getpid() == OWN_PROCESS:  # and not in a worker
        os.write(2, b"contracts: interrupted\n")
    os._exit(128 + number)


for _number in (signal.SIGINT, signal.SIGTERM):
    if signal.getsignal(_number) is not signal.SIG_IGN:  # as nohup and job control have it
        signal.signal(_number, _leave)

if __name__ == "__main__":
    main()
