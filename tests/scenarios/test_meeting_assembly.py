"""One vote, step by step: what is said is written down, and so is what was refused."""

from pathlib import Path

import pytest

from tallystick.client.ledger import TransactionRejected
from tallystick.compose import open_ledger
from tallystick.contracts.ballot.errors import MinutesNotFound, SignerIsNotAdministrator
from tallystick.contracts.ballot.model import Choice
from tallystick.scenarios.meeting_assembly import BY_APPLICATION, Assembly, choices_of
from tallystick.scenarios.meeting_cast import MEMBERS, SELLER, TRUSTEE, TRUSTEE_SPLIT, Cast
from tallystick.scenarios.meeting_terms import CALLED_AT, LAND, per_rollam_terms, roll
from tallystick.scenarios.village_weeks import DayClock

BY_NAME = {member.name: member for member in MEMBERS}


def test_members_say_what_they_think() -> None:
    """With all their shares; the trustee splits, the excluded leaves a question out."""
    whole = choices_of(BY_NAME["Emil"], 1)
    assert [BY_NAME["Emil"].shares] == [each.weight for each in whole]
    split = choices_of(BY_NAME[TRUSTEE], 2)
    assert tuple(Choice(2, option, n) for option, n in enumerate(TRUSTEE_SPLIT)) == split


def test_an_assembly_tells_what_happened(tmp_path: Path) -> None:
    """What is refused for another reason, or accepted, is no refusal."""
    cast, clock = Cast(time=CALLED_AT), DayClock(CALLED_AT)
    with open_ledger(tmp_path / "ledger", genesis=cast.genesis, clock=clock) as ledger:
        assembly = Assembly(ledger, cast, clock, per_rollam_terms(), roll(cast))
        assembly.call()
        assert {choice.question for choice in assembly.statement(BY_NAME[SELLER]).choices} == {0, 2}
        assert LAND == 1
        assembly.at(per_rollam_terms().begin)
        opening = assembly.opening()
        assembly.attempt("by a stranger", SignerIsNotAdministrator, opening, "stranger")
        assembly.attempt("for another reason", MinutesNotFound, opening, "stranger")
        assembly.attempt("by who may", SignerIsNotAdministrator, opening, "administrator")
        assert [True, False, False] == list(assembly.told.refused.values())
        with pytest.raises(TransactionRejected):
            assembly.say(assembly.statement(BY_NAME["Emil"]), BY_APPLICATION, "Emil")
        assert [] == assembly.told.spoken
        assembly.at(0)
        assert per_rollam_terms().begin == clock.milliseconds
