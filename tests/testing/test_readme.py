"""What a README leaves out is found."""

from importlib import resources

import pytest

from tallystick.contracts import measurement
from tallystick.testing.readme import undocumented


def test_an_empty_readme_leaves_out_everything() -> None:
    """Headings, records, commands with their fields, rejections, events, views and invariants."""
    missing = undocumented(measurement.CONTRACT, "")
    assert missing[:2] == ["## Concepts\n", "## State\n"]
    assert missing[7:10] == ["`measurement`", "`measurement.publish`", "`owner`"]
    assert "| 201 | `MeasurementNotFound` |" in missing
    assert {"`measurement-published`", "`measurement.show`"} <= set(missing)
    assert missing[-1] == measurement.CONTRACT.invariants[0].sentence


@pytest.mark.parametrize(
    "left_out",
    ["## Views\n", "`measurement.rely`", "| 213 | `IntervalsOverlap` |", "`measurement-corrected`"],
)
def test_one_thing_left_out_is_found(left_out: str) -> None:
    """Whatever is taken out of a complete README is named."""
    text = resources.files(measurement).joinpath("README.md").read_text(encoding="utf-8")
    assert undocumented(measurement.CONTRACT, text.replace(left_out, "")) == [left_out]
