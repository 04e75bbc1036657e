"""`tally plan-change`: a joint change, as `exchange prepare --change` takes it on every ledger."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any

import click
import msgspec

from tallystick.base.encoding import Record, decode, encode
from tallystick.base.identifiers import (
    LedgerId,
    RecordId,
    format_ledger_id,
    format_lock_id,
    format_record_id,
    parse_ledger_id,
)
from tallystick.base.plain import format_milliseconds, to_plain
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.model import PARTS_MAX, SALT_BYTES, Change, Part, change_id

from .options import options_for, read_options
from .output import show
from .places import existing, json_option, ledger_option
from .records import read_record, write_json
from .sending import key_text
from .strict import Strict
from .texts import KeyText, read_text

MINUTE_MILLISECONDS = 60_000
MINUTES_MAX = 366 * 1_440


class Parts(Record):
    """What is to change together."""

    parts: Annotated[tuple[Part, ...], msgspec.Meta(max_length=PARTS_MAX)]
    """A part, of whichever ledger; amount 0 for the whole. Keys of other ledgers as key_…"""


def _plan_change(**given: Any) -> None:
    """Put a change together, write it, and say which of its parts is which."""
    ledger: Path = given["ledger"]
    names = key_text(given)
    if given["quote"] is None:
        parts = read_options(Parts, {"parts": given["parts"]}, key_text=names).parts
    elif given["parts"]:
        raise click.UsageError("--part and --quote: give one of them")
    else:
        parts = _quoted(given["quote"], names)
    if not parts:
        option = "--part" if given["quote"] is None else "--quote"
        raise click.UsageError(f"{option}: something has to change, and it names no part")
    with existing(ledger) as opened:
        _check_contracts(parts, opened)
        change = _change(
            parts,
            deciding=_deciding(given["deciding"]) or opened.id,
            deadline=opened.now() + given["minutes"] * MINUTE_MILLISECONDS,
        )
    write_json(given["output"], to_plain(change))
    show(
        {
            "file": str(given["output"]),
            "change": format_lock_id(change_id(change)),
            "deadline": format_milliseconds(change.deadline),
            "parts": [{"part": n, **to_plain(each)} for n, each in enumerate(change.parts)],
        },
        as_json=given["as_json"],
    )


def _quoted(text: str, key_text: KeyText) -> Sequence[Part]:
    """Return the parts in an object; whatever else a quote says is for its reader."""
    quote = read_text(text, Parts, "--quote", key_text)
    parts = json.dumps({"parts": quote.get("parts", [])})
    found: Parts = read_record(parts, Parts, "--quote", str)
    return found.parts


def _deciding(text: str | None) -> LedgerId | None:
    """Read who decides, if that is said."""
    try:
        return None if text is None else parse_ledger_id(text)
    except ValueError as error:
        raise ValueError(f"--deciding: {error}") from error


def _change(parts: Sequence[Part], *, deciding: LedgerId, deadline: int) -> Change:
    """Return a change of parts in their order, with fresh salt, held to every bound."""
    ordered = sorted(parts, key=_place_of)
    for before, each in pairwise(ordered):
        if _place_of(before) == _place_of(each):
            raise ValueError(
                f"--part: {format_record_id(each.holding)} of {each.contract} on "
                f"{format_ledger_id(each.ledger)} stands there twice; a holding changes once"
            )
    change = Change(
        deciding=deciding,
        deadline=deadline,
        parts=tuple(ordered),
        salt=token_bytes(SALT_BYTES),
    )
    return decode(encode(change), Change)


def _place_of(part: Part) -> tuple[LedgerId, str, RecordId]:
    """Return what parts are sorted by; each stands there once."""
    return part.ledger, part.contract, part.holding


def _check_contracts(parts: Sequence[Part], ledger: Ledger) -> None:
    """Refuse parts of this ledger whose contract keeps nothing there."""
    in_force = [each.contract for each in ledger.node.genesis.sections]
    for part in parts:
        if part.ledger == ledger.id and part.contract not in in_force:
            raise ValueError(
                f"--part: this ledger has no contract {part.contract!r}; "
                f"it has {', '.join(sorted(in_force))}"
            )


plan_change = Strict(
    "plan-change",
    params=[
        *options_for(Parts),
        click.Option(
            ["--quote"],
            metavar="JSON|@FILE",
            help="Parts as `tally benefit quote --json` says them, instead of --part.",
        ),
        click.Option(["--deciding"], metavar="LEDGER-ID", help="Who decides; else this ledger."),
        click.Option(
            ["--minutes"],
            type=click.IntRange(1, MINUTES_MAX),
            default=5,
            show_default=True,
            help="How long it may be committed from now on. [min]",
        ),
        click.Option(
            ["-o", "--output"],
            type=click.Path(path_type=Path),
            required=True,
            help="The file to write; it is what `exchange prepare --change @FILE` takes.",
        ),
        ledger_option(),
        json_option(),
    ],
    callback=_plan_change,
    help="Plan a joint change: put its parts in order, and give it a deadline and a salt.",
)
