"""What views say: one title, all of a kind, what depends on a car, how a roof is shared."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.title.commands import Rebind, Retire, Share, Transfer
from tallystick.contracts.title.errors import (
    NameNotFound,
    PageNotFound,
    TitleIsNotShared,
    TitleNotFound,
    TitleRejected,
)
from tallystick.contracts.title.model import PAGE, Standing, title_id
from tallystick.contracts.title.views import (
    FindTitle,
    ListDependants,
    ListTitles,
    ShareView,
    ShowShare,
    ShowTitle,
    TitleListView,
    TitleView,
)
from tallystick.core.holding import LockedFor
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tests.contracts.title.cases import (
    ALICE,
    BOB,
    CLERK,
    FIRST,
    FRESH,
    INSURER,
    LOCK,
    NOW,
    NOWHERE,
    POLICY,
    RED,
    SECOND,
    THIRD,
    UNKNOWN,
    WRECK,
    Town,
    car,
    cast,
    do,
    founded,
    insured,
    locked,
    shares,
)

ABSENT: list[tuple[Record, type[TitleRejected]]] = [
    (ShowTitle(UNKNOWN), TitleNotFound),
    (FindTitle("car", "VIN-0"), NameNotFound),
    (FindTitle("roof", "VIN-1"), NameNotFound),
    (ShowShare(UNKNOWN), TitleNotFound),
    (ShowShare(FIRST), TitleIsNotShared),
    (ListTitles("car", 1), PageNotFound),
    (ListTitles("boat", 1), PageNotFound),
    (ListDependants(NOWHERE, FIRST, 1), PageNotFound),
]


@pytest.mark.parametrize(("question", "expected"), ABSENT)
def test_what_is_not_there_is_rejected(question: Record, expected: type[TitleRejected]) -> None:
    """A question about nothing has its typed answer."""
    with pytest.raises(expected):
        cast().ask(question)


def test_who_looks_for_a_name_is_told_the_name() -> None:
    """Not an id that he never saw."""
    with pytest.raises(NameNotFound, match="name: no car 'nix' was ever registered"):
        cast().ask(FindTitle("car", "nix"))


def test_a_list_asks_for_its_kind_alone() -> None:
    """The first page of what is not retired, unless somebody says otherwise."""
    assert ListTitles("car", 0, retired=False) == ListTitles("car")
    assert ListDependants(NOWHERE, FIRST, 0) == ListDependants(NOWHERE, FIRST)


def test_a_title_is_shown_by_id_and_by_name() -> None:
    """With the lock that binds it, and without one that has lapsed."""
    trial = cast()
    locked(trial, until=NOW + 5)
    expected = TitleView(
        title=FIRST,
        kind="car",
        name="VIN-1",
        owner=key(ALICE),
        attributes=RED,
        registered_at=NOW,
        retired_at=0,
        revision=2,
        lock=LockedFor("market", LOCK, NOW + 5),
        depends_on=None,
        standing=Standing.INDEPENDENT,
    )
    assert expected == trial.ask(ShowTitle(FIRST))
    assert expected == trial.ask(FindTitle("car", "VIN-1"))
    trial.move_to(NOW + 5)
    shown = trial.ask(ShowTitle(FIRST))
    assert isinstance(shown, TitleView)
    assert shown.lock is None


def listed(trial: Neighbour, question: Record) -> tuple[int, list[bytes]]:
    """Return how many pages a list has, and the ids on the page that was asked for."""
    found = trial.ask(question)
    assert isinstance(found, TitleListView)
    return found.pages, [each.title for each in found.titles]


def test_all_of_a_kind_are_listed() -> None:
    """In order of registration; what is retired only if it is asked for."""
    trial = cast()
    do(trial, car("VIN-1", kind="roof"), ALICE, CLERK)
    assert (1, [FIRST, SECOND, THIRD]) == listed(trial, ListTitles("car"))
    everything = ListTitles("car", retired=True)
    assert (1, [FIRST, SECOND, THIRD, WRECK]) == listed(trial, everything)
    assert (1, [title_id("roof", "VIN-1")]) == listed(trial, ListTitles("roof"))
    assert (0, []) == listed(trial, ListTitles("boat"))


def test_a_long_list_has_pages() -> None:
    """A full one first."""
    trial = founded()
    for start in range(0, PAGE, 64):
        do(trial, [car(f"{n}") for n in range(start, start + 64)], ALICE, CLERK)
    assert (1, PAGE) == (listed(trial, ListTitles("car"))[0], len(ids(trial, 0)))
    do(trial, car(), ALICE, CLERK)
    assert (2, PAGE) == (listed(trial, ListTitles("car"))[0], len(ids(trial, 0)))
    assert [title_id("car", "VIN-9")] == ids(trial, 1)


def ids(trial: Neighbour, page: int) -> list[bytes]:
    """Return the cars on a page."""
    return listed(trial, ListTitles("car", page))[1]


def dependants(town: Town, car_id: RecordId = FIRST) -> list[bytes]:
    """Return what depends on a car now."""
    question = ListDependants(town.cars.state.ledger, car_id)
    return listed(town.policies, question)[1]


def test_what_depends_on_a_car() -> None:
    """What was ended, or insures another car since, is left out."""
    town = insured()
    town.insure("P-22")
    second = title_id("insurance", "P-22")
    assert [POLICY, second] == dependants(town)
    do(town.policies, Transfer(second, key(BOB)), ALICE)
    assert [POLICY, second] == dependants(town)
    do(town.policies, Retire(second), BOB)
    assert [POLICY] == dependants(town)
    change = town.held(town.holding(SECOND))
    rebind = Rebind(POLICY, town.named(change, SECOND))
    do(town.policies, [town.commit(change), rebind], INSURER, ALICE)
    assert ([], [POLICY]) == (dependants(town), dependants(town, SECOND))
    assert [] == listed(town.policies, ListDependants(NOWHERE, FIRST))[1]
    assert FRESH not in dependants(town)


def test_how_a_roof_is_shared() -> None:
    """As what, since when, and in how many parts."""
    trial = cast()
    id = shares(trial)
    do(trial, Share(FIRST, id), ALICE)
    assert ShareView(id, NOW + 1, 100, 0) == trial.ask(ShowShare(FIRST))
