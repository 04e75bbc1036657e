"""`./dev` finds a Python that works, and does no more than start where all is ready."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).resolve().parent.parent.parent
VERBS = ("demo", "test", "check", "fix", "bench", "docs", "run")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose environment is ready and holds one program."""
    root = tmp_path / "check out"
    (root / "requirements").mkdir(parents=True)
    for name in ("dev", "pyproject.toml", "requirements/dev.lock"):
        shutil.copy(ROOT / name, root / name)
    make_ready(root, ".venv")
    return root


def make_ready(root: Path, name: str) -> None:
    """Put an environment there that `./dev` takes for complete."""
    folder = root / name / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    program(folder / "whereabouts", 'echo "$VIRTUAL_ENV|$PWD|$*"')
    (root / name / "stamp").write_text(environment.stamp_of(root))


def program(path: Path, line: str) -> None:
    """Write a shell script."""
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def dev(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `./dev` from another folder than its own."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TALLYSTICK_")}
    return subprocess.run(
        [root / "dev", *arguments],
        capture_output=True,
        check=False,
        text=True,
        cwd=root.parent,
        env=inherited | variables,
    )


def test_help_names_every_verb(root: Path) -> None:
    """Without a verb, too, `./dev` says what there is, and needs no environment for it."""
    shutil.rmtree(root / ".venv")
    done = dev(root)
    assert (0, "") == (done.returncode, done.stderr)
    assert [] == [verb for verb in VERBS if f"\n  {verb} " not in done.stdout]


def test_an_unknown_verb_is_refused(root: Path) -> None:
    """A misspelt verb gets the list and an exit code of its own."""
    done = dev(root, "tset")
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("There is no verb tset.")


def test_run_works_inside_the_environment_and_where_you_are(root: Path) -> None:
    """The command, its arguments and the folder are yours; the programs are the environment's."""
    done = dev(root, "run", "whereabouts", "a b", "c")
    assert "" == done.stderr
    assert f"{root}/.venv|{root.parent}|a b c\n" == done.stdout


def test_run_passes_the_exit_code_on(root: Path) -> None:
    """A failing command fails."""
    assert 7 == dev(root, "run", "sh", "-c", "exit 7").returncode


def test_a_python_of_your_own_has_an_environment_of_its_own(root: Path) -> None:
    """TALLYSTICK_PYTHON doesn't touch `.venv`."""
    name = f".venv-{sys.version_info.major}.{sys.version_info.minor}"
    make_ready(root, name)
    done = dev(root, "run", "whereabouts", TALLYSTICK_PYTHON=sys.executable)
    assert f"{root}/{name}|{root.parent}|\n" == done.stdout


def test_a_python_of_your_own_that_does_not_run_is_named(root: Path) -> None:
    """No other Python is taken in its place."""
    done = dev(root, "run", "true", TALLYSTICK_PYTHON="/nowhere/python")
    assert 1 == done.returncode
    assert "TALLYSTICK_PYTHON is /nowhere/python, which doesn't run.\n" == done.stderr


def test_a_python_that_is_too_old_is_named(root: Path, tmp_path: Path) -> None:
    """3.9 comes after 3.11 in the alphabet only."""
    program(tmp_path / "python3.9", "echo 3.9")
    done = dev(root, "run", "true", TALLYSTICK_PYTHON=str(tmp_path / "python3.9"))
    assert 1 == done.returncode
    assert done.stderr.startswith("TALLYSTICK_PYTHON is Python 3.9;")


def test_a_python_that_is_on_the_path_but_fails_is_passed_over(root: Path, tmp_path: Path) -> None:
    """A shim of a version that isn't installed exits with an error; the next candidate is tried."""
    (root / ".venv" / "stamp").unlink()
    shims = tmp_path / "shims"
    shims.mkdir()
    program(shims / "python3", "exit 127")
    program(shims / "python3.13", '[ "$1" = -c ] && echo 3.13 || echo "made by $0" >&2')
    done = dev(root, "run", "true", PATH=f"{shims}:{os.environ['PATH']}")
    assert (0, f"made by {shims}/python3.13\n") == (done.returncode, done.stderr)
