"""The story of cars and insurances, with fewer cars: nothing is mixed or stuck, whoever dies."""

from pathlib import Path

import pytest

from tallystick.base.identifiers import PublicKey
from tallystick.contracts.title.model import Standing
from tallystick.scenarios.car import Title, play, prove
from tallystick.scenarios.car_office import Verdict
from tallystick.scenarios.car_race import Plan, Round, Sequel
from tallystick.testing.keys import key
from tests.scenarios.small import stage_in

PLAN = Plan(rounds=8, lasting=1_000)
QUESTIONS = 12


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """Every action works, offices die, and each car belongs to whom its insurance belongs to."""
    outcome = play(stage_in(tmp_path), PLAN)
    assert QUESTIONS == len(outcome["proved"])
    assert {True} == set(outcome["proved"].values())
    assert (8, 0, 0) == (outcome["changes"], outcome["mixed"], outcome["stuck"])
    ended = (outcome["first_buyer"], outcome["second_buyer"], outcome["unsold"])
    assert 8 == sum(ended)
    assert outcome["proved"].items() <= outcome.items()
    page = Path(outcome["report"]).read_text(encoding="utf-8")
    assert "8 contested sales" in page
    assert {"cars", "insurances"} == {Path(each).parent.name for each in outcome["ledgers"]}


ANNA, BEN = key(1), key(2)
HONEST = Round("A", [Sequel.GONE], [Verdict.SOLD])
FORCE = [Standing.IN_FORCE]


def end(car: PublicKey, policy: PublicKey, *, held: bool = False) -> dict[str, tuple[Title, Title]]:
    """Return how it stands with one car and its insurance."""
    return {"A": (Title(car, held=False), Title(policy, held=held))}


@pytest.mark.parametrize(
    ("told", "ends", "standings", "false"),
    [
        (HONEST, end(ANNA, ANNA), FORCE, set()),
        (HONEST, end(ANNA, BEN), FORCE, {"zero_mixed"}),
        (HONEST, end(ANNA, ANNA, held=True), FORCE, {"zero_stuck"}),
        (
            Round("A", [Sequel.GONE], [Verdict.SOLD, Verdict.SOLD]),
            end(ANNA, ANNA),
            FORCE,
            {"at_most_one_winner"},
        ),
        (
            Round("A", [Sequel.TWICE], [Verdict.UNTOLD]),
            end(ANNA, ANNA),
            FORCE,
            {"losers_are_told"},
        ),
        (
            Round("A", [], [Verdict.HELD, Verdict.REFUSED]),
            end(ANNA, ANNA),
            FORCE,
            {"offices_were_killed"},
        ),
        (HONEST, end(ANNA, ANNA), [Standing.LAPSED], {"insurances_follow_their_cars"}),
    ],
)
def test_a_difference_is_seen(
    told: Round,
    ends: dict[str, tuple[Title, Title]],
    standings: list[Standing],
    false: set[str],
) -> None:
    """Each claim fails for its own reason."""
    proved = prove([told], ends, standings)
    assert false == {name for name, holds in proved.items() if not holds}
