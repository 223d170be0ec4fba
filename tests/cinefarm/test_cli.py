"""The command line: help, refusals as sentences, exit codes."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import free_port
from typer.testing import CliRunner, Result

from cinefarm.cli import app
from master.config import MasterSettings
from master.startup import prepared
from worker.config import WorkerSettings

COMMANDS = [
    "master",
    "worker",
    "open",
    "enroll",
    "token add",
    "check-config",
    "project list",
    "project create",
    "project show",
    "project delete",
    "project restore",
    "import",
    "export",
    "submit",
    "jobs",
    "job show",
    "job log",
    "job cancel",
    "job retry",
    "explain",
    "forecast",
    "workers",
    "pause",
    "drain",
    "resume",
    "demo",
    "doctor",
]


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine, and a folder of its own."""
    for name in list(os.environ):
        if name.startswith("CINEFARM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def said(result: Result) -> str:
    return " ".join((result.stderr or result.output).replace("│", " ").split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """That says what it does."""
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert len(result.output.splitlines()) > 4


def test_without_a_command_it_shows_them() -> None:
    """Rather than nothing."""
    assert "doctor" in run().output
    assert run("--version").output.strip()


def test_doctor_says_what_is_there_and_how_to_mend_the_rest() -> None:
    """As JSON: what, state, found, mend; the exit code tells whether something necessary is lacking."""
    result = run("doctor", "--json", "--comfy", "http://127.0.0.1:1")
    findings = json.loads(result.stdout)
    assert {finding["what"] for finding in findings} >= {"Python", "SQLite", "ffmpeg", "OpenCV", "GPU", "Disk", "Port"}
    assert all(set(finding) == {"what", "state", "found", "mend"} for finding in findings)
    assert all(finding["mend"] for finding in findings if finding["state"] == "lacking")
    assert result.exit_code == int(any(finding["state"] == "lacking" for finding in findings))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("project create DEMO Demo --fps fast", "“fast” is not a frame rate"),
        ("project create DEMO Demo --size big", "“big” is not a size; write e.g. 1920x1080"),
        ("workers --master farm.local", "“farm.local” is not an address"),
        ("worker --master farm.local", "“farm.local” is not an address"),
        ("worker --name a/b", "--name"),
        ("master --port 0", "--port"),
        ("master --lease-s -1", "--lease-s"),
        ("submit DEMO text_to_image/storyboard --priority 101", "priority"),
        ("jobs --status gone", "gone"),
        ("import DEMO none.xlsx", "does not exist"),
    ],
)
def test_a_bad_option_is_one_sentence(words: str, sentence: str) -> None:
    """With the option and its value, and exit code 2."""
    result = run(*words.split())
    assert result.exit_code == 2, result.output
    assert sentence in said(result)
    assert "Traceback" not in said(result)


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("CINEFARM_PORT", "many", "master"),
        ("CINEFARM_LEASE_S", "nan", "master"),
        ("CINEFARM_WORKER_MASTER", "farm.local", "worker"),
        ("CINEFARM_WORKER_DRAIN_S", "-1", "worker"),
        ("CINEFARM_PROT", "8001", "master"),
    ],
)
def test_a_bad_setting_in_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, command: str
) -> None:
    """By its name there, also when it is only misspelt."""
    monkeypatch.setenv(name, value)
    result = run(command)
    assert result.exit_code == 2, result.output
    assert name in said(result)


def test_lists_in_the_environment_have_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """As people write them."""
    monkeypatch.setenv("CINEFARM_ALLOWED_HOSTS", "farm.local, farm:8000")
    monkeypatch.setenv("CINEFARM_WORKER_DEVICE", "cpu,cuda:0")
    assert MasterSettings(_env_file=None).allowed_hosts == ["farm.local", "farm:8000"]
    assert WorkerSettings(_env_file=None).device == ["cpu", "cuda:0"]


