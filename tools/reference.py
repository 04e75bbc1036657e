"""
Write the reference pages from what contracts, errors and the command line declare.

Whatever a declaration says is taken from there, so no page falls behind the code. What it leaves
out (a field without its docstring, an option without its help) is reported, because then there is
nothing to write.

Without arguments the pages in `docs/reference` are written. With `--check` nothing is written, and
a page that is out of date is reported too.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from tallystick.cli.main import build
from tallystick.cli.options import field_docstrings
from tallystick.contracts import CONTRACTS
from tallystick.core.contract import Contract

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # A file that is run as a program doesn't find its neighbours.

from tools.reference_fields import docstring, structs_within  # noqa: E402
from tools.reference_pages import (  # noqa: E402
    MADE,
    cli_page,
    contract_page,
    declared,
    errors_page,
    options,
    page,
)

FOLDER = "docs/reference"
NO_PROSE = ("#", "|", "<", "```")
SENTENCE = re.compile(r".+?[.](?=\s|\Z)", re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages, and print everything that nobody has documented."""
    if set(arguments) - {"--check"}:
        print("usage: python tools/reference.py [--check]", file=sys.stderr)
        return 2
    folder, group = ROOT / FOLDER, build()
    wanted = pages(folder, CONTRACTS, group)
    problems = [*undocumented(CONTRACTS), *undocumented_options(group)]
    if arguments:
        problems += out_of_date(folder, wanted)
    else:
        write(folder, wanted)
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


def pages(folder: Path, contracts: Sequence[Contract], group: click.Group) -> dict[str, str]:
    """Return the text of every page by its path below the folder."""
    made = {f"contracts/{each.name}.md": contract_page(each) for each in contracts}
    made |= {"cli.md": cli_page(group, contracts), "errors.md": errors_page(contracts)}
    return made | {"README.md": index_page(folder, made)}


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    """Make the folder hold the pages, and none of a contract that is gone."""
    for name in _superfluous(folder, wanted):
        (folder / name).unlink()
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def out_of_date(folder: Path, wanted: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each page that is not as it would be written now."""
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{FOLDER}/{name}: out of date, run `./dev docs`"
    for name in _superfluous(folder, wanted):
        yield f"{FOLDER}/{name}: there is no such contract, run `./dev docs`"


def undocumented(contracts: Iterable[Contract]) -> Iterator[str]:
    """Yield a line for each part of a contract without its docstring."""
    for contract in contracts:
        kinds = structs_within(declared(contract))
        functions: list[Any] = [*contract.commands.values(), *contract.views.values()]
        named = [*functions, *contract.rejections, *kinds]
        found = [each.__name__ for each in named if not docstring(each)]
        for kind in kinds:
            if issubclass(kind, msgspec.Struct):
                known = field_docstrings(kind)
                fields = kind.__struct_fields__
                found += [f"{kind.__name__}.{name}" for name in fields if not known.get(name)]
        yield from (f"{contract.name}: {name} has no docstring" for name in found)


def undocumented_options(command: click.Command, path: str = "tally") -> Iterator[str]:
    """Yield a line for each subcommand or option without its help."""
    if not command.help:
        yield f"{path}: it has no help"
    for option in options(command):
        if not option.help:
            yield f"{path}: option {option.opts[-1]} has no help"
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from undocumented_options(each, f"{path} {name}")


def index_page(folder: Path, made: Mapping[str, str]) -> str:
    """Return the page that leads to all others, those that people wrote among them."""
    by_hand = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*.md"))
        if path.name != "README.md" and path.name not in made
    }
    return page(
        "# Reference",
        "For looking things up. What they are for is told in the READMEs of the contracts.",
        "## Made from the source",
        "\n".join(_entry(name, text) for name, text in made.items()),
        "## Formats and interfaces",
        "\n".join(_entry(name, text) for name, text in by_hand.items()),
    )


def _entry(name: str, text: str) -> str:
    """Return the line that leads to a page: its title, and its first sentence."""
    title, *paragraphs = text.replace(f"{MADE}\n\n", "").strip().split("\n\n")
    prose = [each.strip() for each in paragraphs if not each.startswith(NO_PROSE)]
    found = SENTENCE.match("".join(prose[:1]))
    about = " ".join(found[0].split()) if found else ""
    return f"- [{title.removeprefix('# ')}]({name}): {about}"


def _superfluous(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Return the pages of contracts that are not in force."""
    found = (path.relative_to(folder).as_posix() for path in (folder / "contracts").glob("*.md"))
    return sorted(name for name in found if name not in wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
