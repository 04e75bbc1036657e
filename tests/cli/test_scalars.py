"""What people type for numbers, months and ids is what fields hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import Malformed, Record
from tallystick.base.identifiers import LockId, RecordId
from tallystick.base.plain import field_hints
from tallystick.cli.scalars import bounds_of, is_lock, is_month, month_text, read_id, read_number
from tallystick.contracts.asset.views import ShowLock
from tallystick.contracts.benefit.model import Month
from tallystick.contracts.benefit.views import Browse, ShowDebts
from tallystick.contracts.certificate.views import ShowCertificate
from tallystick.contracts.exchange.commands import Finish, Redeem
from tallystick.contracts.identity.views import ShowIdentity
from tests.cli.shell import Shell

DIGITS = "0123456789abcdef" * 4


def hint(kind: type[Record], field: str) -> Any:
    """Return what a field is declared to hold."""
    return field_hints(kind)[field]


@pytest.mark.parametrize(
    ("kind", "field", "text", "expected"),
    [
        (Browse, "page", "0", 0),
        (Browse, "page", "4096", 4096),  # Decoding says what is wrong with it.
        (Browse, "page", "-1", -1),
        (Browse, "page", "two", "two"),
        (Browse, "page", "2026-11", "2026-11"),
        (ShowDebts, "month", "1970-01", 0),
        (ShowDebts, "month", "2026-11", 682),
        (ShowDebts, "month", "682", 682),
        (ShowDebts, "month", "-1", -1),
    ],
)
def test_numbers(kind: type[Record], field: str, text: str, expected: Any) -> None:
    """A month may be written as one; what is no number stays as it is."""
    assert expected == read_number(text, hint(kind, field), "place")


@pytest.mark.parametrize(
    ("kind", "field", "text", "problem"),
    [
        (Browse, "page", "9" * 20, "expected a number from 0 to 4095"),
        (Browse, "page", "9" * 5_000, "expected a number from 0 to 4095"),
        (Browse, "page", "-" + "9" * 20, "expected a number from 0 to 4095"),
        (ShowDebts, "month", "9" * 20, "expected a number from 0 to 49007"),
        (ShowDebts, "month", "2026-13", "expected a month such as 2026-11, found '2026-13'"),
        (ShowDebts, "month", "2026-00", "expected a month such as 2026-11, found '2026-00'"),
        (ShowDebts, "month", "2026-1", "expected a month such as 2026-11, found '2026-1'"),
        (ShowDebts, "month", "\x1b[31m" + "x" * 50, f"found '?[31m{'x' * 15}'"),
    ],
)
def test_numbers_that_cannot_be(kind: type[Record], field: str, text: str, problem: str) -> None:
    """The bounds are the field's own, whatever the size."""
    with pytest.raises(Malformed) as caught:
        read_number(text, hint(kind, field), "--option")
    assert str(caught.value).startswith("--option: ")
    assert str(caught.value).endswith(problem)


@given(st.integers(0, bounds_of(Month)[1]))
def test_months_are_read_as_they_are_shown(month: int) -> None:
    """There and back again."""
    assert month == read_number(month_text(month), Month, "month")


@pytest.mark.parametrize(
    ("kind", "field", "text", "expected"),
    [
        (Redeem, "lock", f"lock_{DIGITS}", f"id_{DIGITS}"),
        (Redeem, "lock", f"id_{DIGITS}", f"id_{DIGITS}"),
        (Finish, "change", f"id_{DIGITS}", f"lock_{DIGITS}"),
        (ShowLock, "lock_id", f"id_{DIGITS}", f"lock_{DIGITS}"),
        (ShowLock, "lock_id", f"lock_{DIGITS}", f"lock_{DIGITS}"),
        (ShowLock, "lock_id", f"tx_{DIGITS}", f"tx_{DIGITS}"),
        (ShowCertificate, "certificate", f"lock_{DIGITS}", f"lock_{DIGITS}"),
        (ShowIdentity, "identity", f"id_{DIGITS}", f"id_{DIGITS}"),
    ],
)
def test_a_locks_id_has_two_spellings(
    kind: type[Record], field: str, text: str, expected: str
) -> None:
    """Where a lock is meant either will do; nothing else is taken for something that it is not."""
    assert expected == read_id(text, hint(kind, field), f"{kind.__name__}.{field}")
    assert expected == read_id(text, hint(kind, field), f"Outer.list[0].{field}")


def test_an_identity_is_not_its_key() -> None:
    """Whoever gives the key or its name learns how to find the id."""
    for text in ("receive/1", "registrar", f"key_02{DIGITS}"):
        with pytest.raises(Malformed) as caught:
            read_id(text, RecordId, "--identity")
        assert (
            "--identity: expected an identity's id, id_ and 64 digits, "
            f"found {text[:20]!r}; find it with `tally identity find --key`"
        ) == str(caught.value)


def test_what_a_field_holds_is_known_by_its_type() -> None:
    """Only a lock has two spellings, and only a month is written as one."""
    assert (True, True, False) == (
        is_lock("change", LockId),
        is_lock("lock", RecordId),
        is_lock("certificate", RecordId),
    )
    assert (True, True, False) == (is_month(Month), is_month(Month | None), is_month(int))


def test_a_redeemer_may_write_what_a_view_shows(shell: Shell) -> None:
    """The id of a hash lock is understood in both spellings, down to the rule."""
    key = ["--preimage", "00" * 32, "--sign", "registrar"]
    said = [
        shell.refused("exchange", "redeem", "--lock", f"{prefix}_{DIGITS}", *key)
        for prefix in ("id", "lock")
    ]
    assert [1, 1] == [each.code for each in said]
    assert said[0].err == said[1].err
