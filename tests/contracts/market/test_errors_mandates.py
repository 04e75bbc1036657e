"""What rejections about mandates say."""

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.errors_mandates import (
    REJECTIONS,
    MandateIsNotTheirs,
    NothingToProduce,
    OutsideMandate,
)
from tallystick.contracts.market.model import Product
from tallystick.contracts.market.rejected import MarketRejected
from tallystick.testing.keys import key
from tests.contracts.market.house import BEGIN, HOUR


def test_every_reason_of_the_module_is_listed() -> None:
    """In ascending order of code, within the range that mandates have."""
    here = [
        kind
        for kind in MarketRejected.__subclasses__()
        if kind.__module__ == OutsideMandate.__module__
    ]
    assert here == list(REJECTIONS)
    codes = [kind.code for kind in REJECTIONS]
    assert sorted(codes) == codes
    assert {590 <= code < 600 for code in codes} == {True}


def test_times_are_written_for_people() -> None:
    """What was asked for, and what the mandate covers."""
    product = Product(RecordId(bytes(32)), BEGIN, BEGIN + HOUR)
    expected = (
        "product: delivery 2016-07-01T12:00:00Z to 2016-07-01T13:00:00Z lies outside "
        "2016-07-01T11:00:00Z to 2016-07-01T12:00:00Z, which the mandate covers"
    )
    assert expected == str(OutsideMandate(product, begin=BEGIN - HOUR, end=BEGIN))
    assert "expected_wh: 5 Wh, less what is kept, and 0 minor units" in str(
        NothingToProduce(expected_wh=5, room=0)
    )
    assert "key_" in str(MandateIsNotTheirs(key(1)))
