"""The rulebooks. Adding one is a folder and a line here."""

from . import allowance, asset, certificate, device, identity, market, measurement

CONTRACTS = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
    asset.CONTRACT,
    device.CONTRACT,
    market.CONTRACT,
    allowance.CONTRACT,
)
