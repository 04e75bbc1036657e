"""
Make the environment that every `./dev` verb works in.

`./dev` starts this with the interpreter it found, and only where the environment is missing or out
of date. So this module runs before anything is installed: it may import the standard library only.
The file `stamp` in the environment says what it was made from; it is written last, so that an
interrupted run leaves an environment that is made again.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path("requirements", "dev.lock")

NO_VENV = """\
This Python ({python}) can't make an environment: it lacks `ensurepip`, and there is neither
`pip` nor `virtualenv` to help it. Install one of them, then start again:
  Debian, Ubuntu:  sudo apt install python{version}-venv
  elsewhere:       a Python that has its whole standard library"""

NO_PACKAGES = """\
The packages of requirements/dev.lock could not be installed; what pip says stands above.
If it finds no version that fits: there are wheels for Python 3.11 to 3.13 on Linux and macOS.
On a closed network, tell pip where a mirror or a folder of wheels is:
  PIP_INDEX_URL=…                          a mirror of the package index
  PIP_NO_INDEX=1 PIP_FIND_LINKS=/a/folder  files fetched elsewhere with `pip download`"""


class UnavailableError(Exception):
    """Something outside this tree is missing; the message says what to do."""


def stamp_of(root: Path) -> str:
    """Return what an environment made now is made from: this place and these two files."""
    lock = (root / LOCK).read_text(encoding="utf-8")
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    return f"{root}\n{lock}{project}"


def outdated(root: Path, environment: Path) -> str:
    """
    Return what must be done: `"all"`, `"project"`, `"stamp"`, or nothing.

    The settings of ruff or pytest live in pyproject.toml too. Whoever edits them should not wait
    for an installation, nor lose the environment that other commands are running in.
    """
    path = environment / "stamp"
    if not path.exists() or not (environment / "bin" / "python").exists():
        return "all"
    old, new = path.read_text(encoding="utf-8"), stamp_of(root)
    if old == new:
        return ""
    made_from = f"{root}\n" + (root / LOCK).read_text(encoding="utf-8")
    if not old.startswith(made_from):
        return "all"
    before, after = (installed_part(text.removeprefix(made_from)) for text in (old, new))
    return "stamp" if before == after else "project"


def installed_part(pyproject: str) -> object:
    """Return the part of a pyproject.toml that decides what an installation looks like."""
    try:
        tables = tomllib.loads(pyproject)
    except tomllib.TOMLDecodeError:
        return None
    built = tables.get("tool", {}).get("setuptools")
    return [tables.get("build-system"), tables.get("project"), built]


@contextmanager
def alone(root: Path) -> Iterator[int]:
    """
    Wait until nobody else makes an environment here, and yield the lock that keeps it so.

    The system releases the lock when its last holder ends, however it ends. pip inherits it, so
    that a pip which survives us is waited for.
    """
    with (root / LOCK).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another ./dev to finish its installation …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def create(environment: Path) -> list[str]:
    """Create an empty environment and return the command that is its pip."""
    shutil.rmtree(environment, ignore_errors=True)
    python = interpreter()
    own_pip = [str(environment / "bin" / "python"), "-m", "pip"]
    if succeeds(python, "-m", "venv", str(environment)):
        return own_pip
    shutil.rmtree(environment, ignore_errors=True)
    if succeeds(python, "-m", "pip", "--python", python, "--version"):
        run(python, "-m", "venv", "--without-pip", str(environment))
        return [python, "-m", "pip", "--python", str(environment / "bin" / "python")]
    if succeeds(python, "-m", "virtualenv", str(environment)):
        return own_pip
    shutil.rmtree(environment, ignore_errors=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise UnavailableError(NO_VENV.format(python=python, version=version))


def interpreter() -> str:
    """
    Return the interpreter's own file rather than a link such as `/usr/bin/python3`.

    An upgrade of the system turns such a link to another version; it removes the file.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    path = Path(sys.base_prefix, "bin", version)
    return str(path) if path.exists() else sys.executable


def install(pip: list[str], *arguments: str, lock: int) -> None:
    """Run `pip install` with nothing on its standard output and without personal settings."""
    personal = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    variables = {name: value for name, value in os.environ.items() if name not in personal}
    variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    command = [*pip, "install", "--quiet", *arguments]
    done = subprocess.run(command, env=variables, stdout=2, pass_fds=[lock], check=False)
    if done.returncode:
        raise UnavailableError(NO_PACKAGES)


def install_project(pip: list[str], root: Path, *, lock: int) -> None:
    """Install Tallystick itself so that an edit of the source takes effect at once."""
    offline = ["--no-deps", "--no-build-isolation", "--no-index"]
    install(pip, *offline, "--editable", str(root), lock=lock)


def succeeds(*command: str) -> bool:
    """Return whether the command works, and keep to yourself what it says."""
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode == 0


def run(*command: str) -> None:
    """Run a command that has no reason to fail."""
    subprocess.run(command, stdout=2, check=True)


def say(message: str) -> None:
    """Tell a person; standard output belongs to the verb that follows."""
    print(message, file=sys.stderr, flush=True)


def make(root: Path, environment: Path) -> None:
    """Bring the environment up to date, alone."""
    with alone(root) as lock:
        work = outdated(root, environment)
        if not work:
            return
        if work == "all":
            version = ".".join(map(str, sys.version_info[:3]))
            say(
                f"Making {environment.name} with Python {version}; this takes about a minute, once."
            )
            (environment / "stamp").unlink(missing_ok=True)
            pip = create(environment)
            install(pip, "--require-hashes", "--requirement", str(root / LOCK), lock=lock)
            install_project(pip, root, lock=lock)
        elif work == "project":
            say("pyproject.toml has changed: installing Tallystick again.")
            (environment / "stamp").unlink()
            install_project(pip_of(environment), root, lock=lock)
        (environment / "stamp").write_text(stamp_of(root), encoding="utf-8")


def pip_of(environment: Path) -> list[str]:
    """Return the pip that serves an environment which exists: its own or this interpreter's."""
    python = str(environment / "bin" / "python")
    if succeeds(python, "-m", "pip", "--version"):
        return [python, "-m", "pip"]
    return [interpreter(), "-m", "pip", "--python", python]


def main() -> int:
    """Make the environment that is named on the command line."""
    try:
        make(ROOT, Path(sys.argv[1]))
    except UnavailableError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next ./dev begins again.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
