"""Two ledgers that do not know each other, and two who each have what the other wants."""

from pathlib import Path

from tallystick.client.foreign import trust_of
from tallystick.core.foreign import Trust
from tallystick.scenarios.swap_parties import FUNDS, found
from tests.scenarios.small import stage_in


def test_each_party_has_what_it_offers(tmp_path: Path) -> None:
    """The seller has allowances of the zone, the buyer money; two keys vouch for each ledger."""
    place = found(stage_in(tmp_path))
    try:
        assert place.allowances(place.seller) > 1_000
        assert (0, 0) == (place.allowances(place.buyer), place.cents(place.seller))
        assert FUNDS == place.cents(place.buyer)
        lead, follow = place.legs(3, 5)
        assert (place.registry.id, "allowance", 3) == (lead.ledger, lead.contract, lead.amount)
        assert (place.bank.id, "asset", 5) == (follow.ledger, follow.contract, follow.amount)
        assert (lead.owner, lead.beneficiary) == (follow.beneficiary, follow.owner)
        trust: Trust = trust_of(place.bank)
        assert (2, 2) == (len(trust.keys), trust.threshold)
        with place.diary(place.seller, "deal") as diary, diary.exclusive() as entries:
            assert [] == entries
    finally:
        place.registry.close()
        place.bank.close()
        place.witness.close()
