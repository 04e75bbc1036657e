"""Minutes are shown in words, and say what the record says."""

from msgspec.structs import replace

from tallystick.contracts.ballot.minutes import minutes_of, minutes_view
from tallystick.contracts.ballot.model import Minutes, minutes_id
from tests.contracts.ballot.cases import (
    ANNA,
    CARA,
    FOR,
    SITTING,
    ballot_of,
    closed,
    do,
    on,
    sitting,
)


def minutes() -> Minutes:
    """Return what came of a vote in which one question is carried, and two are not."""
    trial, id = sitting()
    do(trial, ballot_of(id, ANNA, on(0, FOR, 50), on(2, 1, 50)), ANNA)
    do(trial, ballot_of(id, CARA), CARA)
    closed(trial, id)
    found = trial.read(Minutes, minutes_id(id))
    assert found is not None
    return found


def test_options_stand_beside_totals() -> None:
    """Whoever reads `chosen 0` and `150/0/0` need not look the ballot up."""
    view = minutes_view(SITTING, minutes())
    shown = [(each.text, each.chosen_option) for each in view.results]
    assert ("General meeting", 2) == (view.title, view.voters)
    assert [("Profit", "for"), ("Charter", None), ("Chair", None)] == shown
    assert (("for", "against", "abstain"), (150, 0, 0)) == (
        view.results[0].options,
        view.results[0].totals,
    )
    assert (("x", "y", "none"), (0, 50, 0)) == (view.results[2].options, view.results[2].totals)


def test_a_stranger_gets_the_record_from_what_is_shown() -> None:
    """To hold a recount against it; what was changed in the view is changed in the record."""
    record = minutes()
    view = minutes_view(SITTING, record)
    assert record == minutes_of(view)
    assert record != minutes_of(replace(view, weight=view.weight + 1))
