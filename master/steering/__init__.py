"""What people steer the farm by, and what must outlive a restart: limits, shares, hours, forgiveness, profiles.

Rows on one side, the objects of `master/farm` on the other. Actions write rows; the caller then tells the reactor.
"""
