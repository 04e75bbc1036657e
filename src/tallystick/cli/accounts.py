"""
The id of an account, given as `UNIT:OWNER`.

What an owner has of a unit stands under an id that both make (`core.holding`), which nobody can
compute by hand. So wherever a field is called `holding`, the two may be given instead, the owner
perhaps by a key's name.
"""

from collections.abc import Callable
from typing import Any, Final

from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import (
    RecordId,
    format_record_id,
    parse_public_key,
    parse_record_id,
)
from tallystick.core.holding import holding_id

HOLDING: Final = "holding"
"""How a field is called that names what somebody has."""
SEPARATOR: Final = ":"


def is_account(given: Any, bare: Any, place: str) -> bool:
    """Tell whether an account is given by its unit and its owner, where its id is wanted."""
    wanted = bare is RecordId and place.rpartition(".")[2] == HOLDING
    return wanted and isinstance(given, str) and SEPARATOR in given


def account_text(given: str, place: str, key_text: Callable[[str], str]) -> str:
    """Return the text of the account's id, or raise `Malformed` that says where it was."""
    unit, _, owner = given.partition(SEPARATOR)
    try:
        account = holding_id(parse_record_id(unit), parse_public_key(key_text(owner)))
    except ValueError as error:
        raise Malformed(place, f"as UNIT:OWNER, {error}") from error
    return format_record_id(account)


def account_metavar(field: str) -> str:
    """Return what stands for the value in the help of a field that may be given so."""
    return "ID|UNIT:OWNER" if field == HOLDING else ""
