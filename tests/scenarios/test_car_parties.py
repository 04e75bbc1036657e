"""What the parties sign: parts of changes, and a genesis with the roles that they need."""

from tallystick.base.encoding import decode
from tallystick.base.identifiers import LedgerId
from tallystick.base.signatures import public_key
from tallystick.contracts.exchange.model import Part
from tallystick.contracts.identity.model import IdentityParameters, Role
from tallystick.contracts.title.model import title_id
from tallystick.scenarios.car_parties import CAR, INSURANCE, Parties, part_of
from tallystick.testing.keys import key

LEDGER = LedgerId(b"\x09" * 32)


def test_a_ledger_begins_with_a_clerk_and_an_insurer() -> None:
    """Each for their kind, beside the registrar; both ledgers have ids of their own."""
    parties = Parties()
    one, other = parties.genesis("cars"), parties.genesis("insurances")
    founders = decode(one.sections[0].parameters, IdentityParameters).authorities
    roles = {(each.key, each.scope) for each in founders if each.role is Role.TITLE_REGISTRAR}
    clerk, insurer = public_key(parties.clerk), public_key(parties.insurer)
    assert {(clerk, CAR), (insurer, INSURANCE)} == roles
    assert ["asset", "exchange", "title"] == [each.contract for each in one.sections[3:]]
    assert one.salt != other.salt


def test_a_part_is_of_a_whole_title() -> None:
    """From one owner to another."""
    id = title_id(CAR, "X")
    expected = Part(LEDGER, "title", id, key(1), 0, key(2))
    assert expected == part_of(LEDGER, id, source=key(1), target=key(2))