def test_a_master_that_is_not_there_is_one_sentence() -> None:
    """On standard error, with exit code 1."""
    code = f"import sys; sys.argv = ['cinefarm', 'jobs', '--master', 'http://127.0.0.1:{free_port()}']"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; from cinefarm.cli import main; main()"],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 1
    assert "Is the master running?" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root}


def test_a_wide_address_needs_tokens(tmp_path: Path) -> None:
    """Refused with the remedy; the remedy works while no master runs; then the master starts."""
    port = str(free_port())
    wide = ["master", "--host", "0.0.0.0", "--port", port, "--state-dir", str(tmp_path / "state")]
    refused = run(*wide)
    assert refused.exit_code == 6
    assert "cinefarm token add" in said(refused)
    token = run("token", "add", "mina", "--master", f"http://127.0.0.1:{port}", "--state-dir", str(tmp_path / "state"))
    assert token.exit_code == 0, token.output
    assert token.stdout.strip().startswith("cf_")
    started = subprocess.Popen(
        [sys.executable, "-m", "cinefarm", *wide], stdout=subprocess.PIPE, text=True, env=environment(), cwd=tmp_path
    )
    try:
        assert started.stdout
        assert started.stdout.readline().startswith("Open http://127.0.0.1:")
        second = run("master", "--port", str(free_port()), "--state-dir", str(tmp_path / "state"))
        assert second.exit_code == 4
        assert "Another master uses" in said(second)
    finally:
        started.terminate()
        started.wait(20)
        assert started.stdout
        started.stdout.close()


def test_a_token_for_a_running_master_elsewhere_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Its state folder is in use though its address was not found."""
    settings = MasterSettings(_env_file=None, state_dir=tmp_path / "state")
    with prepared(settings):
        words = ["token", "add", "mina", "--master", f"http://127.0.0.1:{free_port()}"]
        result = run(*words, "--state-dir", str(tmp_path / "state"))
    assert result.exit_code == 4
    assert "Another master uses" in said(result)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_taken_port_is_said(taken: int) -> None:
    """With the option that chooses another."""
    result = run("master", "--port", str(taken))
    assert result.exit_code == 3
    assert f"127.0.0.1:{taken}" in said(result)
    assert "--port" in said(result)


@pytest.mark.parametrize("broken", ["a file", "readable by others"])
def test_a_state_folder_that_is_not_fit_is_said(tmp_path: Path, broken: str) -> None:
    """Before anything is written."""
    state = tmp_path / "state"
    if broken == "a file":
        state.write_text("x")
    else:
        state.mkdir()
        (state / "secret").write_text("secret")
        (state / "secret").chmod(0o644)
    result = run("master", "--port", str(free_port()), "--state-dir", str(state))
    assert result.exit_code in (2, 5)
    assert str(state) in said(result).replace(" ", "") or "state" in said(result)
    assert "Traceback" not in said(result)


def test_an_unknown_device_is_a_bad_option(tmp_path: Path) -> None:
    """With those there are."""
    result = run("worker", "--device", "tpu:0", "--state-dir", str(tmp_path / "worker"))
    assert result.exit_code == 2
    assert "no device “tpu:0” here; there are" in said(result)


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("CINEFARM_RUNWAY_KEY", "a-key", 0, "valid"),
        ("CINEFARM_KLING_BASE_URL", "http://127.0.0.1:9", 0, "valid"),
        ("CINEFARM_LLM_BASE_URL", "http://127.0.0.1:11434/v1", 0, "valid"),
        ("CINEFARM_REMOTE_POLL_S", "often", 2, "CINEFARM_REMOTE_POLL_S: 'often'"),
        ("CINEFARM_RUNWAY_KEYS", "a-key", 2, "did you mean CINEFARM_RUNWAY_KEY?"),
    ],
)
def test_settings_are_checked_by_name_and_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, code: int, words: str
) -> None:
    """Those of master, worker and of the services a worker buys from."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    result = run("check-config")
    assert (result.exit_code, words in said(result)) == (code, True), said(result)
