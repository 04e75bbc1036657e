"""
Canonical encoding: every value has exactly one form in bytes.

Records and commands are frozen Structs. Their canonical form is a MessagePack array: the type tag,
if the type declares one, then the fields in order, every integer and length in its shortest
form. Bytes are accepted only if encoding what they decode to gives the same bytes, so whoever signs
or hashes bytes signs or hashes their meaning.

Types whose bytes could differ for equal values (maps, sets, floats), that could grow with the
stack (recursive types) or that hold anything at all are refused when their Decoder is made.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final, Generic, TypeVar, dataclass_transform, overload

from msgspec import DecodeError, Struct, field, inspect
from msgspec.msgpack import Decoder as MessagePackDecoder
from msgspec.msgpack import Encoder
from msgspec.msgpack import decode as decode_message_pack

BYTES_MAX: Final = 2**20
"""How long an encoding may be unless the caller says otherwise. [bytes]"""
PROBLEM_CHARACTERS_MAX: Final = 200
VALUE_CHARACTERS_MAX: Final = 40

SCALARS: Final = (
    inspect.NoneType,
    inspect.BoolType,
    inspect.IntType,
    inspect.StrType,
    inspect.BytesType,
    inspect.EnumType,
    inspect.LiteralType,
)
"""Types whose every value has one encoding."""

T = TypeVar("T")

_ENCODER: Final = Encoder()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """
    What every record, command and event derives from, naming its `tag`.

    Frozen things that hold only frozen things never form a cycle, so the garbage collector is
    spared them. The decorator tells type checkers that what derives from it is frozen as well.
    """


class Malformed(ValueError):
    """Bytes that are not the canonical encoding of a value of the expected type."""

    def __init__(self, place: str, problem: str) -> None:
        """Name the field, from the outermost record inwards, and what is wrong with it."""
        super().__init__(f"{place}: {problem}")
        self.field = place
        self.problem = problem


class NotCanonical(TypeError):
    """A type that is declared with a part that has no canonical form: our mistake."""


class Decoder(Generic[T]):
    """
    Decodes bytes as one type, with everything that can be prepared prepared.

    `record_type` is a Record or a union of tagged ones.
    """

    @overload
    def __init__(
        self: "Decoder[T]", record_type: type[T], *, bytes_max: int = BYTES_MAX
    ) -> None: ...
    @overload
    def __init__(
        self: "Decoder[Any]", record_type: object, *, bytes_max: int = BYTES_MAX
    ) -> None: ...
    def __init__(self, record_type: Any, *, bytes_max: int = BYTES_MAX) -> None:
        """Refuse types without a canonical form, by NotCanonical."""
        self._shape = inspect.type_info(record_type)
        check_canonical(self._shape)
        self.decode_trusted: Callable[[bytes], T] = MessagePackDecoder(record_type).decode
        """Returns the value of bytes that we encoded or judged before, unjudged this time."""
        self._bytes_max = bytes_max

    def decode(self, data: bytes) -> T:
        """Return the value whose canonical encoding is `data`, or raise Malformed."""
        if len(data) > self._bytes_max:
            problem = f"{len(data)} bytes, at most {self._bytes_max} are allowed"
            raise Malformed(_name(self._shape), problem)
        try:
            value: T = self.decode_trusted(data)
        except (DecodeError, UnicodeDecodeError) as error:
            raise _explain(self._shape, data, error) from None
        again = _ENCODER.encode(value)
        if again != data:
            raise _not_canonical(self._shape, data, again)
        return value


def encode(value: object) -> bytes:
    """
    Return the canonical bytes of a record.

    Structs don't judge what they are built from: a value that breaks its field's bounds is encoded,
    and refused when it is decoded.
    """
    return _ENCODER.encode(value)


@overload
def decode(data: bytes, record_type: type[T], *, bytes_max: int = BYTES_MAX) -> T: ...
@overload
def decode(data: bytes, record_type: object, *, bytes_max: int = BYTES_MAX) -> Any: ...
def decode(data: bytes, record_type: object, *, bytes_max: int = BYTES_MAX) -> object:
    """Return the value whose canonical encoding is `data`, or raise Malformed."""
    return _decoder(record_type, bytes_max).decode(data)


@cache
def _decoder(record_type: object, bytes_max: int) -> Decoder[Any]:
    """Return the one Decoder for a type and bound; there are as many as the source names."""
    return Decoder(record_type, bytes_max=bytes_max)


def check_canonical(shape: inspect.Type, above: tuple[type, ...] = ()) -> None:
    """
    Raise NotCanonical if values of a type could have two encodings or nest without bound.

    `above` are the records that hold it. How deep a recursive type may nest would depend on the
    stack that is left, and so could differ between two nodes.
    """
    match shape:
        case inspect.Metadata(type=inner):
            check_canonical(inner, above)
        case inspect.UnionType(types=members):
            for member in members:
                check_canonical(member, above)
        case inspect.TupleType(item_types=items):
            for item in items:
                check_canonical(item, above)
        case inspect.VarTupleType(item_type=item):
            check_canonical(item, above)
        case inspect.StructType(cls=cls):
            if cls in above:
                raise NotCanonical(f"{cls.__name__} contains itself")
            if not (shape.array_like and shape.forbid_unknown_fields):
                raise NotCanonical(f"{cls.__name__} is not a Record")
            for part in shape.fields:
                check_canonical(part.type, (*above, cls))
        case _ if not isinstance(shape, SCALARS):
            inside = f" in {above[-1].__name__}" if above else ""
            raise NotCanonical(f"{type(shape).__name__}{inside} has no canonical form")


# What follows runs only once something is wrong.

_AT: Final = re.compile(r"^(?P<problem>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)

_GOT: Final = re.compile(r", got [^,]*$")


def _explain(shape: inspect.Type, data: bytes, error: Exception) -> Malformed:
    """Turn what msgspec or a record's own check says into a field and a problem."""
    if isinstance(error, UnicodeDecodeError):
        return Malformed(_name(shape), f"a text is not UTF-8 ({error.reason})")
    found = _AT.match(str(error))
    problem, path = (found["problem"], found["path"] or "") if found else (str(error), "")
    try:
        value = decode_message_pack(data)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return Malformed(_name(shape), _one_line(problem))
    name, part, value = _walk(shape, [int(n) for n in re.findall(r"\[(\d+)\]", path)], value)
    if isinstance(part, inspect.StructType) and isinstance(value, list):
        return _explain_array(name, part, value, problem)
    expected = _GOT.sub("", problem)
    if problem.startswith("Invalid value"):
        expected = "expected a known value"
    return Malformed(name, _one_line(f"{expected}, found {_show(value)}"))


