"""Other implementations can check themselves against tests/vectors/ballot.json."""

import json
from pathlib import Path
from typing import Any, Union

from tallystick.base.encoding import Decoder, decode, encode
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.contracts import ballot
from tallystick.contracts.ballot import ids
from tallystick.contracts.ballot.model import Finding, Minutes, RollEntry
from tallystick.contracts.ballot.recount import Timed, agrees, recount
from tallystick.contracts.ballot.roll import is_in, roll_of, roll_paths
from tests.contracts.ballot.cases import SITTING

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[2].joinpath("vectors", "ballot.json").read_text(encoding="utf-8")
)
BALLOT = RecordId(bytes.fromhex(VECTORS["ballot"]))
LINES = [decode(bytes.fromhex(each), RollEntry) for each in VECTORS["roll"]["entries"]]


def record() -> list[Timed]:
    """Return the published record."""
    events = Decoder(Union[ballot.CONTRACT.events])  # noqa: UP007 - known only here.
    return [
        (each["time"], events.decode(bytes.fromhex(each["event"]))) for each in VECTORS["record"]
    ]


def shown(findings: tuple[Finding, ...]) -> list[list[object]]:
    """Return reasons as the vectors spell them."""
    return [[each.check.value, each.holds, each.found, each.needed] for each in findings]


def test_ids() -> None:
    """Everything of a vote stands under the published ids."""
    expected = VECTORS["ids"]
    assert expected["progress"] == ids.progress_id(BALLOT).hex()
    assert expected["totals"] == [ids.totals_id(BALLOT, number).hex() for number in range(3)]
    assert expected["minutes"] == ids.minutes_id(BALLOT).hex()
    statement, delegation = expected["statement"], expected["delegation"]
    voter = PublicKey(bytes.fromhex(statement["voter"]))
    assert statement["id"] == ids.statement_id(BALLOT, voter, statement["voter_class"]).hex()
    voter = PublicKey(bytes.fromhex(delegation["voter"]))
    assert delegation["id"] == ids.delegation_id(BALLOT, voter).hex()


def test_roll() -> None:
    """The lines come to the root, and each path leads to it."""
    roll = roll_of(LINES, SITTING)
    assert VECTORS["roll"]["root"] == roll.root.hex()
    paths = [tuple(Hash(bytes.fromhex(step)) for step in each) for each in VECTORS["roll"]["paths"]]
    assert list(roll_paths(LINES)) == paths
    assert all(is_in(roll, line, n, paths[n]) for n, line in enumerate(LINES))


def test_record() -> None:
    """The events come to the hash, to the totals, to the results and to every reason."""
    counted = recount(BALLOT, record(), LINES)
    assert VECTORS["record_hash"] == counted.record.hex()
    assert VECTORS["findings"] == shown(counted.findings)
    assert VECTORS["results"] == [
        {
            "question": each.question,
            "chosen": each.chosen,
            "eligible": each.eligible,
            "base": each.base,
            "voted": each.voted,
            "totals": list(each.totals),
            "findings": shown(each.findings),
        }
        for each in counted.results
    ]


def test_minutes() -> None:
    """The published bytes are the minutes that a recount agrees with."""
    raw = bytes.fromhex(VECTORS["minutes"])
    minutes = decode(raw, Minutes)
    assert raw == encode(minutes)
    assert agrees(recount(BALLOT, record(), LINES), minutes)
