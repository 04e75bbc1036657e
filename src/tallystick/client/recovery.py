"""
Answers for `Wallet.recover` from a ledger itself, where no index is at hand.

They read every block once. With an index the same questions take milliseconds.
"""

from collections.abc import Callable, Iterable
from typing import Final

from tallystick.base.encoding import Decoder
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.certificate.events import CertificateSplit, CertificateTransferred
from tallystick.contracts.measurement.errors import MeasurementNotFound
from tallystick.contracts.measurement.views import ShowMeasurement
from tallystick.core.block import Block

from .ledger import Ledger

TAGS: Final = (b"certificate-transferred", b"certificate-split")
TAG_OFFSET_MAX: Final = 6
"""How far into an event its tag begins. [bytes]"""


def measured_on(ledger: Ledger) -> Callable[[RecordId], bool]:
    """Return what says whether a measurement exists."""

    def measured(id: RecordId) -> bool:
        try:
            ledger.ask(ShowMeasurement(id))
        except MeasurementNotFound:
            return False
        return True

    return measured


def received_on(ledger: Ledger) -> Callable[[PublicKey], bool]:
    """Return what says whether a key was ever sent a certificate."""
    return keys_sent_to(ledger.follow()).__contains__


def keys_sent_to(blocks: Iterable[Block]) -> set[PublicKey]:
    """Return every key that a transfer or split has named as an owner."""
    decoder: Decoder[CertificateTransferred | CertificateSplit] = Decoder(
        CertificateTransferred | CertificateSplit
    )
    keys: set[PublicKey] = set()
    for block in blocks:
        for _, event in block.events:
            if not any(-1 < event.find(tag) < TAG_OFFSET_MAX for tag in TAGS):
                continue
            moved = decoder.decode_trusted(event)
            if isinstance(moved, CertificateTransferred):
                keys.add(moved.owner)
            else:
                keys.update(part.owner for part in moved.parts)
    return keys
