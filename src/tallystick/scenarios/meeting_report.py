"""Tell the story of the meeting: who said what, what came of it, and who can check that."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tallystick.contracts.ballot.model import Finding, Result

from .meeting_cast import (
    ABSENT,
    AT_THE_DEVICE,
    LATECOMER,
    MEMBERS,
    SELLER,
    TOO_LATE,
    Member,
)
from .meeting_proofs import Held
from .meeting_terms import OPTIONS, TITLES
from .report_data import (
    COUNT,
    Bars,
    Fact,
    Gauge,
    Hue,
    Listing,
    Report,
    Section,
    Series,
    Share,
    Table,
    write_amount,
)

CLAIMS = {
    "roll_is_the_list": "the roll on the ledger is that of the company's list",
    "opened_with_its_quorum": "the sitting opened only when its quorum was there",
    "totals_are_what_was_said": "the totals are what members said, to the share",
    "base_is_who_was_there": "majorities are of those who were there, the latecomer among them",
    "delegates_keep_weights_apart": "who represents somebody has two weights, one by one",
    "conflict_counts_nowhere": "the seller's shares are in no base of the land purchase",
    "device_spoke_for_those_in_the_hall": "whose key nobody vouches for voted with the device",
    "late_statements_refused": "what came too late counted neither time",
    "silence_refused_per_rollam": "the same opinions changed the articles only at the sitting",
    "delivered_to_everybody": "the proposal per rollam reached all forty",
    "misuse_refused": "everything that should be refused was, for the right reason",
    "recount_agrees": "a stranger who counts again comes to the minutes",
    "forgery_noticed": "a vote that is turned round or left out is noticed",
    "minutes_signed": "the administrator has signed the minutes",
    "minutes_proven": "the ledger's checkpoint proves the minutes",
    "read_model_agrees": "the read model has the same totals",
    "audited": "replaying the ledger meets every root",
}
HUES = (Hue.GREEN, Hue.VERMILION, Hue.YELLOW)
SHORT = ("profit", "land", "articles")


def meeting_report(sitting: Held, rollam: Held, proved: Mapping[str, bool]) -> Report:
    """Put the whole report together."""
    statements = sum(len(each.assembly.told.spoken) for each in (sitting, rollam))
    profit = sitting.minutes.results[0]
    return Report(
        title="A company meets",
        headline=(
            f"{len(MEMBERS)} members: {_carried(sitting)} of {len(TITLES)} at the sitting, "
            f"{_carried(rollam)} of {len(TITLES)} per rollam"
        ),
        lead=(
            f"{len(MEMBERS)} members with unequal shares decide on three questions: at a sitting, "
            f"and then again per rollam. Two are represented, one holds for others and splits, "
            f"{SELLER} may not vote on buying {SELLER}'s land, {LATECOMER} comes late, and "
            f"{TOO_LATE}'s vote arrives too late. {len(AT_THE_DEVICE)} vote with the device in "
            f"the hall. Nobody has changed his mind per rollam, but {len(ABSENT)} say nothing; "
            "there silence refuses, and the articles stay as they are."
        ),
        gauges=tuple(
            Gauge(
                f"For changing the articles, {name}",
                f"{held.minutes.results[2].totals[0]:,} of {held.minutes.results[2].base:,} shares",
                Share(held.minutes.results[2].totals[0], held.minutes.results[2].base),
                hue,
            )
            for name, held, hue in (
                ("of those present", sitting, Hue.GREEN),
                ("of all, per rollam", rollam, Hue.ORANGE),
            )
        ),
        facts=(
            Fact("shares", f"{profit.eligible:,}"),
            Fact("statements", f"{statements:,}"),
            *(
                Fact(name.replace("_", " "), "yes" if holds else "NO", holds)
                for name, holds in proved.items()
            ),
        ),
        sections=(
            _count(sitting, rollam),
            _minutes("The minutes of the sitting", sitting),
            _minutes("The minutes of the vote per rollam", rollam),
            _members(sitting),
            _refused(sitting, rollam),
            _proved(proved),
        ),
        colophon=(
            "The company and its members are invented. Their shares and opinions are stated in "
            "scenarios/meeting_cast.py."
        ),
    )


def _count(sitting: Held, rollam: Held) -> Section:
    """Show what each question came to, both times."""
    named = (("sitting", sitting), ("per rollam", rollam))
    results = [
        (name, result)
        for n in range(3)
        for name, held in named
        for result in (held.minutes.results[n],)
    ]
    chart = Bars(
        title="Shares for and against",
        summary="Upwards what was said, downwards who was in the base and said nothing.",
        unit=COUNT,
        labels=tuple(f"{SHORT[result.question]}, {name}" for name, result in results),
        caption_title="Carried",
        captions=tuple(_verdict(result) for _, result in results),
        above=tuple(
            Series(option, hue, tuple(result.totals[place] for _, result in results))
            for place, (option, hue) in enumerate(zip(OPTIONS, HUES, strict=True))
        ),
        below=(
            Series(
                "silent",
                Hue.GREY,
                tuple(max(0, result.base - sum(result.totals)) for _, result in results),
            ),
        ),
    )
    text = (
        "At the sitting a majority is one of those who are there, whoever votes among them. Per "
        "rollam it is one of all votes. Who may not vote on a question is in neither base."
    )
    return Section("The count", text, (chart,))


def _minutes(title: str, held: Held) -> Section:
    """Show minutes with every reason, and what a stranger needs to check them."""
    minutes = held.minutes
    rows = [("the vote", *_reason(each)) for each in minutes.findings]
    for result in minutes.results:
        rows += [(TITLES[result.question], *_reason(each)) for each in result.findings]
    results = tuple(
        (
            TITLES[result.question],
            *(write_amount(each, COUNT) for each in result.totals),
            write_amount(result.base, COUNT),
            _verdict(result),
        )
        for result in minutes.results
    )
    text = (
        f"Closed {_moment(minutes.closed_at)}, signed {_moment(minutes.signed_at)}. "
        f"{minutes.voters} entries of the roll with {minutes.weight:,} shares have spoken. The "
        "hash covers every event from the call to the last vote."
    )
    counted = held.checked.counted.record
    record = f"in the minutes  {minutes.record.hex()}\ncounted again   {counted.hex()}"
    return Section(
        title,
        text,
        (
            Table("Results", ("Question", *OPTIONS, "Base", "Carried"), results),
            Table("Every reason", ("Of", "Check", "Found", "Needed", "Holds"), tuple(rows)),
            Listing("The public record", record),
        ),
    )


def _members(sitting: Held) -> Section:
    """Show who said what."""
    rows = tuple(
        (member.name, write_amount(member.shares, COUNT), *_answers(sitting, member))
        for member in MEMBERS
    )
    text = (
        "A vote in public is public. Who holds for others may split; what a secret vote needs "
        "behind the same rules is for later."
    )
    header = ("Member", "Shares", "How", *TITLES)
    return Section("Who said what at the sitting", text, (Table("Forty members", header, rows),))


def _answers(held: Held, member: Member) -> tuple[str, ...]:
    """Return how a member voted, and what was said on each question."""
    spoken = [each for each in held.assembly.told.spoken if each.member is member]
    ways = ", ".join(dict.fromkeys(each.how for each in spoken)) or _why_silent(member)
    choices = [choice for each in spoken for choice in each.choices]
    answers = []
    for question in range(len(TITLES)):
        own = [each for each in choices if each.question == question]
        if len(own) > 1:
            answers.append(" ".join(f"{OPTIONS[each.option]} {each.weight}" for each in own))
        elif own:
            answers.append(OPTIONS[own[0].option])
        else:
            answers.append("excluded" if spoken else "")
    return (ways, *answers)


def _why_silent(member: Member) -> str:
    """Say why nothing was said."""
    return "too late" if member.name == TOO_LATE else "not there"


def _refused(sitting: Held, rollam: Held) -> Section:
    """Show what was tried and refused."""
    rows = tuple(
        (name, what, "refused" if well else "NOT REFUSED")
        for name, held in (("sitting", sitting), ("per rollam", rollam))
        for what, well in held.assembly.told.refused.items()
    )
    text = "Each is refused for its own reason, and nothing is written."
    table = Table("Tried", ("Vote", "What", "Outcome"), rows)
    return Section("What was refused", text, (table,))


def _proved(proved: Mapping[str, bool]) -> Section:
    """Show what was claimed, and whether it holds."""
    rows = tuple((CLAIMS[name], "yes" if holds else "NO") for name, holds in proved.items())
    text = (
        "A stranger has the journal and the list of voters, and takes nothing from the ledger's "
        "own totals."
    )
    return Section("What was proved", text, (Table("Claims", ("Claim", "Holds"), rows),))


def _reason(finding: Finding) -> tuple[str, str, str, str]:
    """Show one reason."""
    return (
        finding.check.value,
        write_amount(finding.found, COUNT),
        write_amount(finding.needed, COUNT),
        "yes" if finding.holds else "no",
    )


def _verdict(result: Result) -> str:
    """Say whether a motion is carried."""
    return "no" if result.chosen is None else "yes"


def _carried(held: Held) -> int:
    """Return how many questions were carried."""
    return sum(each.chosen is not None for each in held.minutes.results)


def _moment(milliseconds: int) -> str:
    """Write a moment. [ms since the epoch, UTC]"""
    return f"{datetime.fromtimestamp(milliseconds // 1_000, UTC):%Y-%m-%d %H:%M} UTC"
