"""The rulebooks. Adding one is a folder and a line here."""

from . import asset, certificate, device, identity, measurement

CONTRACTS = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
    asset.CONTRACT,
    device.CONTRACT,
)
