"""Days and hours of the village add up to the whole, in local time."""

from collections import Counter

from tallystick.scenarios.local_time import name_day, to_local
from tallystick.scenarios.matching import Match
from tallystick.scenarios.report_data import Hue
from tallystick.scenarios.village_data import TECHNOLOGIES, Village
from tallystick.scenarios.village_figures import (
    Balance,
    EnergySeries,
    Source,
    by_day,
    by_hour,
    coverage,
    energy_series,
    name_quarter,
    order_plants,
    total,
)

AUTUMN_MIDNIGHT = 1_477_778_400
"""2016-10-30T00:00 in Berlin, a day of a hundred quarter hours."""


def test_total(energy: EnergySeries) -> None:
    """The whole period has the known totals, and its rest is missing or surplus."""
    whole = total(energy)
    assert Balance("all", 1340, 16_551_964, 16_930_658, 10_760_442) == whole
    assert (6_170_216, 5_791_522) == (whole.missing_wh, whole.surplus_wh)


def test_technologies(energy: EnergySeries) -> None:
    """What each technology made and what of it was matched is known."""
    found = [
        (source.label, source.plants, sum(source.produced_wh), sum(source.matched_wh))
        for source in energy.sources
    ]
    assert [
        ("Biomass", 3, 705_544, 510_422),
        ("Hydro", 1, 97_429, 61_457),
        ("Wind", 6, 7_522_023, 4_396_027),
        ("Solar parks", 2, 50_848, 11_003),
        ("Rooftop solar", 27, 8_176_120, 5_781_533),
    ] == found


def test_order_plants(village: Village) -> None:
    """Roofs come first, and else the order of the file is kept."""
    plants = order_plants(village)
    technologies = [village.meters[plant].technology for plant in plants]
    assert [True] * 27 + [False] * 12 == [bool(one and one.is_roof) for one in technologies]
    assert sorted(plants[:27]) + sorted(plants[27:]) == plants


def test_energy_series_without_matches(village: Village) -> None:
    """A village that matched nothing still made and used the same."""
    nothing: list[list[Match]] = [[] for _ in village.begins]
    energy = energy_series(village, nothing)
    assert [(0,) * 1340] * len(TECHNOLOGIES) == [source.matched_wh for source in energy.sources]
    assert (16_551_964, 16_930_658) == (total(energy).produced_wh, total(energy).consumed_wh)


def test_by_day(energy: EnergySeries) -> None:
    """There are 14 local days, one of 23 hours, that add up to the whole."""
    days = by_day(energy, name_day)
    assert [96] * 6 + [92] + [96] * 7 == [day.quarters for day in days]
    assert ("Mon 21 Mar", "Sun 27 Mar", "Sun 3 Apr") == (
        days[0].label,
        days[6].label,
        days[13].label,
    )
    assert_adds_up(days, energy)


def test_by_hour(energy: EnergySeries) -> None:
    """The hour that clocks skipped occurs on one day less, and the hours add up to the whole."""
    hours = by_hour(energy)
    assert [56, 56, 52] + [56] * 21 == [hour.quarters for hour in hours]
    assert ("00-01", "23-24") == (hours[0].label, hours[23].label)
    assert_adds_up(hours, energy)


def test_coverage(energy: EnergySeries) -> None:
    """Every quarter hour but the skipped ones has a percentage, computed naively here."""
    cells = coverage(energy)
    absent = [
        (day, place)
        for day, row in enumerate(cells)
        for place, value in enumerate(row)
        if value is None
    ]
    assert [(6, 8), (6, 9), (6, 10), (6, 11)] == absent
    matched = [
        sum(amounts) for amounts in zip(*(s.matched_wh for s in energy.sources), strict=True)
    ]
    for place, begin in enumerate(energy.begins):
        local = to_local(begin)
        day = (local.date() - to_local(energy.begins[0]).date()).days
        expected = 100 * matched[place] // energy.consumed_wh[place]
        assert expected == cells[day][local.hour * 4 + local.minute // 15]


def test_autumn_day() -> None:
    """The hour that occurs twice is one row of the day's hours, with both energies."""
    begins = tuple(range(AUTUMN_MIDNIGHT, AUTUMN_MIDNIGHT + 100 * 900, 900))
    source = Source("Wind", Hue.SKY, 1, (3,) * 100, (2,) * 100)
    energy = EnergySeries(begins, 1, (4,) * 100, (source,))
    assert [Balance("Sun 30 Oct", 100, 300, 400, 200)] == [*by_day(energy, name_day)]
    assert Balance("02-03", 8, 24, 32, 16) == by_hour(energy)[2]
    assert ((50,) * 96,) == coverage(energy)


def test_no_use_has_no_coverage() -> None:
    """Where nothing was used, nothing can be covered."""
    energy = EnergySeries((AUTUMN_MIDNIGHT,), 0, (0,), ())
    assert {None: 96} == Counter(coverage(energy)[0])


def test_name_quarter() -> None:
    """A quarter hour is named by its beginning."""
    assert ["00:00", "02:45", "23:45"] == [name_quarter(place) for place in (0, 11, 95)]


def assert_adds_up(balances: tuple[Balance, ...], energy: EnergySeries) -> None:
    """Compare the sum of balances with the whole."""
    whole = total(energy)
    sums = (
        sum(balance.quarters for balance in balances),
        sum(balance.produced_wh for balance in balances),
        sum(balance.consumed_wh for balance in balances),
        sum(balance.matched_wh for balance in balances),
    )
    assert (whole.quarters, whole.produced_wh, whole.consumed_wh, whole.matched_wh) == sums
