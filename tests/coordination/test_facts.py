"""What a ledger proves is told apart from what it does not show, and why."""

from pathlib import Path

import pytest

from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.client.foreign import anchor_command, trust_of
from tallystick.contracts.asset.model import Balance
from tallystick.coordination.belief import Belief, NobodyTrusted
from tallystick.coordination.facts import Facts, NotProven
from tallystick.core.holding import holding_id
from tallystick.core.proof import ProofInvalid
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, OPERATOR, PLENTY, world

ABSENT = RecordId(b"\x42" * 32)
NOWHERE = LedgerId(b"\xee" * 32)


def test_what_is_proven_is_told_with_its_time(tmp_path: Path) -> None:
    """Of several ledgers at once: what stands there, or that nothing does."""
    with world(tmp_path) as place:
        belief = Belief({ledger.id: trust_of(ledger) for ledger in place.list})
        accounts = [
            (ledger.id, holding_id(place.units[ledger.id], key(ANNA))) for ledger in place.list
        ]
        facts = Facts(place.ledgers, belief, [*accounts, (place.list[0].id, ABSENT), *accounts])
        for ledger, account in zip(place.list, accounts, strict=True):
            found, time = facts.record(account, Balance)
            assert (PLENTY, ledger.status().time) == (found and found.spendable, time)
        found, _ = facts.record((place.list[0].id, ABSENT), Balance)
        assert found is None


def test_what_is_not_proven_says_why(tmp_path: Path) -> None:
    """Nobody asked, no such ledger, no keys for it, too few signatures; the others are proven."""
    with world(tmp_path) as place:
        one, other = place.list
        places = [(one.id, ABSENT), (other.id, ABSENT), (NOWHERE, ABSENT)]
        facts = Facts(place.ledgers, Belief({one.id: trust_of(one)}), places)
        assert (None, one.status().time) == facts.record(places[0], Balance)
        with pytest.raises(NobodyTrusted):
            facts.record(places[1], Balance)
        with pytest.raises(KeyError):
            facts.record(places[2], Balance)
        with pytest.raises(NotProven):
            facts.record((one.id, RecordId(bytes(32))), Balance)
        belief = Belief({one.id: trust_of(one)})
        one.witnesses = ()
        place.clock.move(1)
        one.send(anchor_command(one, other), [secret(OPERATOR)])
        with pytest.raises(ProofInvalid, match="1 of the recognised keys signed, 2 must"):
            Facts(place.ledgers, belief, places).record(places[0], Balance)
