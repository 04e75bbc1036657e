"""Hold the two votes to what they claim, from minutes, a stranger's count and the read model."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tallystick.contracts.ballot.model import Check, Finding, Minutes, roll_of
from tallystick.contracts.ballot.views import BallotView, ShowBallot

from .meeting_assembly import BY_APPLICATION, Assembly
from .meeting_cast import (
    ABSENT,
    AT_THE_DEVICE,
    LATECOMER,
    LAWYER,
    MEMBER_AS_DELEGATE,
    MEMBERS,
    REPRESENTED_BY_LAWYER,
    REPRESENTED_BY_MEMBER,
    SELLER,
    TOO_LATE,
)
from .meeting_held import BY_NAME, HALL
from .meeting_stranger import Checked
from .meeting_terms import ARTICLES, LAND, PROFIT, TITLES
from .scenario import AllRows


@dataclass(frozen=True, slots=True)
class Held:
    """A vote that was held, and what a stranger found about it."""

    assembly: Assembly
    """Everything that was done."""
    checked: Checked
    """What was found."""

    @property
    def minutes(self) -> Minutes:
        """Return what it came to."""
        return self.checked.minutes


def prove(sitting: Held, rollam: Held, rows: AllRows) -> dict[str, bool]:
    """Return each claim, and whether it holds."""
    both = (sitting, rollam)
    return {
        "roll_is_the_list": all(map(_roll_is_the_list, both)),
        "opened_with_its_quorum": _finding(sitting.minutes.findings, Check.QUORUM).holds,
        "totals_are_what_was_said": all(map(_totals_are_what_was_said, both)),
        "base_is_who_was_there": _base_is_who_was_there(sitting),
        "delegates_keep_weights_apart": all(map(_weights_apart, both)),
        "conflict_counts_nowhere": all(map(_conflict_counts_nowhere, both)),
        "device_spoke_for_those_in_the_hall": _device_was_used(sitting),
        "late_statements_refused": not any(TOO_LATE in _voters(each) for each in both),
        "silence_refused_per_rollam": _silence_refused(sitting, rollam),
        "delivered_to_everybody": _finding(rollam.minutes.findings, Check.DELIVERY).holds,
        "misuse_refused": all(all(each.assembly.told.refused.values()) for each in both),
        "recount_agrees": all(each.checked.agrees for each in both),
        "forgery_noticed": all(each.checked.is_forgery_noticed for each in both),
        "minutes_signed": all(each.minutes.signed_by is not None for each in both),
        "minutes_proven": all(each.checked.is_proven for each in both),
        "read_model_agrees": all(_rows_agree(each, rows) for each in both),
    }


def said(held: Held) -> Counter[tuple[int, int]]:
    """Add up, by question and option, what the story knows that members said. [shares]"""
    sums: Counter[tuple[int, int]] = Counter()
    for spoken in held.assembly.told.spoken:
        for each in spoken.choices:
            sums[each.question, each.option] += each.weight
    return sums


def _roll_is_the_list(held: Held) -> bool:
    """Tell whether the company's list comes to the roll on the ledger."""
    assembly = held.assembly
    view = assembly.ledger.ask(ShowBallot(assembly.ballot))
    if not isinstance(view, BallotView):
        raise TypeError("a vote was asked for")
    return view.roll == roll_of(assembly.lines, assembly.terms)


def _totals_are_what_was_said(held: Held) -> bool:
    """Tell whether the minutes say what was said, to the share."""
    sums = said(held)
    return all(
        list(result.totals) == [sums[result.question, option] for option in range(3)]
        for result in held.minutes.results
    )


def _base_is_who_was_there(held: Held) -> bool:
    """Tell whether the base is the weight of those who came, the latecomer among them."""
    there = sum(member.shares for member in MEMBERS if member.name not in ABSENT)
    seller = BY_NAME[SELLER].shares
    bases = [result.base for result in held.minutes.results]
    return bases == [there, there - seller, there] and LATECOMER in _voters(held)


def _weights_apart(held: Held) -> bool:
    """Tell whether a delegate's own shares and those of others were said one by one."""
    ways = {(each.member.name, each.how): len(each.choices) for each in held.assembly.told.spoken}
    return (
        ways.get((REPRESENTED_BY_MEMBER, MEMBER_AS_DELEGATE)) == len(TITLES)
        and ways.get((REPRESENTED_BY_LAWYER, LAWYER)) == 1
        and ways.get((REPRESENTED_BY_LAWYER, BY_APPLICATION)) == len(TITLES) - 1
        and ways.get((MEMBER_AS_DELEGATE, BY_APPLICATION)) == len(TITLES)
    )


def _conflict_counts_nowhere(held: Held) -> bool:
    """Tell whether the seller's shares are neither in the totals nor in the base of the land."""
    whole = sum(member.shares for member in MEMBERS)
    return held.minutes.results[LAND].eligible == whole - BY_NAME[SELLER].shares


def _device_was_used(held: Held) -> bool:
    """Tell whether those for whose keys nobody vouches voted with the device, and only they."""
    spoken = held.assembly.told.spoken
    return {each.member.name for each in spoken if each.how == HALL} == AT_THE_DEVICE


def _silence_refused(sitting: Held, rollam: Held) -> bool:
    """Tell whether the same opinions carried the articles in the sitting, and not per rollam."""
    same = said(sitting) == said(rollam)
    carried = [[each.chosen == 0 for each in held.minutes.results] for held in (sitting, rollam)]
    return same and carried[0][ARTICLES] and not carried[1][ARTICLES] and carried[1][PROFIT]


def _voters(held: Held) -> set[str]:
    """Return the names of those whose shares have spoken."""
    return {each.member.name for each in held.assembly.told.spoken}


def _rows_agree(held: Held, rows: AllRows) -> bool:
    """Tell whether the read model has the same totals."""
    found = {
        (row["question"], row["option"]): row["weight"]
        for row in rows("ballot_totals")
        if row["ballot"] == held.assembly.ballot
    }
    return found == {place: weight for place, weight in said(held).items() if weight}


def _finding(findings: Iterable[Finding], check: Check) -> Finding:
    """Return what was found about one condition."""
    return next(each for each in findings if each.check is check)
