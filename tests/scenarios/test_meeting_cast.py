"""Who meets: forty, with unequal shares and opinions that anybody can compute."""

from tallystick.base.encoding import decode
from tallystick.contracts.identity.model import IdentityParameters, Role
from tallystick.scenarios.meeting_cast import (
    ABSENT,
    AT_THE_DEVICE,
    BODY,
    LATECOMER,
    MEMBERS,
    NAMES,
    SELLER,
    TOO_LATE,
    TRUSTEE,
    TRUSTEE_SHARES,
    TRUSTEE_SPLIT,
    Cast,
    opinion,
)


def test_forty_members_differ() -> None:
    """In name and in shares."""
    assert 40 == len(set(NAMES)) == len(MEMBERS) == len({each.shares for each in MEMBERS})
    assert list(range(40)) == [each.number for each in MEMBERS]


def test_the_roles_are_taken_by_different_members() -> None:
    """Nobody is absent and late, or at the device and elsewhere."""
    named = [*ABSENT, LATECOMER, TOO_LATE, SELLER, TRUSTEE, *AT_THE_DEVICE]
    assert len(named) == len(set(named) & set(NAMES))
    assert 6 == len(AT_THE_DEVICE)


def test_the_trustee_splits_all() -> None:
    """Over all three options."""
    assert TRUSTEE_SHARES == sum(TRUSTEE_SPLIT)
    assert all(TRUSTEE_SPLIT)


def test_opinions_are_divided() -> None:
    """On each question there is somebody for, against, and neither."""
    for question in range(3):
        assert {0, 1, 2} == {opinion(member, question) for member in MEMBERS}


def test_keys_are_drawn_afresh() -> None:
    """The same in one cast, others in the next; an administrator of the company is founded."""
    one, other = Cast(time=5), Cast(time=5)
    assert one.key("Emil") == one.key("Emil") != other.key("Emil")
    section = next(each for each in one.genesis.sections if each.contract == "identity")
    founders = decode(section.parameters, IdentityParameters).authorities
    held = {(each.role, each.scope): each.key for each in founders}
    assert one.key("administrator").public == held[Role.BALLOT_ADMINISTRATOR, BODY]
