"""People read a dash where a program reads 0."""

from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.plain import to_plain
from tallystick.cli.readable import readable
from tallystick.contracts.benefit.model import Month
from tests.cli.shell import Shell


class Part(Record, tag="readable-part"):
    """Within another."""

    end: Milliseconds


class Whole(Record, tag="readable-whole"):
    """Has everything that people read otherwise than programs do."""

    retired_at: Milliseconds
    begin: Seconds
    count: int
    month: Month
    ends: tuple[Milliseconds, ...]
    part: Part
    other: "Part | Whole | None" = None


def test_a_time_of_zero_is_no_time() -> None:
    """Never, not yet, without end: nothing. A number of 0 stays one, and a program sees all."""
    never = Whole(0, 0, 0, 682, (0, 1_000), Part(0), Part(0))
    assert {
        "retired_at": None,
        "begin": None,
        "count": 0,
        "month": "2026-11",
        "ends": [None, "1970-01-01T00:00:01.000Z"],
        "part": {"end": None},
        "other": {"kind": "readable-part", "end": None},
    } == readable(never)
    assert (0, 682) == (to_plain(never)["retired_at"], to_plain(never)["month"])


def test_what_is_said_otherwise_is_all_that_differs() -> None:
    """Where no time is 0 and nothing is a month, people and programs see the same values."""
    plain = to_plain(Part(5))
    assert plain == readable(Part(5))
    assert plain == readable(plain)


def test_an_appointment_without_end(shell: Shell) -> None:
    """Event and view show a dash to people, and 0 to programs."""
    identity = shell.on_ledger("identity", "find", "--key", shell.key("registrar")).json["identity"]
    who = ["--identity", identity, "--role", "director", "--scope", "DK1"]
    appoint = ["identity", "appoint", *who, "--begin", "0", "--end", "0", "--sign", "registrar"]
    event = shell.tally(*appoint, *shell.place).out
    shown = shell.tally("identity", "show-authority", *who, *shell.place).out
    for each in (event, shown):
        lines = dict(line.split(None, 1) for line in each.splitlines() if line.strip())
        assert "–" == lines["end"].strip()
    assert 0 == shell.on_ledger("identity", "show-authority", *who).json["end"]
