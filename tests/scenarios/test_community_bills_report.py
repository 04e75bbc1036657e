"""The tables of bills add up to what they say."""

from tallystick.scenarios.community_bills_report import bills_section, house_section
from tallystick.scenarios.report_data import KILOWATT_HOURS, Table, write_amount
from tests.scenarios.lane import SMALL, played


def tables() -> list[Table]:
    """Return the tables of both sections."""
    sections = (bills_section(played().figures), house_section(played().figures))
    return [block for each in sections for block in each.blocks if isinstance(block, Table)]


def test_everybody_together_is_nothing() -> None:
    """The last row of the table of everybody is zero, to the millionth."""
    everybody = next(table for table in tables() if table.title == "Everybody, in EUR")
    assert ("All", "0.000000") == everybody.rows[-1]


def test_everybody_has_a_row() -> None:
    """Receivers, donors and flats have one each, and one for all."""
    cast = SMALL.cast
    counts = [len(table.rows) for table in tables()]
    assert [len(cast.receivers) + 1, len(cast.donors) + 1, 8, len(cast.house.flats) + 1] == counts


def test_what_the_sums_count_is_said() -> None:
    """Receivers' and donors' sums are not the headline's, and the text says why."""
    figures = played().figures
    both = write_amount(sum(figures.matched_wh), KILOWATT_HOURS)
    text = bills_section(figures).text
    assert f"the {both} of the headline are what was both in one trade" in text


def test_columns_add_up() -> None:
    """The bills of a table sum to the bill in its last row."""
    for table, column in zip(tables()[:2], (7, 4), strict=True):
        amounts = [row[column] for row in table.rows]
        *parts, whole = [int(str(text).replace(".", "")) for text in amounts]
        assert sum(parts) == whole
