"""A file that ends its reader again and again is found out."""

from pathlib import Path

import pytest

from tallystick.store.doubts import Doubts
from tallystick.store.errors import StateDamaged


def test_ending_twice_in_a_row_is_no_chance(tmp_path: Path) -> None:
    """Once is forgiven, twice is not."""
    Doubts(tmp_path).note()
    Doubts(tmp_path).note()
    with pytest.raises(StateDamaged, match="2 times in a row"):
        Doubts(tmp_path)


def test_success_in_between_begins_anew(tmp_path: Path) -> None:
    """What went well clears what was before."""
    Doubts(tmp_path).note()
    second = Doubts(tmp_path)
    second.note()
    second.clear()
    second.note()
    Doubts(tmp_path).withdraw()
    assert [] == list(tmp_path.iterdir())


def test_a_known_damage_is_remembered(tmp_path: Path) -> None:
    """Condemned files are not tried again."""
    Doubts(tmp_path).condemn()
    with pytest.raises(StateDamaged):
        Doubts(tmp_path)
