"""The configuration of a project: the options of a run and named environments, as TOML.

It is found (see `definition.project`) or named by ``--targets``. The options stand in it by
the names of their table; what is typed goes before them. ``[env.staging.kohort]`` is the
target of one API in one environment. A file of nothing but environments may leave ``env.``
out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts.definition import project
from contracts.errors import UsageError, near_misses
from contracts.verify import targets_file
from contracts.verify.options import EXCLUSIVE, TABLE, Options, read
from contracts.verify.targets_file import Entry, unknown_key

EXAMPLE = Path(__file__).with_name("order-contracts.example.toml")
ENVIRONMENTS = "env"
OPTIONS = {name: option for name, option in TABLE.items() if option.in_file}


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file says: options of a run by their names, and all targets."""

    path: Path
    options: Mapping[str, Any]
    entries: tuple[Entry, ...]

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of the environments."""
        return tuple(dict.fromkeys(entry.name for entry in self.entries))

    def of(self, environment: str | None) -> tuple[Entry, ...]:
        """Return the targets of an environment, of all of them for None; UsageError without any."""
        if environment is None:
            return self.entries
        if environment not in self.environments:
            near = near_misses(environment, self.environments, otherwise_all=True)
            raise UsageError(f"{self.path}: there is no environment {environment!r}{near}")
        return tuple(entry for entry in self.entries if entry.name == environment)


def load(path: Path) -> Configuration:
    """Return what a file says; UsageError names the file, the key and the mend."""
    data = project.read(path)
    if data and all(isinstance(value, dict) for value in data.values()):
        data = data if ENVIRONMENTS in data else {ENVIRONMENTS: data}
    options = {}
    for key, value in data.items():
        if key in OPTIONS:
            options[key] = _option(path, key, value)
        elif key not in (ENVIRONMENTS, project.CONTRACTS):
            known = (*OPTIONS, ENVIRONMENTS, project.CONTRACTS)
            raise UsageError(f"{path}: {unknown_key(key, known)}")
    folder = project.folder_of(path, data)
    if folder != project.folder_of(path, {}) and not folder.is_dir():
        mend = "`contracts new` makes it"
        raise UsageError(f"{path}: {project.CONTRACTS}: there is no folder {folder}; {mend}")
    for one, other in EXCLUSIVE:
        if options.get(one) and options.get(other):
            raise UsageError(f"{path}: {one} and {other} exclude each other; take one out")
    entries = targets_file.read(path, data.get(ENVIRONMENTS, {}))
    return Configuration(path, options, entries)


def _option(path: Path, key: str, value: Any) -> Any:
    """Return the value of an option; a path is relative to the file."""
    option = OPTIONS[key]
    if option.kind in ("file", "folder", "new_folder") and isinstance(value, str):
        value = str(path.parent / value)
    return option.read_toml(value, f"{path}: {key}")


def resolve(typed: Mapping[str, Any]) -> Options:
    """Return the options of a run: what was typed, then what the configuration file says.

    UsageError when the file is wrong, and when it leaves open which environment is meant.
    """
    given = {name: value for name, value in typed.items() if name in TABLE and value}
    named = TABLE["targets_file"].read(given.get("targets_file"))
    path = named or project.find()
    if path is None:
        if "environment" in given:
            problem = f"there is no {project.FILE} in this folder or one above"
            mend = "`contracts init` writes it"
            raise UsageError(f"--env {given['environment']}: {problem}; {mend}")
        return read(given)
    file = load(path)
    if named and not file.entries:
        raise UsageError(f"{path}: no target in it; `contracts init` writes an example")
    options = read({**_not_excluded(file.options, given), **given})
    live = options.environment is not None or named is not None
    if not live and not options.targets and not options.embedded and file.entries:
        first, *_ = file.environments
        mends = f'--env {first}, --embedded, or environment = "{first}" in the file'
        raise UsageError(f"{path}: which environment is meant? {mends}")
    file.of(options.environment)
    return replace(options, targets_file=path if live else None, source=_source(path, options))


def _not_excluded(options: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file says without what the typed options exclude.

    An address that is typed is no place of the file's environment: its headers and tokens are
    not meant for it.
    """
    excluded = {
        other
        for pair in EXCLUSIVE
        for one, other in (pair, pair[::-1])
        if one in typed and other not in typed
    }
    if "targets" in typed and "environment" not in typed:
        excluded.add("environment")
    return {name: value for name, value in options.items() if name not in excluded}


def _source(path: Path, options: Options) -> str:
    if options.environment:
        return f"{path}: environment {options.environment}"
    if options.targets:
        return f"{path}: its options; targets as given"
    return f"{path}: " + ("all its targets" if options.targets_file else "the embedded sandbox")


def entries(options: Options) -> tuple[Entry, ...]:
    """Return the targets that the options take from the configuration file."""
    if options.targets_file:
        return load(options.targets_file).of(options.environment)
    return ()
