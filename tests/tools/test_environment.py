"""The environment is made when it has to be, by whoever comes first, and says what it lacks."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment

PROJECT = '[project]\nname = "x"\nversion = "1"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with an environment that was completed."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / environment.LOCK).write_text("lmdb==1.0\n")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / ".venv" / "stamp").write_text(environment.stamp_of(tmp_path))
    return tmp_path


def test_a_complete_environment_needs_nothing(root: Path) -> None:
    """What was made from the present files is up to date."""
    assert "" == environment.outdated(root, root / ".venv")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("requirements/dev.lock", "lmdb==2.0\n", "all"),
        ("requirements/dev.lock", "lmdb==1.0\nclick==8.0\n", "all"),
        ("pyproject.toml", PROJECT.replace("1", "2"), "project"),
        ("pyproject.toml", PROJECT + '[build-system]\nrequires = ["a"]\n', "project"),
        ("pyproject.toml", "not TOML", "project"),
        ("pyproject.toml", PROJECT + "[tool.ruff]\nline-length = 90\n", "stamp"),
    ],
)
def test_a_change_costs_no_more_than_it_must(
    root: Path, path: str, text: str, expected: str
) -> None:
    """Other versions are a new environment; the settings of a tool are nothing to install."""
    (root / path).write_text(text)
    assert expected == environment.outdated(root, root / ".venv")


def test_an_interrupted_installation_begins_again(root: Path) -> None:
    """The stamp is written last, so without it nothing is believed."""
    (root / ".venv" / "stamp").unlink()
    assert "all" == environment.outdated(root, root / ".venv")


def test_an_interpreter_that_is_gone_is_replaced(root: Path) -> None:
    """An upgrade of the system can take away what the environment stands on."""
    python = root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(root / "gone")
    assert "all" == environment.outdated(root, root / ".venv")


def test_a_moved_checkout_gets_a_new_environment(root: Path, tmp_path: Path) -> None:
    """Programs in an environment begin with its absolute path."""
    moved = tmp_path.with_name("moved")
    root.rename(moved)
    assert "all" == environment.outdated(moved, moved / ".venv")


def test_only_one_makes_an_environment(root: Path) -> None:
    """While one holds the lock no other gets it, and a child may keep it."""
    with environment.alone(root) as lock, (root / environment.LOCK).open("rb") as other:
        assert lock > 2
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (root / environment.LOCK).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert not other.closed


def test_a_setting_of_a_tool_only_renews_the_stamp(root: Path) -> None:
    """Nothing is installed, so nothing is needed from the network."""
    with (root / "pyproject.toml").open("a") as file:
        file.write("[tool.ruff]\nline-length = 90\n")
    environment.make(root, root / ".venv")
    assert "" == environment.outdated(root, root / ".venv")


def test_a_python_without_means_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian keeps `ensurepip` in a package of its own, and its name is in the message."""
    monkeypatch.setattr(environment, "succeeds", lambda *_: False)
    with pytest.raises(environment.UnavailableError) as error:
        environment.create(tmp_path / ".venv")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt install python{version}-venv" in str(error.value)


def test_pip_from_outside_stands_in_for_a_missing_ensurepip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only `venv` with pip fails, an environment without pip is served by the outer one."""
    monkeypatch.setattr(environment, "succeeds", lambda *command: "--python" in command)
    pip = environment.create(tmp_path / ".venv")
    python = str(tmp_path / ".venv" / "bin" / "python")
    assert [environment.interpreter(), "-m", "pip", "--python", python] == pip
    done = subprocess.run([python, "-c", "print(1)"], capture_output=True, check=True)
    assert b"1\n" == done.stdout


def test_a_closed_network_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pip that fails is explained, and personal settings are not passed on to it."""
    script = tmp_path / "pip"
    script.write_text('#!/bin/sh\n[ -z "$PIP_USER" ]\nexit $((1 - $?))\n')
    script.chmod(0o755)
    monkeypatch.setenv("PIP_USER", "1")
    with pytest.raises(environment.UnavailableError) as error:
        environment.install([str(script)], lock=2)
    assert "On a closed network" in str(error.value)
