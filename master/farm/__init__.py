"""The heart of the farm: no I/O, no clock and no randomness of its own.

`reactor` holds one function per event; each changes the `Farm` and returns effects. The ledger writes the effects down;
only then do messages leave. Time is passed in as the master's monotonic seconds.
"""
