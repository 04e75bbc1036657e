"""The rulebooks. Adding one is a folder and a line here."""

from . import (
    allowance,
    asset,
    certificate,
    device,
    exchange,
    identity,
    market,
    measurement,
    sharing,
)

CONTRACTS = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
    asset.CONTRACT,
    device.CONTRACT,
    market.CONTRACT,
    sharing.CONTRACT,
    allowance.CONTRACT,
    exchange.CONTRACT,
)