def _explain_array(
    name: str, part: inspect.StructType, value: list[Any], problem: str
) -> Malformed:
    """Say which element of a record's array is wrong, missing or one too many."""
    names = [member.name for member in part.fields]
    if part.tag is not None:
        names.insert(0, part.tag_field or "type")
        if value and value[0] != part.tag:
            return Malformed(
                f"{name}.{names[0]}", f"expected {part.tag!r}, found {_show(value[0])}"
            )
    if len(value) < len(names):
        return Malformed(f"{name}.{names[len(value)]}", "missing")
    if len(value) > len(names):
        return Malformed(name, f"expected an array of {len(names)}, found {_show(value)}")
    return Malformed(name, _one_line(problem))


def _walk(shape: inspect.Type, path: list[int], value: object) -> tuple[str, inspect.Type, object]:
    """Follow array positions from the outermost record; return the name, type and value there."""
    name = _name(_member(shape, value))
    for index in path:
        shape = _member(shape, value)
        assert isinstance(value, list), "msgspec counts positions only in arrays"
        value = value[index]
        match shape:
            case inspect.StructType(fields=fields, tag=tag):
                position = index - (tag is not None)
                if position < 0:
                    return f"{name}.{shape.tag_field}", shape, value
                name += f".{fields[position].name}"
                shape = fields[position].type
            case inspect.TupleType(item_types=items):
                name += f"[{index}]"
                shape = items[index]
            case inspect.VarTupleType(item_type=item):
                name += f"[{index}]"
                shape = item
            case _:
                return f"{name}.type", shape, value
    return name, _member(shape, value), value


def _member(shape: inspect.Type, value: object) -> inspect.Type:
    """Return the member of a union that a decoded array is meant to be, or the type itself."""
    if isinstance(shape, inspect.Metadata):
        return _member(shape.type, value)
    if not isinstance(shape, inspect.UnionType):
        return shape
    arrays = [member for member in map(_bare, shape.types) if not isinstance(member, SCALARS)]
    tagged = {m.tag: m for m in arrays if isinstance(m, inspect.StructType)}
    if isinstance(value, list) and value and isinstance(value[0], str) and value[0] in tagged:
        return tagged[value[0]]
    return arrays[0] if len(arrays) == 1 and isinstance(value, list) else shape


def _bare(shape: inspect.Type) -> inspect.Type:
    """Return a type without what is said about it."""
    return _bare(shape.type) if isinstance(shape, inspect.Metadata) else shape


def _name(shape: inspect.Type) -> str:
    """Name a type for people."""
    if isinstance(shape, inspect.StructType):
        return shape.cls.__name__
    return "record"


def _not_canonical(shape: inspect.Type, data: bytes, again: bytes) -> Malformed:
    """Say where bytes part from the canonical ones of the same value."""
    pairs = zip(data, again, strict=False)
    offset = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(data), len(again)))
    found = f"0x{data[offset]:02x}" if offset < len(data) else "the end"
    expected = f"0x{again[offset]:02x}" if offset < len(again) else "the end"
    problem = f"not canonical: byte {offset} is {found}, expected {expected}"
    return Malformed(_name(shape), problem)


def _show(value: object) -> str:
    """Show a decoded value in a few characters, and never more than one line."""
    if isinstance(value, bytes):
        return f"bytes of length {len(value)}"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if value is None or isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value[:VALUE_CHARACTERS_MAX])
    return f"a {type(value).__name__}"


def _one_line(problem: str) -> str:
    """Bound a problem's length and keep it on one line, a first capital made small."""
    text = "".join(c if c.isprintable() else "?" for c in problem[:PROBLEM_CHARACTERS_MAX])
    return (
        text[:1].lower() + text[1:] if text.startswith(("Expected", "Invalid", "Input")) else text
    )
