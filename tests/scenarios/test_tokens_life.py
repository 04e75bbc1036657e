"""What becomes of single tokens, and who is refused on the way."""

from pathlib import Path
from typing import NamedTuple

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.base.signatures import public_key
from tallystick.compose import open_ledger
from tallystick.contracts.asset.commands import Mint
from tallystick.contracts.asset.model import series_id
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.scenarios.tokens_life import WAITING_READING, Life, live
from tallystick.scenarios.tokens_parties import PROJECT, Parties
from tallystick.scenarios.tokens_readings import Reading

ASSET = RecordId(b"\x01" * 32)
READINGS = (Reading("r0", 50), Reading("r1", 60))


class Lived(NamedTuple):
    """A life for tests of what is proved about it."""

    life: Life

    def link(self, reading_id: str) -> tuple[str, str]:
        """Return the right link of a reading."""
        return reading_id, format_record_id(series_id(ASSET, reading_id))


LIFE = Lived(
    Life(
        moved=Reading("a", 5),
        burned=Reading("b", 7),
        waiting=Reading("w", 9),
        burned_is_refused=True,
        thief_is_refused=True,
    )
)


def test_three_tokens_live(tmp_path: Path) -> None:
    """One has another owner, one is gone, one has reached its claimer; the rest was refused."""
    parties = Parties()
    with open_ledger(tmp_path / "ledger", genesis=parties.genesis) as ledger:
        asset = parties.define(ledger)
        owner = public_key(parties.owner)
        mints = [
            Mint(asset, owner, each.amount_wh, each.reading_id, PROJECT, n, None)
            for n, each in enumerate(READINGS)
        ]
        ledger.send(mints, [parties.issuer])
        life = live(ledger, parties, asset, READINGS)
        found = {
            (reading, who): ledger.ask(ShowBalance(series_id(asset, reading), public_key(secret)))
            for reading, who, secret in (
                ("r0", "buyer", parties.buyer),
                ("r1", "owner", parties.owner),
                (WAITING_READING, "claimer", parties.claimer),
                (WAITING_READING, "buyer", parties.buyer),
            )
        }
    assert (True, True) == (life.burned_is_refused, life.thief_is_refused)
    amounts = {
        place: each.spendable for place, each in found.items() if isinstance(each, BalanceView)
    }
    assert {
        ("r0", "buyer"): 50,
        ("r1", "owner"): 0,
        (WAITING_READING, "claimer"): life.waiting.amount_wh,
        (WAITING_READING, "buyer"): 0,
    } == amounts
