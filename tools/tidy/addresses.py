"""Nothing that is committed may point at the machine, or the index, that it was made with."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .source import Problem

FORBIDDEN = {
    "the address of a package index": re.compile(
        r"https?://\S*/simple\b|\bpypi\.(?:org|python)|files\.pythonhosted"
        r"|(?<![\w-])--(?:(?:extra-)?index-url|find-links|trusted-host)\b"
    ),
    "a path of somebody's machine": re.compile(
        r"(?<![\w.~:/\\-])/(?:root|work|home|Users)/[\w.]|\.pyenv/versions/\d"
    ),
}


def check_addresses(text: str) -> Iterator[Problem]:
    """Yield addresses and paths that mean something to one person only."""
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, f"{match.group()} is {what}"


def committed(root: Path) -> list[Path]:
    """
    Return what git holds or would hold.

    Where there is no git, as in an unpacked archive, that is everything outside hidden folders.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        paths = [p for p in root.rglob("*") if not hidden(p.relative_to(root))]
    else:
        paths = [root / name for name in listed.decode().split("\0") if name]
    return sorted(path for path in paths if path.is_file())


def hidden(path: Path) -> bool:
    """Return whether a path lies in a folder that tools keep for themselves."""
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts[:-1])


def text_of(path: Path) -> str:
    """Return what a file says, or nothing if it isn't text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
