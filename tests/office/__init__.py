"""An office: members of staff at the real console over real HTTP, on a real Redis, one at a time.

What they may do is told by a table of its own (`tests.office.oracle`), not by the product's.
"""
