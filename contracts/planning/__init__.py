"""Requests, planned before the first is sent: few, and each for a reason.

``plan`` makes the plan; the modules of ``cases`` each add their cases to a ``draft`` of it. They
are made of ``templates`` (bodies with markers), ``typical`` values, ``fields`` with their
``states`` by region, ``covering`` arrays of these, and ``breaks`` of one constraint each.
``shards`` deals a plan out.
"""
