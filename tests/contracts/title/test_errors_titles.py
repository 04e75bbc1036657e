"""What whoever comes second is told: who holds a title, for what, and until when."""

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.title import errors
from tallystick.core.holding import LockedFor

ID, CHANGE = RecordId(b"\x01" * 32), LockId(b"\x02" * 32)
NOW = 1_700_000_000_000


def test_whoever_holds_a_title_says_until_when() -> None:
    """A lock that lapses says it itself; exchange has a view, because its times stand elsewhere."""
    ends = [
        str(errors.TitleIsLocked(ID, LockedFor(holder, CHANGE, until))).partition(CHANGE.hex())[2]
        for holder, until in (("market", NOW), ("exchange", 0), ("market", 0))
    ]
    expected = [
        " until 2023-11-14T22:13:20.000Z; wait until then",
        "; exchange.show-reservation says until when",
        "; market says until when",
    ]
    assert expected == ends
