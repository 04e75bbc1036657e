"""What the company asks: possible terms, and a list with a seller, a trustee and a latecomer."""

from tallystick.contracts.ballot.model import (
    Assurance,
    Base,
    Kind,
    roll_of,
    statement_period,
)
from tallystick.scenarios.meeting_cast import ABSENT, MEMBERS, SELLER, TRUSTEE, Cast
from tallystick.scenarios.meeting_terms import (
    CALLED_AT,
    LAND,
    document,
    per_rollam_terms,
    roll,
    sitting_terms,
)


def test_the_same_questions_have_another_base() -> None:
    """Those present at the sitting, all per rollam; texts and parts are the same."""
    sitting, rollam = sitting_terms(), per_rollam_terms()
    assert (Kind.SITTING, Kind.PER_ROLLAM) == (sitting.kind, rollam.kind)
    for one, other in zip(sitting.questions, rollam.questions, strict=True):
        assert (Base.PRESENT, Base.ALL) == (one.majority.base, other.majority.base)
        assert (one.text, one.options, one.majority.fraction) == (
            other.text,
            other.options,
            other.majority.fraction,
        )
    assert (Assurance.ADVANCED, Assurance.QUALIFIED) == (sitting.assurance, rollam.assurance)


def test_members_have_fifteen_days() -> None:
    """Per rollam the articles say nothing else."""
    assert 15 * 86_400_000 == statement_period(per_rollam_terms())
    assert CALLED_AT < sitting_terms().begin < sitting_terms().end < per_rollam_terms().begin


def test_the_list() -> None:
    """One holds for others, one is excluded from one question, six are not there at first."""
    lines = roll(Cast(time=0))
    by_name = dict(zip((member.name for member in MEMBERS), lines, strict=True))
    assert [TRUSTEE] == [name for name, line in by_name.items() if line.for_others]
    assert {SELLER: (LAND,)} == {n: line.excluded for n, line in by_name.items() if line.excluded}
    assert len(ABSENT) + 1 == sum(not line.available for line in lines)
    away = roll_of(roll(Cast(time=0), everybody_away=True), sitting_terms())
    assert (0, sum(member.shares for member in MEMBERS)) == (away.available, away.weight)


def test_documents_differ() -> None:
    """By name."""
    assert document("a") == document("a") != document("b")
