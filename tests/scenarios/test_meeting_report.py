"""The report of the meeting shows every member, every reason, and every claim."""

from tallystick.scenarios.meeting_cast import MEMBERS
from tallystick.scenarios.meeting_report import CLAIMS, meeting_report
from tallystick.scenarios.report_data import Bars, Listing, Table
from tests.scenarios.mill import played

PROVED = {**played().proved, "audited": True}
REPORT = meeting_report(played().sitting, played().rollam, PROVED)


def tables() -> dict[str, list[Table]]:
    """Return the tables of the report by section."""
    return {
        section.title: [each for each in section.blocks if isinstance(each, Table)]
        for section in REPORT.sections
    }


def test_the_headline_says_what_came_of_both() -> None:
    """The articles are changed at the sitting, and not per rollam."""
    assert "40 members: 3 of 3 at the sitting, 2 of 3 per rollam" == REPORT.headline


def test_every_member_is_shown() -> None:
    """With what was said, and why nothing was."""
    (table,) = tables()["Who said what at the sitting"]
    assert [member.name for member in MEMBERS] == [row[0] for row in table.rows]
    by_name = {row[0]: row for row in table.rows}
    assert ("not there", "", "", "") == by_name["Ivo"][2:]
    assert ("too late", "", "", "") == by_name["Hugo"][2:]
    assert ("Bruno", "application, the lawyer") == (by_name["Agnes"][2], by_name["Clara"][2])
    assert "excluded" == by_name["Dagmar"][4]
    assert "for 700 against 300 abstain 200" == by_name["Trustee"][3]


def test_every_reason_is_shown() -> None:
    """Of the whole vote and of each question, found and needed."""
    for title in ("The minutes of the sitting", "The minutes of the vote per rollam"):
        results, reasons = tables()[title]
        assert 3 == len(results.rows)
        assert 2 + 3 * 3 == len(reasons.rows)
    assert ("no",) == tables()["The minutes of the vote per rollam"][0].rows[2][-1:]
    hashes = [
        each.text
        for section in REPORT.sections
        for each in section.blocks
        if isinstance(each, Listing)
    ]
    assert all(
        text.count(held.minutes.record.hex()) == 2
        for text, held in zip(hashes, (played().sitting, played().rollam), strict=True)
    )


def test_the_count_is_drawn() -> None:
    """Each question twice; who is in the base and silent stands below."""
    (bars,) = (each for each in REPORT.sections[0].blocks if isinstance(each, Bars))
    assert ("yes", "yes", "yes", "yes", "yes", "no") == bars.captions
    for place, held in enumerate((played().sitting, played().rollam) * 3):
        result = held.minutes.results[place // 2]
        above = sum(series.values[place] for series in bars.above)
        assert result.base == above + bars.below[0].values[place]


def test_every_claim_is_shown() -> None:
    """And one that fails is bad."""
    assert set(PROVED) == set(CLAIMS)
    failed = meeting_report(played().sitting, played().rollam, {**PROVED, "audited": False})
    assert [False] == [fact.is_good for fact in failed.facts if fact.label == "audited"]
