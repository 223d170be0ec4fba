"""The command line: `cinefarm …`. Every command that answers takes `--json`."""

from cinefarm.cli.app import app, main

__all__ = ["app", "main"]
