"""
Hypothesis strategies for records, made from what their fields declare.

This is the only module here that needs Hypothesis, which is not among the package's dependencies.
"""

from typing import Any, TypeVar

from hypothesis import strategies as st
from msgspec import inspect

from tallystick.base.encoding import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)

ELEMENTS_MAX = 4
"""How many elements an array gets at most, unless its type asks for more."""


def records(kind: type[AnyRecord]) -> st.SearchStrategy[AnyRecord]:
    """Return a strategy for every record of a kind that decoding would accept."""
    strategy: st.SearchStrategy[AnyRecord] = values(inspect.type_info(kind))
    return strategy


def values(shape: inspect.Type) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a type that has a canonical form."""
    match shape:
        case inspect.Metadata(type=inner):
            return values(inner)
        case inspect.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: values(field.type) for field in fields})
        case inspect.UnionType(types=members):
            return st.one_of([values(member) for member in members])
        case inspect.TupleType(item_types=items):
            return st.tuples(*[values(item) for item in items])
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            return _arrays(item, least or 0, most)
        case _:
            return _scalars(shape)


def _scalars(shape: inspect.Type) -> st.SearchStrategy[Any]:
    """Return a strategy for a type without parts."""
    match shape:
        case inspect.NoneType():
            return st.none()
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return _integers(shape)
        case inspect.BytesType(min_length=least, max_length=most):
            return st.binary(min_size=least or 0, max_size=most)
        case inspect.StrType():
            return _texts(shape)
        case inspect.EnumType(cls=cls):
            return st.sampled_from(list(cls))
    raise TypeError(f"no strategy for {shape}")


def _integers(shape: inspect.IntType) -> st.SearchStrategy[int]:
    """Return a strategy for the whole numbers within a type's bounds."""
    least = -(2**63) if shape.ge is None else shape.ge
    most = 2**64 - 1 if shape.le is None else shape.le
    if shape.gt is not None:
        least = max(least, shape.gt + 1)
    if shape.lt is not None:
        most = min(most, shape.lt - 1)
    return st.integers(least, most)


def _arrays(item: inspect.Type, least: int, most: int | None) -> st.SearchStrategy[Any]:
    """Return a strategy for short arrays of any length that is allowed."""
    longest = max(least, ELEMENTS_MAX if most is None else min(most, ELEMENTS_MAX))
    return st.lists(values(item), min_size=least, max_size=longest).map(tuple)


def _texts(shape: inspect.StrType) -> st.SearchStrategy[str]:
    """Return a strategy for texts of a length and, if the type says so, of a pattern."""
    least, most = shape.min_length or 0, shape.max_length
    if shape.pattern is None:
        return st.text(min_size=least, max_size=most)
    fitting = st.from_regex(shape.pattern)
    return fitting.filter(lambda text: least <= len(text) and (most is None or len(text) <= most))
