"""
`tally ballot roll` and `ballot line`: from a list of members to what a vote's commands take.

The list stays with its body; only its root and its sums go on the ledger, and each voter brings the
own line with its path. A list is a CSV file with a line of headings, or a JSON file with a list of
objects: voter and weight, and if need be voter_class, for_others, available and excluded.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import Hash, PublicKey, format_public_key, parse_record_id
from tallystick.base.plain import field_hints, from_plain, to_plain
from tallystick.contracts.ballot.model import Roll, RollEntry, Terms, roll_of, roll_paths, voter_of

from .output import print_json, show
from .places import with_ledger
from .records import read_record, write_json
from .sending import key_text
from .strict import Strict
from .texts import KeyText, object_of
from .wording import in_words

IDENTITY: Final = "id_"
"""How a voter begins who is named as an identity of the ledger."""
USUAL: Final[Mapping[str, Any]] = {
    "voter_class": "",
    "for_others": False,
    "available": False,
    "excluded": [],
}
"""What a line says where it says nothing."""
TRUTH: Final = {"true": True, "yes": True, "false": False, "no": False}
LIST_BYTES_MAX: Final = 2**28
DIGITS: Final = 20
"""No number in a list is that long."""

LIST = click.argument("list_", metavar="LIST", type=click.Path(path_type=Path))


@click.command("roll", cls=Strict)
@LIST
@click.option("--terms", required=True, metavar="JSON|@FILE", help="The terms of the vote.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write the roll, which is what `ballot open --roll @FILE` takes.",
)
@with_ledger
def roll(list_: Path, terms: str, output: Path | None, ledger: Path, *, as_json: bool) -> None:
    """
    Compute root and sums of the members in LIST, and the path of each line.

    LIST is a CSV file with headings, or JSON: voter and weight, and if need be voter_class,
    for_others, available (false if it is left out) and excluded (numbers of questions). A voter is
    a key, the name of one, or an identity, id_….
    """
    names = key_text({"ledger": ledger})
    entries = read_list(list_, names)
    voting = read_record(terms, Terms, "--terms", names)
    _check_excluded(list_, entries, voting)
    found = _sound(list_, roll_of(entries, voting))
    if output is not None:
        write_json(output, found)
    if as_json:
        print_json({"roll": found, "lines": list(_lines(entries))})
        return
    show(found, as_json=False)
    click.echo()
    rows = [{"index": n, **to_plain(entry)} for n, entry in enumerate(entries)]
    show(rows, as_json=False)


@click.command("line", cls=Strict)
@LIST
@click.option("--voter", required=True, metavar="KEY|ID", help="Whose line, as LIST names it.")
@click.option("--voter-class", default="", help="Of which class, where there are classes.")
@with_ledger
def line(list_: Path, voter: str, voter_class: str, ledger: Path, *, as_json: bool) -> None:
    """
    Print a voter's line of LIST with its path, as the options of `ballot vote` and `deliver`.

    So that a shell puts them there: `tally ballot vote --ballot ID $(tally ballot line members.csv
    --voter person/0) --choice 0:0:40 --sign person/0`.
    """
    names = key_text({"ledger": ledger})
    entries = read_list(list_, names)
    wanted = _voter(voter, names, "--voter")
    for each in _lines(entries):
        if (each["entry"]["voter"], each["entry"]["voter_class"]) == (wanted, voter_class):
            break
    else:
        of_class = f" of class {voter_class}" if voter_class else ""
        raise ValueError(f"--voter: {voter[:80]!r}{of_class} has no line in {list_}")
    if as_json:
        print_json(each)
    else:
        click.echo(" ".join(_line_options(each)))


def read_list(path: Path, key_text: KeyText) -> list[RollEntry]:
    """Return the lines of a list, in order, or raise `Malformed` that says which is wrong."""
    with path.open("rb") as file:
        data = file.read(LIST_BYTES_MAX + 1)
    if len(data) > LIST_BYTES_MAX:
        raise Malformed(str(path), f"a list has at most {LIST_BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")
        is_json = text.lstrip()[:1] == "["
        rows = list(enumerate(_listed(text)) if is_json else _rows(text))
    except (ValueError, RecursionError, csv.Error) as error:
        raise Malformed(str(path), f"neither CSV nor a JSON list: {error}") from error
    if not rows:
        raise Malformed(str(path), "it names nobody: give a line of headings, and one for each")
    entries = [(n, _entry(row, f"{path}, line {n}", key_text)) for n, row in rows]
    _check_twice(path, entries)
    return [entry for _, entry in entries]


def _listed(text: str) -> Iterable[Any]:
    """Return the members of a JSON list; an object says one thing of each field."""
    members: list[Any] = json.loads(text, object_pairs_hook=object_of)
    return members


def _check_twice(path: Path, entries: Iterable[tuple[int, RollEntry]]) -> None:
    """Refuse a list in which somebody stands twice with one class."""
    seen: dict[tuple[PublicKey, str], int] = {}
    for n, entry in entries:
        before = seen.setdefault((entry.voter, entry.voter_class), n)
        if before != n:
            voter = format_public_key(entry.voter)
            raise Malformed(f"{path}, line {n}", f"{voter} stands in line {before} already")


def _check_excluded(path: Path, entries: Sequence[RollEntry], terms: Terms) -> None:
    """Refuse numbers of questions that are not asked."""
    asked = len(terms.questions)
    for entry in entries:
        if any(each >= asked for each in entry.excluded):
            voter = format_public_key(entry.voter)
            raise Malformed(
                str(path), f"excluded of {voter}: there are {asked} questions, counted from 0"
            )


def _sound(path: Path, found: Roll) -> dict[str, Any]:
    """Return a roll as plain values, once its sums are amounts."""
    plain: dict[str, Any] = to_plain(found)
    try:
        from_plain(plain, Roll)
    except Malformed as error:
        field = error.field.removeprefix("Roll.")
        raise Malformed(str(path), f"the sum of {field}: {in_words(error.problem)}") from error
    return plain


def _rows(text: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    """
    Yield the lines of a CSV file by their headings, without what they leave empty.

    Each with its number, counted from 1 as an editor does.
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    headings = [name.strip() for name in reader.fieldnames or ()]
    if len(set(headings)) < len(headings):
        raise ValueError("a heading stands there twice")
    for row in reader:
        if None in row:
            raise ValueError("a line has more cells than there are headings")
        given = {str(name).strip(): (value or "").strip() for name, value in row.items()}
        cells = {name: _cell(name, value) for name, value in given.items() if value}
        yield reader.line_num, cells


