"""What a resolution is, and which settings make sense."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from tallystick.base.encoding import decode, encode
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.contracts.ballot.model import Fraction
from tallystick.contracts.governance.model import (
    GovernanceParameters,
    Proposal,
    Resolution,
    SetParameters,
    SetVersion,
    Status,
    acts_of,
    problem_with,
    proposal_id,
    releases_of,
    resolution_hash,
    settings_of,
    status_of,
)
from tallystick.contracts.identity.commands import Disown
from tallystick.core.release import Release, Setting
from tallystick.testing.strategies import records
from tests.contracts.governance.cases import HEIGHT, NOW, PARAMETERS, UNKNOWN, resolution

HERE, THERE = LedgerId(bytes(32)), LedgerId(bytes([1]) * 32)
DISOWN = Disown(THERE)


@given(records(Resolution))
def test_a_resolution_has_one_form(what: Resolution) -> None:
    """What is hashed can be read again, whatever is to be different."""
    assert what == decode(encode(what), Resolution)


def test_a_hash_is_of_one_resolution_on_one_ledger() -> None:
    """Whatever differs, another ledger included, is not what was voted on."""
    plain = resolution()
    others = [
        resolution_hash(THERE, plain),
        *(
            resolution_hash(HERE, replace(plain, **change))
            for change in (
                {"title": "Free"},
                {"height": HEIGHT + 1},
                {"expiry": NOW},
                {"changes": (SetVersion("till", 2),)},
            )
        ),
    ]
    assert resolution_hash(HERE, plain) == resolution_hash(HERE, resolution())
    assert len(others) == len({*others} - {resolution_hash(HERE, plain)})


def test_each_question_has_one_proposal() -> None:
    """Its id follows from both."""
    ids = {proposal_id(RecordId(bytes([n]) * 32), m) for n in range(5) for m in (0, 1, 255)}
    assert 15 == len(ids)


def test_changes_are_told_apart() -> None:
    """Versions and parameters are planned, acts are left to identity, each in its order."""
    what = resolution(
        SetVersion("a", 2), DISOWN, SetParameters("b", b"x"), SetVersion("c", 3), height=5
    )
    assert (Release(5, "a", 2), Release(5, "c", 3)) == releases_of(what)
    assert (Setting(5, "b", b"x"),) == settings_of(what)
    assert (DISOWN,) == acts_of(what)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        ({"notice_blocks_min": 1_000}, ""),
        ({"turnout": Fraction(1, 1)}, ""),
        ({"turnout": Fraction(0, 1), "majority": Fraction(0, 1)}, ""),
        ({"majority": Fraction(999_999, 1_000_000)}, ""),
        ({"notice_blocks_min": 1_001}, "notice_blocks_max: it is less than notice_blocks_min"),
        ({"turnout": Fraction(3, 2)}, "turnout: it is more than the whole"),
        ({"majority": Fraction(1, 1)}, "majority: nothing is more than the whole"),
        ({"majority": Fraction(2, 1)}, "majority: nothing is more than the whole"),
    ],
)
def test_settings_that_lock_everybody_out_are_found(
    changes: dict[str, object], problem: str
) -> None:
    """What nothing could ever satisfy would be the last decision."""
    assert problem == problem_with(replace(PARAMETERS, **changes))


def test_parameters_are_bounded() -> None:
    """A notice of no blocks, or of more than there will be, does not decode."""
    assert PARAMETERS == decode(encode(PARAMETERS), GovernanceParameters)


@pytest.mark.parametrize(
    ("enacted_height", "applied_height", "time", "status"),
    [
        (0, 0, NOW, Status.PROPOSED),
        (0, 0, resolution().expiry - 1, Status.PROPOSED),
        (0, 0, resolution().expiry, Status.LAPSED),
        (5, 0, NOW, Status.ENACTED),
        (5, 0, resolution().expiry, Status.ENACTED),
        (5, 9, resolution().expiry, Status.APPLIED),
    ],
)
def test_a_proposal_says_how_far_it_has_come(
    enacted_height: int, applied_height: int, time: int, status: Status
) -> None:
    """What was enacted in time stays enacted."""
    proposal = Proposal(resolution(), UNKNOWN, 0, 1, enacted_height, applied_height)
    assert status == status_of(proposal, time=time)
