"""Benchmarks. Each prints one line of JSON; figures of note stand in `docs/benchmarks.md`."""
