"""Commands that run something: master, worker; and let others in: open, enroll, token."""

import logging
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from cinefarm.cli.output import AsJson, Token, Url, connect, err, out, show_json
from cinefarm.cli.parts import load_part
from cinefarm.client import FarmError
from cinefarm.environment import unknown_names
from cinefarm.mcp.settings import McpSettings

tokens = typer.Typer(help="API tokens for people and programs on other machines.", no_args_is_help=True)

ProjectsDir = Annotated[Path | None, typer.Option(help="Where project folders lie.")]
StorageDir = Annotated[Path | None, typer.Option(help="Where rendered files lie.")]
WorkflowsDir = Annotated[Path | None, typer.Option(help="Workflow files beside those that ship.")]
StateDir = Annotated[Path | None, typer.Option(help="Where this process keeps its own state.")]


def add_to(app: typer.Typer) -> None:
    app.command()(master)
    app.command()(worker)
    app.command("open")(open_link)
    app.command()(enroll)
    app.command("check-config")(check_config)
    app.add_typer(tokens, name="token")


def master(
    host: Annotated[str | None, typer.Option(help="Address to listen on; wider than loopback needs tokens.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of UI, API and workers.")] = None,
    projects_dir: ProjectsDir = None,
    storage_dir: StorageDir = None,
    workflows_dir: WorkflowsDir = None,
    state_dir: StateDir = None,
    lease_s: Annotated[float | None, typer.Option(help="Silence after which a worker has lost its jobs.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every fact.")] = False,
) -> None:
    """Run the master: UI, API and dispatch. Ctrl+C stops it; running jobs go on and report later."""
    start_log(verbose)
    config, serve = load_part("master.config"), load_part("master.serve")
    given = {
        "host": host,
        "port": port,
        "projects_dir": projects_dir,
        "storage_dir": storage_dir,
        "workflows_dir": workflows_dir,
        "state_dir": state_dir,
        "lease_s": lease_s,
    }
    settings = read_settings(config.MasterSettings, given)
    try:
        serve.serve(settings, on_ready=lambda link: typer.echo(f"Open {link}"))
    except serve.CannotStart as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(error.code) from error


def worker(
    master: Annotated[str | None, typer.Option(help="Address of the master.")] = None,
    comfy: Annotated[str | None, typer.Option(help="Address of the ComfyUI beside this agent.")] = None,
    device: Annotated[list[str] | None, typer.Option(help="cpu, cuda:0, …; may be given more than once.")] = None,
    slots: Annotated[
        int | None, typer.Option(help="Jobs side by side on each device, of workflows that allow it; 1 if unset.")
    ] = None,
    pool: Annotated[str | None, typer.Option(help="Pool to join.")] = None,
    name: Annotated[str | None, typer.Option(help="Name on the farm; the host's name if unset.")] = None,
    token: Annotated[str | None, typer.Option(help="One-time token from `cinefarm enroll`.")] = None,
    secret_file: Annotated[Path | None, typer.Option(help="The master's secret file, on the same machine.")] = None,
    projects_dir: ProjectsDir = None,
    storage_dir: StorageDir = None,
    workflows_dir: WorkflowsDir = None,
    models_dir: Annotated[Path | None, typer.Option(help="Where model weights lie on this box.")] = None,
    state_dir: StateDir = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every fact.")] = False,
) -> None:
    """Join this box to a farm. Ctrl+C finishes what runs, then leaves; twice leaves at once."""
    start_log(verbose)
    config, serve = load_part("worker.config"), load_part("worker.serve")
    given = {
        "master": master,
        "comfy": comfy,
        "device": device or None,
        "slots": slots,
        "pool": pool,
        "name": name,
        "token": token,
        "secret_file": secret_file,
        "projects_dir": projects_dir,
        "storage_dir": storage_dir,
        "workflows_dir": workflows_dir,
        "models_dir": models_dir,
        "state_dir": state_dir,
    }
    settings = read_settings(config.WorkerSettings, given)
    try:
        serve.serve(settings)
    except serve.MustStop as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(2 if isinstance(error, serve.BadDevice) else 1) from error


def open_link(url: Url = None, token: Token = None, as_json: AsJson = False) -> None:
    """Print a one-time link that opens the UI in a browser."""
    with connect(url, token) as farm:
        link = farm.link()
    show_json({"link": link}) if as_json else out.print(link, markup=False, soft_wrap=True)


def enroll(
    url: Url = None,
    token: Token = None,
    pool: Annotated[str | None, typer.Option(help="Pool that the worker joins.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a one-time token that lets a worker in, and print the command for its box."""
    with connect(url, token) as farm:
        made = farm.enrol_token(pool)
        command = f"cinefarm worker --master {farm.url} --token {made}"
    show_json({"token": made, "command": command}) if as_json else out.print(command, markup=False, soft_wrap=True)


@tokens.command("add")
def add_token(
    name: Annotated[str, typer.Argument(help="Whose it is.")],
    url: Url = None,
    token: Token = None,
    state_dir: StateDir = None,
    as_json: AsJson = False,
) -> None:
    """Make an API token; it is shown only now. Works while the master is stopped, too."""
    try:
        with connect(url, token) as farm:
            made = farm.api_token(name)
    except FarmError as error:
        if error.status:
            raise
        made = _add_offline(name, state_dir)
    show_json({"name": name, "token": made}) if as_json else out.print(made, markup=False, soft_wrap=True)


def _add_offline(name: str, state_dir: Path | None) -> str:
    config, offline = load_part("master.config"), load_part("master.offline")
    try:
        return str(offline.add_api_token(read_settings(config.MasterSettings, {"state_dir": state_dir}), name))
    except offline.CannotStart as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(error.code) from error


def check_config() -> None:
    """Read every setting of master and worker and say what is wrong, without starting anything."""
    worker = load_part("worker.config")
    kinds = [load_part("master.config").MasterSettings, worker.WorkerSettings, worker.RemoteSettings, McpSettings]
    for kind in kinds:
        read_settings(kind, {})
    out.print("The settings are valid.", markup=False)


def read_settings(kind: Any, given: dict[str, Any]) -> Any:
    """Settings from the environment with what the command line gave. A bad value is one sentence, exit code 2."""
    if wrong := unknown_names(_known_names(), os.environ, Path(".env")):
        err.print("\n".join(wrong), markup=False)
        raise typer.Exit(2)
    try:
        return kind(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0])
            place = f"--{name.replace('_', '-')}" if given.get(name) is not None else _variable(kind, name)
            err.print(f"{place}: {problem['input']!r}: {problem['msg']}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from error


def _variable(kind: Any, name: str) -> str:
    """A setting with two names, ours and a vendor's, is told by the one that was used."""
    return name if name.isupper() else f"{kind.model_config['env_prefix']}{name.upper()}"


def _known_names() -> list[str]:
    """Every setting that an installed half of the product has."""
    kinds = [
        ("master.config", "MasterSettings"),
        ("worker.config", "WorkerSettings"),
        ("worker.config", "RemoteSettings"),
    ]
    names = [_variable(McpSettings, name) for name in McpSettings.model_fields]
    for module, kind in kinds:
        settings = getattr(load_part(module), kind)
        names += [_variable(settings, name) for name in settings.model_fields]
    return names


def start_log(verbose: bool) -> None:
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s %(message)s"
    )
    for noisy in ("httpx", "httpcore", "websockets", "asyncio", "PIL", "alembic", "mcp", "sse_starlette"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
