"""One file a peer: how it is started, handed a job and asked for the result. Each runs in its own environment."""
