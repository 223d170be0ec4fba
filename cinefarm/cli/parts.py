"""Load the master's or the worker's half, which a box may not have installed."""

from importlib import import_module
from types import ModuleType

import typer

from cinefarm.cli.output import err


def load_part(module: str) -> ModuleType:
    """The module, or exit code 1 with the command that installs it."""
    try:
        return import_module(module)
    except ImportError as error:
        extra = module.split(".", 1)[0]
        err.print(f"This box has no {extra} ({error.name} is missing). Install it: pip install 'cinefarm\\[{extra}]'")
        raise typer.Exit(1) from error
