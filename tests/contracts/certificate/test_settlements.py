"""What becomes of a settlement when one of its parts comes, changes or goes."""

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.model import Part, Settlement
from tallystick.contracts.certificate.settlements import find_part, with_less, with_mark, with_part

CONSUMPTION, A, B, C = (RecordId(bytes([n]) * 32) for n in range(4))
PART_A, PART_B = Part(A, 10, withdrawn=False), Part(B, 5, withdrawn=True)
BOTH = Settlement(CONSUMPTION, (PART_A, PART_B), 15)


def test_a_part_is_added_at_the_end() -> None:
    """The latest claim is the last part."""
    part = Part(C, 3, withdrawn=False)
    assert Settlement(CONSUMPTION, (PART_A, PART_B, part), 18) == with_part(BOTH, part)


@pytest.mark.parametrize(("id", "expected"), [(A, PART_A), (B, PART_B), (C, None)])
def test_a_part_is_found_by_its_certificate(id: RecordId, expected: Part | None) -> None:
    """Or there is none."""
    assert expected == find_part(BOTH, id)


def test_a_mark_changes_one_part_and_no_total() -> None:
    """What is withdrawn still counts until it leaves."""
    marked = (Part(A, 10, withdrawn=True), PART_B)
    assert Settlement(CONSUMPTION, marked, 15) == with_mark(BOTH, A)


@pytest.mark.parametrize(
    ("amount_wh", "parts", "total_wh"),
    [
        (4, (PART_A, Part(B, 4, withdrawn=True)), 14),
        (0, (PART_A,), 10),
    ],
)
def test_a_part_shrinks_with_its_mark_and_goes_at_zero(
    amount_wh: int, parts: tuple[Part, ...], total_wh: int
) -> None:
    """The total follows."""
    assert Settlement(CONSUMPTION, parts, total_wh) == with_less(BOTH, B, amount_wh)
