"""Requests, planned before the first is sent: few, and each for a reason.

``templates`` bodies with markers, ``states`` values of a field by region, ``covering`` pairs of states,
``breaks`` one broken constraint each, ``planning`` the plan itself.
"""
