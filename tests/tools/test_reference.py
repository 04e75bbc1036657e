"""The reference pages say what the source says, and whatever the source leaves out is named."""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import click
import msgspec
import pytest

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.cli.errors import EXIT_CODES
from tallystick.cli.main import build
from tallystick.contracts import CONTRACTS
from tallystick.core import errors
from tallystick.core.context import Context
from tallystick.core.contract import Contract, Reader
from tallystick.core.errors import Rejected
from tallystick.core.invariant import Invariant
from tools import reference
from tools.reference import out_of_date, pages, undocumented, undocumented_options, write
from tools.reference_fields import bounds_of, docstring, table, type_of
from tools.reference_pages import MADE, cli_page, contract_page, errors_page

LINK = re.compile(r"\]\(([^)#]*)(#[^)]*)?\)")


class Colour(Enum):
    """What a stick looks like."""

    RED = "red"
    """Like a rose."""

    BLUE = "blue"
    """Like the sky."""


class Size(Enum):
    """How long a stick is."""

    SHORT = "short"
    LONG = "long"


class Notch(Record):
    """One cut."""

    depth_mm: Annotated[int, msgspec.Meta(ge=1, le=9)]
    """How deep. [mm]"""


class Carve(Record, tag="stick.carve"):
    """Cut a stick."""

    stick: RecordId
    """Which."""

    notches: Annotated[tuple[Notch, ...], msgspec.Meta(min_length=1, max_length=4)]
    """What to cut, or
    nothing | all."""

    colour: Colour | None
    """Painted how."""


class Show(Record, tag="stick.show"):
    """Show a stick."""

    stick: RecordId
    """Which."""


class StickView(msgspec.Struct, frozen=True):
    """A stick as it is."""

    size: Size
    """How long it is."""


class Parameters(Record, tag="stick-parameters"):
    """What sticks are like here."""

    length_mm: Annotated[int, msgspec.Meta(le=5_000)] = 1_500
    """How long they are. [mm]"""

    sizes: tuple[Size, ...] = (Size.SHORT, Size.LONG)
    """What there is."""

    name: str = "oak"
    """Of what they are made."""

    spare: Notch | None = None
    """What is cut already."""

    marked: bool = False
    """Whether they are marked."""

    first: Notch = Notch(2)
    """What is cut to begin with."""


class StickBroken(Rejected):
    """A broken stick cannot be cut."""

    contract = "stick"
    code = 7


def carve(_context: Context, _command: Carve) -> None:
    """
    Cut a stick.

    Wood is patient.
    """


def show(_reader: Reader, _question: Show) -> StickView:
    """Return a stick."""
    return StickView(Size.LONG)


STICK = Contract(
    name="stick",
    requires=("identity",),
    records=(),
    commands={Carve: carve},
    views={Show: show},
    rejections=(StickBroken,),
    parameters=Parameters,
    invariants=(
        Invariant("a cut stays", lambda _changes: ()),
        Invariant("It has an end.", lambda _changes: ()),
    ),
)


class _Mute(Record, tag="mute.do"):
    stick: RecordId


class _MuteView(msgspec.Struct, frozen=True):
    size: Size


class _MuteRejected(Rejected):
    code = 1


def _mute(_context: Any, _command: Any) -> None:
    pass


def mute_view(_reader: Any, _question: Any) -> _MuteView:
    """Return nothing that anybody would understand."""
    return _MuteView(Size.LONG)


MUTE = Contract(
    name="mute",
    records=(),
    commands={_Mute: _mute},
    views={Show: mute_view},
    rejections=(_MuteRejected,),
    parameters=Parameters,
)


def toy_group() -> click.Group:
    """Return a command line with everything that options can be."""
    cut = click.Command(
        "cut",
        help="Cut FILE.\n\n    Twice.\f Not for the page.",
        params=[
            click.Argument(["file"]),
            click.Option(["--depth", "-d"], type=int, default=3, show_default=True, help="Deep."),
            click.Option(["--dry/--wet"], default=True, show_default=True, help="How."),
            click.Option(["--colour"], type=click.Choice(["red", "blue"]), help="Paint | none."),
            click.Option(["--part"], multiple=True, required=True, metavar="A:B", help="Parts."),
            click.Option(["--secret"], hidden=True),
        ],
    )
    stick = click.Group("stick", help="About sticks.", commands={"cut": cut})
    return click.Group("tally", help="All.", commands={"stick": stick})


