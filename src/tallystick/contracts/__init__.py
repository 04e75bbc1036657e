"""The rulebooks. Adding one is a folder and a line here."""

from . import certificate, identity, measurement

CONTRACTS = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
)
