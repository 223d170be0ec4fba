"""All commands in one tree."""

import sys
from typing import Annotated

import typer

from cinefarm import __version__
from cinefarm.cli import ads, demo, doctor, farm, jobs, keeping, mcp, models, projects, serving
from cinefarm.cli.output import err
from cinefarm.client import FarmError

app = typer.Typer(
    help="A render farm for generated pictures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
serving.add_to(app)
projects.add_to(app)
jobs.add_to(app)
ads.add_to(app)
farm.add_to(app)
demo.add_to(app)
doctor.add_to(app)
keeping.add_to(app)
models.add_to(app)
mcp.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A render farm for generated pictures."""


def main() -> None:
    """Run a command; a refusal of the master is one sentence and exit code 1."""
    try:
        app()
    except FarmError as error:
        err.print(f"[red]{error.code}[/red]: ", end="")
        err.print(str(error), markup=False, soft_wrap=True)
        for problem in error.problems[:50]:
            err.print(f"  {problem.get('place', '')}: {problem.get('message', '')}", markup=False)
        sys.exit(1)
