"""Messages arrive once and in order, or as a faulty transport will have it."""

from tallystick.base.identifiers import LedgerId
from tallystick.coordination.transport import MESSAGE_BYTES_MAX, InProcess
from tests.coordination.faulty import Faulty

HERE, THERE = LedgerId(b"\x01" * 32), LedgerId(b"\x02" * 32)


def test_messages_arrive_in_order_where_they_were_sent() -> None:
    """Each adapter empties its own box."""
    post = InProcess()
    for n in range(3):
        post.send(HERE, bytes([n]))
        post.send(THERE, bytes([n + 10]))
    assert [b"\x00", b"\x01", b"\x02"] == post.receive(HERE)
    assert [] == post.receive(HERE)
    assert [b"\x0a", b"\x0b", b"\x0c"] == post.receive(THERE)


def test_a_box_is_bounded() -> None:
    """The oldest go, and what is too large never comes in."""
    post = InProcess(waiting_max=2)
    for n in range(3):
        post.send(HERE, bytes([n]))
    post.send(HERE, bytes(MESSAGE_BYTES_MAX + 1))
    assert [b"\x01", b"\x02"] == post.receive(HERE)


def test_a_faulty_transport_loses_doubles_and_reorders_by_its_seed() -> None:
    """The same seed gives the same faults, and nothing is made up."""

    def arrived(seed: int) -> list[bytes]:
        post = Faulty(InProcess(), seed=seed)
        for n in range(100):
            post.send(HERE, bytes([n]))
        assert post.faults > 0
        return [each for _ in range(3) for each in post.receive(HERE)]

    assert arrived(1) == arrived(1)
    assert arrived(1) != arrived(2)
    found = arrived(3)
    assert set(found) < {bytes([n]) for n in range(100)}
    assert len(found) > len(set(found))
    assert found != sorted(found)
