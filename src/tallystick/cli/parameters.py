"""
Parameters of a contract as people write them: an object with their names.

On the ledger they are canonical bytes, which nobody can write by hand. So a resolution of
governance may hold the object, and here it becomes the bytes. All fields have to be there: what is
left out would not stay as it is but become what a new ledger begins with.
"""

from collections.abc import Mapping
from typing import Any, Final

from tallystick.base.encoding import Malformed, Record, encode
from tallystick.base.plain import KIND, field_hints, from_plain, tag_of
from tallystick.compose import CONTRACTS
from tallystick.contracts.governance.model import SetParameters

PARAMETERS: Final = "parameters"
"""The field that holds them."""
CONTRACT: Final = "contract"
"""The field that says whose they are."""


def kind_of(contract: str) -> type[Record] | None:
    """Return the kind of a contract's parameters, as its newest version has them; else nothing."""
    found = [each for each in CONTRACTS if each.name == contract]
    return max(found, key=lambda each: each.version).parameters if found else None


def parameters_kind(plain: Mapping[str, Any]) -> type[Record] | None:
    """Return the kind of the parameters that a change sets as an object; else nothing."""
    sets = plain.get(KIND) == tag_of(SetParameters) and isinstance(plain.get(PARAMETERS), Mapping)
    return kind_of(str(plain.get(CONTRACT))) if sets else None


def parameters_hex(plain: Mapping[str, Any], kind: type[Record], place: str) -> str:
    """Return parameters in canonical encoding, or raise `Malformed` that names the field."""
    missing = [name for name in field_hints(kind) if name not in plain]
    if missing:
        raise Malformed(
            f"{place}.{missing[0]}",
            "missing; all are set at once: begin with `tally governance show-parameters`",
        )
    try:
        return encode(from_plain(dict(plain), kind)).hex()
    except Malformed as error:
        raise Malformed(error.field.replace(kind.__name__, place, 1), error.problem) from error
