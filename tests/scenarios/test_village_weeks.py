"""Days are cut where the village's clocks say, and all of them reach the ledger."""

from pathlib import Path

from tallystick import compose
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.genesis import ledger_id
from tallystick.scenarios.local_time import to_local
from tallystick.scenarios.village_data import Village
from tallystick.scenarios.village_weeks import DayClock, Parties, Tally, days_of, fill
from tallystick.scenarios.village_work import DayWork, Example
from tests.scenarios.small import QUARTERS, small_village, stage_in

QUARTERS_A_DAY = 96
ID = RecordId(bytes(32))


def test_two_weeks_are_fourteen_days(village: Village) -> None:
    """Every quarter hour belongs to one day; the one on which clocks go forward is short."""
    days = days_of(village)
    lengths = [day.end - day.first for day in days]
    assert [QUARTERS_A_DAY] * 13 == [each for each in lengths if each == QUARTERS_A_DAY]
    assert [QUARTERS_A_DAY - 4] == [each for each in lengths if each != QUARTERS_A_DAY]
    assert [day.end for day in days[:-1]] == [day.first for day in days[1:]]
    assert (0, len(village.begins)) == (days[0].first, days[-1].end)


def test_a_day_is_published_the_morning_after(village: Village) -> None:
    """Six hours after its last quarter hour, when all its readings lie in the past."""
    for day in days_of(village):
        assert 1_000 * (village.begins[day.end - 1] + 900) + 6 * 3_600_000 == day.time
        assert to_local(day.time // 1_000).date() > to_local(village.begins[day.first]).date()


def test_a_day_clock_stands_until_it_is_set() -> None:
    """Its time is what it was set to."""
    clock = DayClock(5)
    assert (5, 5) == (clock(), clock())
    clock.milliseconds = 7
    assert 7 == clock()


def day_work(amount_wh: int | None, owners: list[list[PublicKey]]) -> DayWork:
    """Return a day with one number of everything, and an example of some amount."""
    example = None if amount_wh is None else Example(ID, ID, amount_wh)
    return DayWork([], [], [], [[] for _ in owners], owners, 3, 2, 1, 100, 90, 80, example=example)


def test_a_tally_counts_days_in() -> None:
    """Sums add up, quarter hours are numbered through, and the largest example stays."""
    tally = Tally()
    one, two, three = (PublicKey(bytes([n]) * 33) for n in (1, 2, 3))
    tally.add(day_work(None, [[one]]))
    tally.add(day_work(7, [[two], [three]]))
    tally.add(day_work(5, []))
    assert (9, 6, 3) == (tally.measurements, tally.certificates, tally.claims)
    assert (300, 270, 240) == (tally.produced_wh, tally.consumed_wh, tally.matched_wh)
    assert {one: (0, 0), two: (0, 1), three: (0, 2)} == tally.place_by_key
    assert tally.example is not None
    assert 7 == tally.example.amount_wh


def test_a_tally_books_time_by_step() -> None:
    """The same step done twice is one row with both counts."""
    tally = Tally()
    for count in (2, 3):
        with tally.timed("publish", count):
            pass
    (stage,) = tally.stages()
    assert ("publish", 5) == (stage.label, stage.count)
    assert stage.milliseconds >= 0


def test_the_whole_village_reaches_the_ledger(tmp_path: Path, village: Village) -> None:
    """Every reading has a measurement, at the time of the morning after."""
    small = small_village(village)
    parties = Parties(small)
    clock = DayClock(parties.genesis.time)
    stage = stage_in(tmp_path)
    with stage.open_ledger(tmp_path / "ledger", genesis=parties.genesis, clock=clock) as ledger:
        tally = fill(stage, ledger, small, parties.secrets(), clock)
        rows = list(compose.read_model(ledger, tmp_path / "index")("measurement_totals"))
        status = ledger.status()
    assert len(small.meters) * len(QUARTERS) == tally.measurements == len(tally.place_by_key)
    assert len(QUARTERS) == len(tally.matches)
    assert tally.produced_wh + tally.consumed_wh == sum(row["amount"] for row in rows)
    assert sum(map(sum, small.energy_wh)) == tally.produced_wh + tally.consumed_wh
    assert days_of(small)[-1].time <= status.time < days_of(small)[-1].time + 1_000
    assert ledger_id(parties.genesis) == status.ledger == parties.ledger
