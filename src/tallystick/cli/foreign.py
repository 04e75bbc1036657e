"""
`tally trust`, `prove-record` and `prove-growth`: what one ledger shows to another.

Each writes what an option of the other ledger's command takes: `identity recognise --trust`,
`exchange commit --proof`, `title register --depends-on`, `identity anchor`. Both ledgers may be
here, or what the other knows of this one's past may come in a file.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from tallystick.base.identifiers import (
    LedgerId,
    RecordId,
    format_ledger_id,
    format_record_id,
    parse_lock_id,
    parse_record_id,
)
from tallystick.base.plain import format_milliseconds, to_plain
from tallystick.client.foreign import anchor_command, anchors_of, foreign_proof, trust_of
from tallystick.client.ledger import Ledger
from tallystick.client.proving import CannotProve
from tallystick.contracts.exchange.model import PARTS_MAX, Change, decision_id, prepared_id
from tallystick.contracts.identity.commands import AnchorLedger
from tallystick.contracts.identity.views import RecognisedView
from tallystick.contracts.title.commands import Named
from tallystick.core.foreign import Anchor

from .output import print_json, show
from .places import existing, with_ledger
from .records import read_record, write_json
from .sending import key_text
from .strict import Strict

LOCK: Final = "lock_"
"""How the id of a joint change begins."""

OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write.",
)


@click.command("trust", cls=Strict)
@OUTPUT
@with_ledger
def trust(output: Path, ledger: Path, *, as_json: bool) -> None:
    """Write by which key this ledger is believed, for another's `identity recognise --trust`."""
    with existing(ledger) as opened:
        plain = to_plain(trust_of(opened))
    write_json(output, plain)
    show({"file": str(output), **plain}, as_json=as_json)


@click.command("prove-record", cls=Strict)
@click.argument("id_", metavar="ID")
@click.option(
    "--part",
    type=click.IntRange(0, PARTS_MAX - 1),
    help="ID is a joint change: prove that this part of it is prepared, not what was decided.",
)
@click.option(
    "--change",
    metavar="JSON|@FILE",
    help="Write what `title register --depends-on` takes: the title ID, held for this change.",
)
@click.option(
    "--for",
    "other",
    type=click.Path(path_type=Path),
    help="The folder of the ledger that is to believe it. Without this, and --anchors, the proof "
    "is good only where nothing of this ledger was anchored yet.",
)
@click.option(
    "--anchors",
    metavar="JSON|@FILE",
    help="If that is elsewhere: what `identity show-recognised --json` says there of this ledger.",
)
@OUTPUT
@with_ledger
def prove_record(
    id_: str,
    part: int | None,
    change: str | None,
    other: Path | None,
    anchors: str | None,
    output: Path,
    ledger: Path,
    *,
    as_json: bool,
) -> None:
    """
    Prove to another ledger what stands under ID here, or that nothing does.

    ID is that of a record, such as a title, or of a joint change, whose decision or part is proven.
    The file is what `exchange commit --proof @FILE`, `exchange finish --proof @FILE` and
    `title confirm --proof @FILE` take on the other ledger.
    """
    id = _id_of(id_, part)
    _differ(ledger, other)
    if other is not None and anchors is not None:
        raise click.UsageError("--for and --anchors say the same: give one of them")
    names = key_text({"ledger": ledger})
    held_for = None if change is None else read_record(change, Change, "--change", names)
    told = None if anchors is None else read_record(anchors, RecognisedView, "--anchors", names)
    with existing(ledger) as opened:
        known = _known(opened.id, other, told)
        _check_reaches(opened, min((each.size for each in known), default=0))
        proof = foreign_proof(opened, id, anchors=known)
        written = proof if held_for is None else Named(opened.id, id, held_for, proof)
        write_json(output, to_plain(written))
        shown = {
            "file": str(output),
            "ledger": format_ledger_id(opened.id),
            "id": format_record_id(id),
            "stands_there": proof.records is not None,
            "as_of": format_milliseconds(proof.header.time),
            "linked_to_anchor_of": proof.anchor,
        }
    show(shown, as_json=as_json)


@click.command("prove-growth", cls=Strict)
@click.option(
    "--for",
    "other",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder of the ledger that is to remember it.",
)
@with_ledger
def prove_growth(other: Path, ledger: Path, *, as_json: bool) -> None:
    """
    Print what this ledger's log is now, and that it grew, as the options of `identity anchor`.

    So that another ledger remembers it: `tally identity anchor $(tally prove-growth --for OTHER)
    --sign KEY --ledger OTHER`.
    """
    _differ(ledger, other)
    with existing(ledger) as opened, existing(other, option="--for") as target:
        newest = max((each.size for each in anchors_of(target, opened.id)), default=0)
        _check_reaches(opened, newest)
        if newest == opened.status().log_size:
            raise CannotProve(f"--for: it has anchored all {newest} entries; there is no growth")
        command = anchor_command(target, opened)
    if as_json:
        print_json(to_plain(command))
    else:
        click.echo(" ".join(_anchor_options(command)))


def _id_of(text: str, part: int | None) -> RecordId:
    """Return the id of the record that is meant."""
    try:
        if not text.startswith(LOCK):
            id = parse_record_id(text)
        else:
            change = parse_lock_id(text)
            id = decision_id(change) if part is None else prepared_id(change, part)
    except ValueError as error:
        raise ValueError(f"ID: {error}") from error
    if part is not None and not text.startswith(LOCK):
        raise ValueError(f"--part: ID is to be a joint change, {LOCK}…, not {text[:40]!r}")
    return id


def _known(ledger: LedgerId, other: Path | None, told: RecognisedView | None) -> Sequence[Anchor]:
    """Return what the other ledger knows of this one's past."""
    if other is not None:
        with existing(other, option="--for") as target:
            return anchors_of(target, ledger)
    if told is None:
        return ()
    if told.trust.ledger != ledger:
        raise ValueError(f"--anchors: they are of {format_ledger_id(told.trust.ledger)}")
    return told.anchors


def _differ(ledger: Path, other: Path | None) -> None:
    """Refuse to let a ledger prove something to itself."""
    if other is not None and ledger.resolve() == other.resolve():
        raise ValueError("--for: name another ledger; a ledger knows its own records")


def _check_reaches(ledger: Ledger, seen: int) -> None:
    """Refuse to show a log that is shorter than what the other ledger has seen of it."""
    size = ledger.status().log_size
    if size < seen:
        raise CannotProve(
            f"--ledger: its log has {size} entries, and the other ledger has seen {seen} of it: "
            "blocks are missing here; use the folder that has them"
        )


def _anchor_options(command: AnchorLedger) -> list[str]:
    """Return what `identity anchor` is given."""
    options = ["--ledger-id", format_ledger_id(command.ledger)]
    options += ["--checkpoint", command.checkpoint.hex()]
    for each in command.consistency:
        options += ["--consistency", each.hex()]
    return options