def _cell(name: str, value: str) -> Any:
    """Return what a cell of CSV says, as JSON would have it; what it doesn't say stays a text."""
    if name == "weight":
        return _number(value)
    if name == "excluded":
        return [_number(each) for each in value.split()]
    return TRUTH.get(value.lower(), value) if name in ("for_others", "available") else value


def _number(text: str) -> Any:
    """Return a number that is written in ASCII digits; anything else stays a text."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(text) < DIGITS else text


def _entry(row: Any, place: str, key_text: KeyText) -> RollEntry:
    """Return one line of a list."""
    if not isinstance(row, Mapping):
        raise Malformed(place, f"expected an object with {', '.join(field_hints(RollEntry))}")
    named = {**USUAL, **row}
    if isinstance(named.get("voter"), str):
        named["voter"] = _voter(named["voter"], key_text, place)
    try:
        found: RollEntry = from_plain(named, RollEntry)
    except Malformed as error:
        field = error.field.removeprefix("RollEntry").removeprefix(".")
        where = f"{place}, {field}" if field else place
        raise Malformed(where, in_words(error.problem)) from error
    return found


def _voter(text: str, key_text: KeyText, place: str) -> str:
    """Return the text of a voter's key, or of the mark of an identity."""
    try:
        if text.startswith(IDENTITY):
            return format_public_key(voter_of(parse_record_id(text)))
        return key_text(text)
    except ValueError as error:
        raise Malformed(place, str(error)) from error


def _lines(entries: Sequence[RollEntry]) -> Iterable[dict[str, Any]]:
    """Yield each line with its place and its path."""
    paths: Iterable[tuple[Hash, ...]] = roll_paths(entries)
    for index, (entry, path) in enumerate(zip(entries, paths, strict=True)):
        yield {"index": index, "entry": to_plain(entry), "path": [each.hex() for each in path]}


def _line_options(each: Mapping[str, Any]) -> list[str]:
    """Return a line as options; none of them has a blank in it."""
    entry = json.dumps(each["entry"], separators=(",", ":"))
    options = ["--entry", entry, "--index", str(each["index"])]
    for step in each["path"]:
        options += ["--path", step]
    return options
