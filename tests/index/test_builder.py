"""Events are folded by the contract that declares them."""

from dataclasses import replace

import pytest

from tallystick.core.projection import Projection
from tallystick.index.builder import Fold, folds_by_event
from tests.index.toy import EVENTS, TOY, BoxPut, fold


def other_fold(_event: object, _time: int) -> tuple[()]:
    """Change nothing."""
    return ()


LATER = replace(TOY, version=2, events=(BoxPut,), projection=Projection((), other_fold))


@pytest.mark.parametrize("contracts", [(TOY, LATER), (LATER, TOY)])
def test_the_latest_version_folds_what_all_versions_report(contracts: tuple[()]) -> None:
    """Events that only an earlier version reports are still folded, by that version."""
    folds: dict[type, Fold | None] = dict.fromkeys(EVENTS, fold)
    assert folds | {BoxPut: other_fold} == folds_by_event(contracts)


def test_events_of_a_contract_without_projection_are_known_and_not_folded() -> None:
    """They decode, and change no row."""
    silent = replace(TOY, projection=None)
    assert dict.fromkeys(EVENTS) == folds_by_event((silent,))


def test_an_event_has_one_contract() -> None:
    """Two contracts that report the same event would fold it twice."""
    with pytest.raises(ValueError, match="BoxPut is reported by toy and twin"):
        folds_by_event((TOY, replace(TOY, name="twin")))


def test_contracts_without_events_are_refused() -> None:
    """There would be nothing to fold."""
    with pytest.raises(ValueError, match="report nothing"):
        folds_by_event((replace(TOY, events=()),))
