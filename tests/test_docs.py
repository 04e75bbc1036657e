"""
The documents are run: each fenced `sh` and `python` block, in order, in a new folder.

What stands behind `# =>` must appear in what its block prints, in that order, blanks apart; `…`
stands for something. A comment `<!-- not run: why -->` above a block leaves it out. Neighbouring
blocks of one language share a shell or an interpreter, so that they can build on each other.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

import tallystick

ROOT = Path(__file__).resolve().parent.parent
RUN = ("README.md", "docs/tutorial.md", "docs/tutorial-markets.md", "docs/tutorial-members.md")
LINKED = (*RUN, "docs/README.md", "docs/glossary.md", "docs/reference/values.md")
FENCE = re.compile(
    r"(<!-- not run: [^\n]+-->\n)?^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
EXPECTED = "# => "
END_OF_BLOCK = "=== end of block ==="


class Block(NamedTuple):
    """A fenced block that is run."""

    line: int
    language: str
    text: str

    @property
    def expected(self) -> list[str]:
        """What it should print, in order."""
        lines = self.text.splitlines()
        return [line.removeprefix(EXPECTED) for line in lines if line.startswith(EXPECTED)]


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the blocks of a document that are run."""
    for found in FENCE.finditer(text):
        if not found[1]:
            yield Block(text.count("\n", 0, found.start(2)) + 1, found[2], found[3])


def run(blocks: list[Block], folder: Path) -> tuple[list[str], str]:
    """Run blocks of one language in order, and return what each printed, and the whole."""
    if blocks[0].language == "sh":
        program, mark = ["bash", "-eu"], f"echo '{END_OF_BLOCK}'\n"
    else:
        program = [sys.executable, "-W", "error", "-"]
        mark = f"print({END_OF_BLOCK!r}, flush=True)\n"
    done = subprocess.run(
        program,
        input="".join(f"{block.text}\n{mark}" for block in blocks),
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    printed = done.stdout.split(f"{END_OF_BLOCK}\n")
    return printed[:-1], done.stdout


def environment(folder: Path) -> dict[str, str]:
    """Return an environment with this tree's `tally`, `./dev` and examples, and new secrets."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    if not (folder / "examples").exists():
        (folder / "examples").symlink_to(ROOT / "examples")
    for path, text in (
        (programs / "tally", f'exec "{sys.executable}" -m tallystick "$@"'),
        (programs / "python", f'exec "{sys.executable}" "$@"'),
        (folder / "dev", 'shift && exec "$@"'),
    ):
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TALLYSTICK_")}
    return {
        **kept,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(tallystick.__file__).parent.parent),
        "XDG_CONFIG_HOME": str(folder / "configuration"),
    }


def missing(expected: list[str], printed: str) -> list[str]:
    """Return the fragments that don't appear in what was printed after the one before."""
    rest, absent = " ".join(printed.split()), []
    for fragment in expected:
        pattern = re.escape(" ".join(fragment.split())).replace("…", r"\S.*?")
        found = re.search(pattern, rest)
        if found is None:
            absent.append(fragment)
        else:
            rest = rest[found.end() :]
    return absent


@pytest.mark.parametrize(
    "name", [*RUN[:2], *(pytest.param(each, marks=pytest.mark.slow) for each in RUN[2:])]
)
def test_a_document_does_what_it_says(name: str, tmp_path: Path) -> None:
    """Each block runs without an error, and prints what the document says that it prints."""
    blocks = list(blocks_of((ROOT / name).read_text(encoding="utf-8")))
    for _, group in groupby(blocks, key=lambda block: block.language):
        together = list(group)
        printed, whole = run(together, tmp_path)
        assert len(together) == len(printed), f"{name}: block {len(printed) + 1} fails:\n{whole}"
        absent = {
            f"{name}:{block.line}": fragments
            for block, output in zip(together, printed, strict=True)
            if (fragments := missing(block.expected, output))
        }
        assert {} == absent, whole


def test_the_tutorial_is_run_in_both_languages() -> None:
    """It has blocks of each, and most of them say what they print."""
    blocks = list(blocks_of((ROOT / "docs/tutorial.md").read_text(encoding="utf-8")))
    assert {"sh", "python"} == {block.language for block in blocks}
    assert len(blocks) // 2 < sum(1 for block in blocks if block.expected)


@pytest.mark.parametrize(
    ("expected", "printed", "absent"),
    [
        (["a 1"], "a    1\n", []),
        (["id_… is"], "id_07 is claimed", []),
        (["id_…"], "id_", ["id_…"]),
        (["one", "two"], "two one", ["two"]),
    ],
)
def test_fragments_are_looked_for_in_order(
    expected: list[str], printed: str, absent: list[str]
) -> None:
    """Blanks do not matter, order does, and an ellipsis is something."""
    assert absent == missing(expected, printed)


def test_a_block_that_is_not_run_says_why() -> None:
    """Only the comment right above a block leaves it out."""
    text = "<!-- not run: slow -->\n```sh\na\n```\n\n```sh\nb\n# => c\n```\n"
    (block,) = blocks_of(text)
    assert (6, "sh", ["c"]) == (block.line, block.language, block.expected)


@pytest.mark.parametrize("name", LINKED)
def test_links_lead_somewhere(name: str) -> None:
    """Every link of these documents to another file of this tree finds it."""
    path = ROOT / name
    targets = [each for each in LINK.findall(path.read_text(encoding="utf-8")) if ":" not in each]
    assert [] == [each for each in targets if not (path.parent / each).exists()]
