"""The file of readings that workers share."""

from pathlib import Path

from tallystick.scenarios.tokens_readings import Reading, Readings

SOME = [Reading(f"r{n}", n + 1) for n in range(5)]


def test_a_reading_is_linked_once(tmp_path: Path) -> None:
    """The first token stays, and only what has none is handed out."""
    readings = Readings(tmp_path / "readings")
    readings.create(SOME)
    assert set(SOME) == set(readings.without_token(10))
    assert 2 == len(readings.without_token(2))
    assert 2 == readings.link([("r0", "a"), ("r1", "b")])
    assert 1 == readings.link([("r1", "c"), ("r2", "d"), ("nobody", "e")])
    assert 3 == readings.count_linked()
    assert {"r0": "a", "r1": "b", "r2": "d", "r3": None, "r4": None} == readings.tokens()
    assert set(SOME[3:]) == set(readings.without_token(10))
