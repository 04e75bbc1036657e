"""Both votes as they were held: who spoke how, and what was refused."""

from collections import Counter

from tallystick.scenarios.meeting_assembly import BY_APPLICATION
from tallystick.scenarios.meeting_cast import AT_THE_DEVICE, LAWYER, MEMBER_AS_DELEGATE, MEMBERS
from tallystick.scenarios.meeting_held import HALL, REST
from tests.scenarios.mill import played


def test_everybody_who_came_has_spoken_once() -> None:
    """By application, with the device, or by a delegate; Clara in two parts."""
    for held, at_device in ((played().sitting, len(AT_THE_DEVICE)), (played().rollam, 0)):
        ways = Counter(each.how for each in held.assembly.told.spoken)
        assert {
            HALL: at_device,
            MEMBER_AS_DELEGATE: 1,
            LAWYER: 1,
            BY_APPLICATION: len(REST) + 1 - at_device,
        } == {HALL: 0, **ways}
        assert len(REST) + 2 == len({each.member.name for each in held.assembly.told.spoken})
    assert 2 * len(REST) == played().steps


def test_everything_that_should_be_refused_was() -> None:
    """Sixteen attempts at the sitting, three per rollam."""
    refused = [each.assembly.told.refused for each in (played().sitting, played().rollam)]
    assert [16, 3] == [len(each) for each in refused]
    assert all(all(each.values()) for each in refused)


def test_letters_arrive_one_after_the_other() -> None:
    """In the course of four days, at everybody."""
    delivered = played().rollam.assembly.told.delivered
    assert len(MEMBERS) == len(delivered)
    assert 4 == len({time // 86_400_000 for time in delivered.values()})
