"""What a scenario is handed is what the house has."""

from pathlib import Path

from tallystick.core.genesis import ledger_id
from tallystick.scenarios.village_data import Village
from tallystick.scenarios.village_weeks import DayClock, Parties
from tests.scenarios.small import small_village, stage_in


def test_a_stage_opens_audits_and_reads(tmp_path: Path, village: Village) -> None:
    """A scenario needs nothing but its stage to make a ledger, read its rows and replay it."""
    stage = stage_in(tmp_path)
    parties = Parties(small_village(village))
    clock = DayClock(parties.genesis.time)
    with stage.open_ledger(tmp_path / "l", genesis=parties.genesis, clock=clock) as ledger:
        assert ledger_id(parties.genesis) == ledger.id
        rows = stage.read_model(ledger, tmp_path / "index.sqlite")
        assert [] == list(rows("certificate_holdings"))
        assert 2 == len({row["identity"] for row in rows("identity_authorities")})
    assert () == stage.audit(tmp_path / "l").problems


def test_parties_are_drawn_afresh(village: Village) -> None:
    """Two plays of the same village are two ledgers with different keys, and neither shows any."""
    one, other = Parties(village), Parties(village)
    assert one.ledger != other.ledger
    assert one.secrets().seed != other.secrets().seed
