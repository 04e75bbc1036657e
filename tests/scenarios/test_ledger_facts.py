"""Conservation is judged to the watt-hour."""

from dataclasses import replace

import pytest

from tallystick.scenarios.ledger_facts import Conservation, LedgerFacts, is_conserved

WHOLE = Conservation(
    label="Wind",
    measured_wh=100,
    issued_wh=100,
    held_wh=40,
    locked_wh=5,
    claimed_wh=45,
    withdrawn_wh=7,
    expired_wh=3,
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (WHOLE, (0, True)),
        (replace(WHOLE, held_wh=39), (1, False)),
        (replace(WHOLE, locked_wh=6), (-1, False)),
        (replace(WHOLE, claimed_wh=44), (1, False)),
        (replace(WHOLE, withdrawn_wh=6), (1, False)),
        (replace(WHOLE, expired_wh=4), (-1, False)),
        (replace(WHOLE, issued_wh=101), (1, False)),
        (replace(WHOLE, measured_wh=101), (0, False)),
    ],
)
def test_conservation(facts: LedgerFacts, row: Conservation, expected: tuple[int, bool]) -> None:
    """Everything measured is issued, and everything issued is somewhere."""
    conserved = is_conserved(replace(facts, conservation=(WHOLE, row)))
    assert expected == (row.difference_wh, conserved)
