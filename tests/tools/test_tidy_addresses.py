"""Addresses of one machine or one package index are found wherever they are committed."""

import subprocess
from pathlib import Path

import pytest

from tools.tidy import problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://mirror.example/" + "simple/lmdb", "the address of a package index"),
        ("https://py" + "pi.org/project/lmdb", "the address of a package index"),
        ("https://files." + "pythonhosted.org/lmdb.whl", "the address of a package index"),
        ("--extra-" + "index-url x", "the address of a package index"),
        ("see /roo" + "t/notes.txt", "a path of somebody's machine"),
        ("see /wo" + "rk/main", "a path of somebody's machine"),
        ("see /Us" + "ers/me/x", "a path of somebody's machine"),
    ],
)
def test_addresses_of_one_machine_are_found(tmp_path: Path, text: str, expected: str) -> None:
    """Whatever is committed makes sense to everybody."""
    (tmp_path / "a.md").write_text(f"First line\n{text}\n")
    (found,) = problems(tmp_path)
    assert found.startswith("a.md:2: ")
    assert found.endswith(f" is {expected}")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/work/of/art",
        "pip-compile --no-emit-" + "index-url",
        "the state root/leaf, GET /blocks/1",
        "PIP_INDEX" + "_URL=…",
    ],
)
def test_other_addresses_are_left_alone(tmp_path: Path, text: str) -> None:
    """A link or a route is no path of a machine."""
    (tmp_path / "a.md").write_text(f"{text}\n")
    assert [] == problems(tmp_path)


def test_what_git_ignores_is_not_searched(tmp_path: Path) -> None:
    """A file that can't be committed may say what it likes; bytes are no text."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("/private.md\n")
    (tmp_path / "private.md").write_text("see /roo" + "t/x\n")
    (tmp_path / "picture.png").write_bytes(b"\xff\xfe" + b"/roo" + b"t/x")
    assert [] == problems(tmp_path)
