"""The contract answers for the sandbox: in the tests of whoever calls the APIs."""
