"""Jobs and batches: submit, read, cancel, retry, and what an accepted result becomes."""