def test_a_contract_is_described_whole() -> None:
    """Commands, rejections, views with their answers, parameters, parts and invariants."""
    text = contract_page(STICK)
    expected = [
        "# stick\n",
        MADE,
        "built on [identity](identity.md)",
        "### `stick.carve`\n\nCut a stick.\n\nWood is patient.\n\n",
        "| field | type | bounds | meaning |\n|---|---|---|---|\n| `stick` | id | | Which. |\n",
        "| list of [`Notch`](#notch) | 1 to 4 entries | What to cut, or nothing \\| all. |\n",
        "| `colour` | [`Colour`](#colour), or nothing | | Painted how. |\n",
        "On the command line: [`tally stick carve`](../cli.md#tally-stick-carve).",
        "| 7 | `StickBroken` | A broken stick cannot be cut. |",
        "### `stick.show`\n\nShow a stick.\n\n| field | type | meaning |",
        "#### `StickView`\n\nA stick as it is.\n\n",
        "| `size` | `short` or `long` | How long it is. |",
        "| field | type | bounds | unit | default | meaning |",
        "| `length_mm` | whole number | at most 5,000 | mm | 1,500 | How long they are. |",
        "| `sizes` | list of `short` or `long` | | | `short`, `long` | What there is. |",
        "| `name` | text | | | `oak` | Of what they are made. |",
        "| `spare` | [`Notch`](#notch), or nothing | | | nothing | What is cut already. |",
        "| `marked` | true or false | | | false | Whether they are marked. |",
        '| `first` | [`Notch`](#notch) | | | `{"depth_mm": 2}` | What is cut to begin with. |',
        "### `Colour`\n\nWhat a stick looks like.\n\n| value | meaning |",
        "| `red` | Like a rose. |",
        "### `Notch`\n\nOne cut.\n\n",
        "| `depth_mm` | whole number | 1 to 9 | mm | How deep. |",
        "- A cut stays.\n- It has an end.\n",
    ]
    assert [] == [each for each in expected if each not in text]
    places = [text.index(each) for each in expected]
    assert sorted(places) == places
    assert "### `Size`" not in text


@pytest.mark.parametrize(
    ("hint", "kind", "bounds"),
    [
        (RecordId, "id", ""),
        (PublicKey | None, "public key, or nothing", ""),
        (tuple[LockId, ...], "list of lock ids", ""),
        (Hash, "bytes", "32 bytes"),
        (tuple[Hash, ...], "list of bytes", "each 32 bytes"),
        (tuple[tuple[bytes, ...], ...], "list of lists of bytes", ""),
        (Seconds, "time", ""),
        (Milliseconds, "time", ""),
        (Amount, "whole number", "0 to 2⁵³ − 1"),
        (Annotated[int, msgspec.Meta(ge=2)], "whole number", "at least 2"),
        (bool, "true or false", ""),
        (Annotated[str, msgspec.Meta(max_length=8)], "text", "at most 8 characters"),
        (
            Annotated[str, msgspec.Meta(min_length=1, max_length=8, pattern=r"^[a-z]+\Z")],
            "text",
            "1 to 8 characters, `[a-z]+`",
        ),
        (
            Annotated[tuple[Amount, ...], msgspec.Meta(max_length=2_048)],
            "list of whole numbers",
            "at most 2,048 entries, each 0 to 2⁵³ − 1",
        ),
        (Size, "`short` or `long`", ""),
        (Colour | None, "[`Colour`](#colour), or nothing", ""),
        (tuple[Notch, ...], "list of [`Notch`](#notch)", ""),
    ],
)
def test_types_and_bounds(hint: Any, kind: str, bounds: str) -> None:
    """A field's type is named as people name it, with the bounds that decoding enforces."""
    assert (kind, bounds) == (type_of(hint), bounds_of(hint))


def test_empty_columns_are_left_out() -> None:
    """A table has the columns in which something stands, and its cells are one line each."""
    expected = "| a | c |\n|---|---|\n| 1 | x \\| y |\n| 2 | |"
    assert expected == table(("a", "b", "c"), [("1", "", "x |\n y"), ("2", "", "")])


def test_a_command_line_is_described_whole() -> None:
    """Every subcommand has its help, its usage and its options, and a contract's its page."""
    text = cli_page(toy_group(), [STICK])
    about = """
## `tally stick`

About sticks.

Fields, bounds and rejections: [stick](contracts/stick.md).

### `tally stick cut`

Cut FILE.

Twice.

```sh
tally stick cut [OPTIONS] FILE
```

| option | value | use | meaning |
|---|---|---|---|
| `--depth` / `-d` | `INTEGER` | default `3` | Deep. |
| `--dry` / `--wet` | | default `dry` | How. |
| `--colour` | `red`, `blue` | | Paint \\| none. |
| `--part` | `A:B` | required, repeatable | Parts. |
"""
    assert text.startswith("# The command line\n")
    assert text.endswith(about)
    assert "Not for the page" not in text
    assert "--secret" not in text


