"""What views say about shared productions, and what the read model keeps."""

from pathlib import Path

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.sharing.errors import KeyNotFound, NotAMember, NotShared
from tallystick.contracts.sharing.views import (
    DepositView,
    EnrolledView,
    KeyView,
    PartView,
    SharedView,
    ShowDeposit,
    ShowEnrolled,
    ShowKey,
    ShowShared,
)
from tallystick.core.errors import Rejected
from tallystick.index.index import Index
from tallystick.testing.keys import key
from tests.contracts.sharing.cases import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    CONSUMPTIONS,
    CONTRACTS,
    DEPOSIT,
    DORA,
    EMIL,
    KEY,
    MEMBERS,
    NOW,
    PRODUCED_WH,
    PRODUCTION,
    STRANGER,
    UNKNOWN,
    cast,
    do,
    sharing_of,
)

ABSENT: list[tuple[Record, type[Rejected]]] = [
    (ShowKey(UNKNOWN), KeyNotFound),
    (ShowDeposit(UNKNOWN, key(CARL)), KeyNotFound),
    (ShowDeposit(KEY, key(STRANGER)), NotAMember),
    (ShowEnrolled(UNKNOWN, BEGIN), KeyNotFound),
    (ShowShared(PRODUCTION), NotShared),
]


@pytest.mark.parametrize(("question", "expected"), ABSENT)
def test_what_is_not_there_is_rejected(question: Record, expected: type[Rejected]) -> None:
    """A question about nothing has its typed answer."""
    trial, _ = cast()
    with pytest.raises(expected):
        trial.ask(question)


def test_a_division_is_shown_with_its_parts() -> None:
    """Who got how much, paid what, and what was left over."""
    trial, id = cast()
    do(trial, sharing_of(id), STRANGER)
    expected = SharedView(
        key=id,
        produced_wh=PRODUCED_WH,
        rest_wh=0,
        parts=tuple(
            PartView(key(member), wh, wh)
            for member, wh in zip(MEMBERS, (500, 300, 200), strict=True)
        ),
        received=(750, 250),
        shared_at=NOW,
    )
    assert expected == trial.ask(ShowShared(PRODUCTION))
    assert DepositView(DEPOSIT - 500) == trial.ask(ShowDeposit(id, key(CARL)))
    found = trial.ask(ShowKey(KEY))
    assert isinstance(found, KeyView)
    assert 3 == len(found.terms.members)


def test_what_is_enrolled_is_shown_in_the_keys_order() -> None:
    """Also before anything is measured; whoever has enrolled nothing has nothing there."""
    trial, id = cast(members=(EMIL, DORA))
    expected = EnrolledView(PRODUCTION, (None, *CONSUMPTIONS[1:]))
    assert expected == trial.ask(ShowEnrolled(id, BEGIN))
    assert EnrolledView(None, (None, None, None)) == trial.ask(ShowEnrolled(id, BEGIN + 900))


def test_the_read_model_says_the_same(tmp_path: Path) -> None:
    """Each party's sums, as a real index makes them from events."""
    trial, id = cast()
    do(trial, sharing_of(id), STRANGER)
    index = Index(tmp_path / "index.sqlite", CONTRACTS, trial.state.ledger)
    try:
        index.catch_up([trial.founding, trial.close_block()])
        with index.read() as queries:
            members = queries.rows("sharing_members").rows
            incomes = queries.rows("sharing_incomes").rows
            (shared,) = queries.rows("sharing_productions").rows
            enrolled = queries.rows("sharing_enrolled").rows
    finally:
        index.close()
    assert {key(CARL): (500, 500), key(DORA): (700, 300), key(EMIL): (800, 200)} == {
        row["member"]: (row["deposited"], row["energy_wh"]) for row in members
    }
    assert {key(ANNA): 750, key(BEN): 250} == {row["account"]: row["received"] for row in incomes}
    assert {
        ("production", key(ANNA), PRODUCTION),
        *(
            ("consumption", key(member), id)
            for member, id in zip(MEMBERS, CONSUMPTIONS, strict=True)
        ),
    } == {(row["kind"], row["account"], row["measurement"]) for row in enrolled}
    assert {(id, BEGIN)} == {(row["key"], row["begin"]) for row in enrolled}
    assert (PRODUCTION, 1_000, 1_000) == (
        shared["production"],
        shared["credited_wh"],
        shared["paid"],
    )
