"""The rulebooks. Adding one is a folder and a line here."""

from . import (
    allowance,
    asset,
    ballot,
    benefit,
    certificate,
    device,
    exchange,
    governance,
    identity,
    market,
    measurement,
    sharing,
    title,
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
    title.CONTRACT,
    ballot.CONTRACT,
    governance.CONTRACT,
    benefit.CONTRACT,
)
