"""Requests, planned before the first is sent: few, and each for a reason.

``planning`` makes the plan; ``valid``, ``sequences``, ``authorization``, ``invalid`` and
``open_region`` each add their cases to a ``draft`` of it. They are made of ``templates`` (bodies
with markers), ``typical`` values, ``fields`` with their ``states`` by region, ``covering`` arrays
of these, and ``breaks`` of one constraint each. ``sharding`` deals a plan out.
"""
