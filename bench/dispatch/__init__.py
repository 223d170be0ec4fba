"""No-op jobs through Cinefarm and through the queues that one would pick instead, measured the same way."""
