"""The bodies of requests: states of members, templates, covering arrays, broken constraints."""
