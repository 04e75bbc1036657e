"""The reasons of settlement: their codes are part of consensus, their order is precedence."""

from tallystick.contracts.market import errors_settlement
from tallystick.contracts.market.rejected import MarketRejected

CODES = {
    "FillNotFound": 550,
    "FillSettledAlready": 551,
    "FillNotSettled": 552,
    "FillIsNotOfEnergy": 553,
    "FillsOfSeveralAccounts": 554,
    "BookNotCleared": 555,
    "DeliveryNotOver": 556,
    "ReadingMissing": 557,
    "DeliveryNotBegun": 558,
    "SellerHasNotSigned": 559,
    "DeliveriesOutstanding": 560,
    "NothingChanged": 561,
    "NoOpenPeriod": 562,
    "PeriodNotFound": 563,
    "PeriodNotOver": 564,
    "StatementNotFound": 565,
    "StatementClosedAlready": 566,
    "FillsStillOpen": 567,
    "NotDue": 568,
    "BalancingAccountShort": 569,
    "GoodsNotKept": 570,
}


def test_codes_are_pinned() -> None:
    """Every reason has the code that it always had, and they stand in order."""
    assert list(CODES.items()) == [
        (each.__name__, each.code) for each in errors_settlement.REJECTIONS
    ]


def test_none_is_forgotten() -> None:
    """Every class of the module is listed."""
    declared = [
        each
        for each in vars(errors_settlement).values()
        if isinstance(each, type) and issubclass(each, MarketRejected) and each.code
    ]
    assert declared == list(errors_settlement.REJECTIONS)
