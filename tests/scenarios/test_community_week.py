"""Everything happens when it should, and what must be refused is."""

from tests.scenarios.lane import SMALL, played

REFUSED = {
    "An order of somebody who is not admitted": "market 508",
    "An order after the gate has closed": "market 516",
    "An availability that another key has signed": "device 711",
    "Sold production, given away before it is settled": "certificate 312",
    "A settlement before a late reading was waited for": "market 557",
    "A trade that is settled twice": "market 551",
    "A meter enrolled as a flat's by somebody else": "sharing 761",
    "A production that is shared twice": "sharing 771",
}


def test_misuse_is_refused_for_the_right_reason() -> None:
    """Each attempt was made once, and refused by the rule that is about it."""
    refusals = played().week.log.refusals
    assert REFUSED == {label: by for label, by, _ in refusals}
    assert len(REFUSED) == len(refusals)
    assert all(is_right for _, _, is_right in refusals)


def test_the_agenda_has_all_moments() -> None:
    """Five for each day, and one each for the line, the silence, the correction and the close."""
    assert 5 * SMALL.days + 4 == played().week.moments()


def test_a_silent_meter_is_billed_in_the_end() -> None:
    """Its trades count nothing first, and later what the meter says; the difference was due."""
    log, corrections = played().week.log, played().week.seen.corrections
    before, after = zip(*((each.before, each.after) for each in corrections), strict=True)
    assert {True} == {each.missing for each in before}
    assert {False} == {each.missing for each in after}
    assert 0 == sum(each.consumed_wh for each in before)
    paid = sum(new.buyer_pays - old.buyer_pays for old, new in zip(before, after, strict=True))
    assert paid == log.late_due > 0
