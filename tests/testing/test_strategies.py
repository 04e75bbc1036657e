"""Strategies for records draw what decoding accepts."""

from enum import Enum
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta, inspect

from tallystick.base import encoding
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId
from tallystick.testing.strategies import records, values


class Colour(Enum):
    """Something to choose from."""

    RED = "red"
    BLUE = "blue"


class Inner(Record, tag="inner"):
    """A record inside another."""

    flag: bool
    """Anything."""


class Everything(Record, tag="everything"):
    """A field of every type that a record may have."""

    id: RecordId
    """Bytes of a length."""

    number: Annotated[int, Meta(ge=3, le=9)]
    """A bounded number."""

    free: int
    """A number of any size."""

    text: Annotated[str, Meta(min_length=1, max_length=3)]
    """A text of some length."""

    word: Annotated[str, Meta(max_length=4, pattern=r"^[ab]+\Z")]
    """A text of a pattern."""

    colour: Colour
    """A choice."""

    inner: Inner | None
    """A record, or none."""

    pair: tuple[int, bytes]
    """Two things."""

    several: Annotated[tuple[Inner, ...], Meta(min_length=1, max_length=2)]
    """A bounded array."""

    many: tuple[int, ...]
    """An array of any length."""


@settings(deadline=None)
@given(records(Everything))
def test_every_draw_decodes(record: Everything) -> None:
    """Whatever is drawn keeps every bound that its fields declare."""
    assert record == encoding.decode(encode(record), Everything)


@settings(deadline=None)
@given(st.data())
def test_unions_draw_each_member(data: st.DataObject) -> None:
    """A union's strategy draws any of its members."""
    drawn = data.draw(values(inspect.type_info(Inner | None)))
    assert drawn is None or isinstance(drawn, Inner)


def test_what_has_no_strategy_is_named() -> None:
    """A type without a strategy is a mistake that names itself."""
    with pytest.raises(TypeError, match="no strategy for LiteralType"):
        values(inspect.type_info(Literal["x"]))
