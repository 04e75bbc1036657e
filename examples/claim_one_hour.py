"""
Claim one hour of sunshine, and prove it to somebody who has no ledger.

You learn who signs what: a publisher answers for readings, an issuing body for certificates, and an
owner alone moves what is hers. And you learn what a proof needs: a file, the ledger's id, one key.

    python examples/claim_one_hour.py
"""

import tempfile
from pathlib import Path

from tallystick.base.intervals import parse_time
from tallystick.base.notes import parse_verifier_key
from tallystick.client.verify import verify_claim
from tallystick.compose import create_ledger, open_wallet
from tallystick.contracts.certificate.commands import Claim, Issue, Transfer
from tallystick.contracts.certificate.model import TRANSFER, child_id
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id

HOUR = 3_600
BEGIN = parse_time("2025-06-21T12:00:00Z")
ROOF, HOUSE = 0, 1  # The numbers of two meters in the wallet.


def main() -> None:
    """Take one hour from two meters to a verified claim."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "ledger"
        with create_ledger(
            place, name="valley", sectors=["valley"], interval_seconds=[HOUR]
        ) as ledger:
            wallet = open_wallet(place, ledger.id)
            for meter in (ROOF, HOUSE):
                wallet.record_meter(meter, begin=BEGIN, end=BEGIN + HOUR, interval_seconds=HOUR)
            (roof,) = wallet.measurement_keys(ROOF, [BEGIN])
            (house,) = wallet.measurement_keys(HOUSE, [BEGIN])

            # Two readings, each under a key that was never used before.
            hour = (BEGIN, BEGIN + HOUR, "valley")
            readings = [
                Publish(roof, *hour, Kind.PRODUCTION, 1_500, Quality.MEASURED),
                Publish(house, *hour, Kind.CONSUMPTION, 1_500, Quality.MEASURED),
            ]
            ledger.send(readings, wallet=wallet, keys=[wallet.role_key(Role.PUBLISHER)])
            made, used = measurement_id(roof, BEGIN), measurement_id(house, BEGIN)

            # The certificate has the id of its measurement; what follows it has a child's id.
            solar = Issue(made, technology="T010000", fuel="F01040100")
            ledger.send(solar, wallet=wallet, keys=[wallet.role_key(Role.ISSUING_BODY)])
            ledger.send(Transfer(made, house, lock_id=None), wallet=wallet, keys=[roof])
            certificate = child_id(made, TRANSFER, 0)
            ledger.send(Claim(certificate, used, lock_id=None), wallet=wallet, keys=[house])

            proof = ledger.prove(certificate)
            trusted = ledger.id, [parse_verifier_key(ledger.status().checkpoint_key)]

    # The ledger is gone. The file, its id and its checkpoint key are enough.
    claim = verify_claim(proof, *trusted)
    print(f"a proof of {len(proof):,} bytes says:")
    print(f"{claim.amount_wh} Wh of {claim.produced_wh} Wh made, technology {claim.technology},")
    print(f"were claimed for {claim.settled_wh} of {claim.consumed_wh} Wh used")
    print(f"as of checkpoint {claim.checkpoint_size}, after {claim.hands} certificates")


if __name__ == "__main__":
    main()