def test_errors_are_all_there() -> None:
    """Every refusal, every kind of unavailability and every exit code has a row."""
    text = errors_page(CONTRACTS)
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    refused = [each for each in kinds if issubclass(each, errors.Refused)]
    texts = [(each, " ".join(docstring(each).split())) for each in refused[1:]]
    rows = [f"| `{each.code}` | `{each.__name__}` | {text} |" for each, text in texts]
    rows += [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items()]
    rows += ["| `Later` | ", "| `DiskFull` | ", "| `Diverged` | ", "| 1 | `NonceUsedBefore` | "]
    rows.append("| [certificate](contracts/certificate.md#rejections) | 301 to ")
    assert [] == [row for row in rows if row not in text]


def test_what_is_undocumented_is_named() -> None:
    """Commands, fields, answers, rules and rejections without a docstring are reported."""
    expected = [
        "mute: _mute has no docstring",
        "mute: _MuteRejected has no docstring",
        "mute: _Mute has no docstring",
        "mute: _MuteView has no docstring",
        "mute: _Mute.stick has no docstring",
        "mute: _MuteView.size has no docstring",
    ]
    assert expected == list(undocumented([STICK, MUTE]))


def test_options_without_help_are_named() -> None:
    """A subcommand and an option without help are reported; a hidden one needs none."""
    group = toy_group()
    assert [] == list(undocumented_options(group))
    group.add_command(click.Command("mute", params=[click.Option(["--loud"])]))
    expected = ["tally mute: it has no help", "tally mute: option --loud has no help"]
    assert expected == list(undocumented_options(group))


def test_nothing_of_ours_is_undocumented() -> None:
    """Every command, field, view, option and rejection says what it is."""
    assert [] == [*undocumented(CONTRACTS), *undocumented_options(build())]


def test_pages_are_written_once_and_then_current(tmp_path: Path) -> None:
    """What is missing, changed or superfluous is named, and writing mends it."""
    (tmp_path / "notes.md").write_text("# Notes\n\nBy hand. Not ours.\n")
    wanted = pages(tmp_path, [STICK], toy_group())
    assert ["contracts/stick.md", "cli.md", "errors.md", "README.md"] == list(wanted)
    assert "- [Notes](notes.md): By hand.\n" in wanted["README.md"]
    assert len(wanted) == len(list(out_of_date(tmp_path, wanted)))
    write(tmp_path, wanted)
    assert [] == list(out_of_date(tmp_path, wanted))
    (tmp_path / "cli.md").write_text("else")
    (tmp_path / "contracts" / "gone.md").write_text("old")
    expected = [
        "docs/reference/cli.md: out of date, run `./dev docs`",
        "docs/reference/contracts/gone.md: there is no such contract, run `./dev docs`",
    ]
    assert expected == list(out_of_date(tmp_path, wanted))
    write(tmp_path, wanted)
    assert [] == list(out_of_date(tmp_path, wanted))
    assert (tmp_path / "notes.md").exists()


def test_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It writes, or checks and fails, and takes no other argument."""
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    monkeypatch.setattr(reference, "CONTRACTS", (STICK,))
    monkeypatch.setattr(reference, "build", toy_group)
    assert 2 == reference.main(["--chekc"])
    assert 1 == reference.main(["--check"])
    assert "docs/reference/errors.md: out of date, run `./dev docs`" in capsys.readouterr().out
    assert 0 == reference.main([])
    assert 0 == reference.main(["--check"])
    assert "" == capsys.readouterr().out
    monkeypatch.setattr(reference, "CONTRACTS", (STICK, MUTE))
    assert 1 == reference.main([])
    assert "mute: _Mute has no docstring\n" in capsys.readouterr().out


def anchors_of(text: str) -> Iterator[str]:
    """Yield the anchors that a page's headings get where it is shown."""
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_links_lead_somewhere() -> None:
    """Every link from one of the pages finds its file, and the heading that it names."""
    folder = reference.ROOT / reference.FOLDER
    wanted = pages(folder, CONTRACTS, build())
    broken = []
    for name, text in wanted.items():
        for target, anchor in LINK.findall(text):
            path = (folder / name).parent.joinpath(target).resolve() if target else folder / name
            inside = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else ""
            if inside not in wanted and not path.exists():
                broken.append(f"{name}: {target}")
            elif anchor and anchor[1:] not in anchors_of(wanted.get(inside) or path.read_text()):
                broken.append(f"{name}: {target}{anchor}")
    assert [] == broken
