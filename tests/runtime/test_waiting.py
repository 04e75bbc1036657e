"""The waiting room takes a submission whole or not at all, and answers in order."""

import threading

import pytest

from tallystick.core.errors import Later, Refused, Unavailable
from tallystick.runtime.waiting import WaitingRoom


def test_waiters_leave_in_the_order_in_which_they_came() -> None:
    """First come, first served, across submissions."""
    room = WaitingRoom(waiting_max=10)
    room.enter([b"1", b"2"])
    room.enter([b"3"])
    taken = room.take(2, wait=True, delay_seconds=0)
    assert taken is not None
    assert [raw for raw, _, _ in taken] == [b"1", b"2"]
    assert len(room) == 1


def test_a_submission_that_does_not_fit_leaves_nothing_behind() -> None:
    """The room says `Later`, with a time, and holds what it held before."""
    room = WaitingRoom(waiting_max=3)
    room.enter([b"1", b"2"])
    with pytest.raises(Later) as later:
        room.enter([b"3", b"4"])
    assert later.value.retry_after_milliseconds >= 10
    assert len(room) == 2


def test_the_promise_is_kept_when_all_answers_are_there() -> None:
    """Answers come back in the order of submission, whatever the order of delivery."""
    ticket = WaitingRoom(waiting_max=3).enter([b"1", b"2"])
    second, first = Refused("2"), Unavailable("1")
    ticket.deliver(1, second)
    assert not ticket.future.done()
    ticket.deliver(0, first)
    assert ticket.future.result(0) == [first, second]


def test_closing_wakes_whoever_waits_and_serves_those_inside() -> None:
    """Nobody enters any more; those inside are still taken, then there is nothing."""
    room = WaitingRoom(waiting_max=3)
    room.enter([b"1"])
    room.close("closed for the night")
    with pytest.raises(Unavailable, match="closed for the night"):
        room.enter([b"2"])
    assert room.take(5, wait=True, delay_seconds=1) is not None
    assert room.take(5, wait=True, delay_seconds=1) is None


def test_taking_waits_for_company() -> None:
    """Those who come within the delay share a batch."""
    room = WaitingRoom(waiting_max=10)
    room.enter([b"1"])
    timer = threading.Timer(0.05, room.enter, [[b"2"]])
    timer.start()
    taken = room.take(2, wait=True, delay_seconds=5)
    timer.join()
    assert taken is not None
    assert [raw for raw, _, _ in taken] == [b"1", b"2"]


def test_an_empty_submission_is_answered_at_once() -> None:
    """Nothing is promised for nothing, so the promise is kept already."""
    assert WaitingRoom(waiting_max=3).enter([]).future.result(0) == []
