"""What people sign follows from their meters, their forecasts and who they are."""

from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.commands import Declare
from tallystick.contracts.market.commands import Place
from tallystick.contracts.market.model import Side
from tallystick.contracts.measurement.commands import Publish
from tallystick.scenarios.community_orders import Lane
from tests.scenarios.lane import SMALL, lane_of

MARKET = RecordId(bytes(32))
EVA, FINN = SMALL.cast.donors
DEVICES = {"Eva": RecordId(bytes([1]) * 32), "Finn": RecordId(bytes([2]) * 32)}
NOON = 48


def lane() -> Lane:
    """Return the lane of two days."""
    return lane_of(SMALL)


def test_orders_are_signed_by_account_and_meters() -> None:
    """Each member's orders of a day need one account and one key for each quarter hour."""
    for commands, keys in lane().orders(MARKET, DEVICES, 0):
        places = [each for each in commands if isinstance(each, Place)]
        assert len(commands) == len(places)
        meters = {meter.owner for place in places for meter in place.meters}
        assert {places[0].owner, *meters} == {key.public for key in keys}
        assert all((place.device is None) == (place.side is Side.BUY) for place in places)


def test_the_boaster_offers_more() -> None:
    """What is offered is at most the forecast's error above the production; Finn adds 40 %."""
    here = lane()
    made = {each.name: here.measured_wh(each.meter, NOON) for each in (EVA, FINN)}
    assert made["Eva"] * 90 // 100 <= here.offer_wh(EVA, NOON) <= made["Eva"] * 110 // 100
    assert here.offer_wh(FINN, NOON) > made["Finn"] * 120 // 100


def test_the_boasters_controller_is_honest_on_some_days() -> None:
    """Else it promises what was offered."""
    here, later = lane(), NOON + 96
    assert here.offer_wh(FINN, NOON) == here.available_wh(FINN, NOON, 0)
    assert here.offer_wh(FINN, later) > here.available_wh(FINN, later, 1)


def test_a_broken_line_gives_nothing() -> None:
    """Only the roof behind it, and only while it is broken."""
    here = lane()
    quarter = here.outage.start
    assert 0 == here.measured_wh(EVA.meter, quarter)
    assert here.measured_wh(FINN.meter, quarter) > 0
    assert here.measured_wh(EVA.meter, quarter - 1) > 0


def test_controllers_promise_what_is_offered() -> None:
    """There is one promise for each offer of the day."""
    here = lane()
    promised = {
        (command.device, command.begin)
        for commands, _ in here.promises(DEVICES, 0)
        for command in commands
        if isinstance(command, Declare)
    }
    offered = {
        (place.device, place.product.begin)
        for commands, _ in here.orders(MARKET, DEVICES, 0)
        for place in commands
        if isinstance(place, Place) and place.side is Side.SELL
    }
    assert offered == promised


def test_readings_are_of_the_meters() -> None:
    """Each meter publishes each quarter hour once, in whatever order."""
    here, quarters = lane(), range(NOON, NOON + 4)
    commands = here.readings(SMALL.cast.meters, quarters)
    published = sum(isinstance(each, Publish) for each in commands)
    assert len(SMALL.cast.meters) * len(quarters) == published
