"""What a stranger infers is counted against the truth."""

from collections.abc import Iterator

import pytest

from tallystick.contracts.allowance.model import SALT_BYTES
from tallystick.scenarios.allowances_cast import NORTH, Member
from tallystick.scenarios.allowances_stranger import BOTH_PARTIES, Inference, infer
from tallystick.scenarios.allowances_years import Years
from tallystick.scenarios.scenario import AllRows
from tests.scenarios.small import stage_in
from tests.scenarios.test_allowances_desk import desk_in
from tests.scenarios.test_allowances_years import played

Play = tuple[Years, AllRows]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """Play the north, and build its read model."""
    folder = tmp_path_factory.mktemp("north")
    with played(folder, NORTH) as years:
        yield years, stage_in(folder).read_model(years.desks[0].ledger, folder / "index.sqlite")


def test_public_are_names_units_and_baselines(play: Play) -> None:
    """And nothing that ties an account to a unit, or to a name."""
    years, rows = play
    found = infer(years.desks[0], rows)
    assert all(each.is_within for each in found)
    assert [5, 4, 0, 0, 0, 0, 0, 0, 0] == [each.public for each in found]


def test_a_leak_tells_accounts_apart_from_holders(play: Play) -> None:
    """Units' accounts and what they hold are known, but no company, and no two parties."""
    years, rows = play
    found = {each.question: each for each in infer(years.desks[0], rows)}
    assert 4 == found["Which account serves which unit?"].leaked
    assert 0 == found["Which holder stands behind which account?"].leaked
    assert 0 == found[BOTH_PARTIES].leaked < found[BOTH_PARTIES].whole
    assert 1 == found["Who gave to whom by hand?"].leaked


def test_a_key_in_a_public_table_is_noticed(play: Play) -> None:
    """If a table showed an account's key, a stranger would know more than is said."""
    years, rows = play
    desk = years.desks[0]

    def with_keys(table: str) -> Iterator[dict[str, object]]:
        for row in rows(table):
            yield {**row, "key": desk.account("Birk 1").public, "holder": "Birkmoor Energy"}

    bad = {each.question for each in infer(desk, with_keys) if not each.is_within}
    assert {
        "Which holder runs which unit?",
        "Which account serves which unit?",
        "Which holder stands behind which account?",
        "What does an account hold?",
    } == bad


def test_a_salt_that_can_be_guessed_gives_a_holder_away(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stranger does try: with a salt of zeros, every commitment opens."""
    monkeypatch.setattr(
        Member, "salt", property(lambda _: bytes(SALT_BYTES), _ignore), raising=False
    )
    folder = tmp_path_factory.mktemp("zeros")
    with desk_in(folder) as desk:
        desk.seen.catch_up()
        rows = stage_in(folder).read_model(desk.ledger, folder / "index.sqlite")
        found = {each.question: each for each in infer(desk, rows)}
    behind = found["Which holder stands behind which account?"]
    assert behind.leaked == behind.whole == 5
    assert not behind.is_within


def _ignore(_member: object, _salt: object) -> None:
    """Let a salt be set in vain."""


def test_more_than_was_said_is_not_within() -> None:
    """Neither in public nor if everything leaks."""
    assert Inference("?", 4, 1, 2, 1, 2).is_within
    assert not Inference("?", 4, 2, 2, 1, 2).is_within
    assert not Inference("?", 4, 1, 3, 1, 2).is_within
