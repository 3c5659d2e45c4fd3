"""The contract answers for the sandbox: mocks in the test suite of whoever calls the API.

``mock`` the router that answers, ``complaints`` what a client does wrong, ``variants`` other
conforming answers, ``troubles`` misbehaviour on demand, ``strict`` the same checks around a
served sandbox, ``fixtures`` what pytest needs of them. Nothing here is
imported before a test asks for a mock.
"""
