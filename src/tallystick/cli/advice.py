"""What to do about a rejection, if the wallet has what was missing."""

import re
from collections.abc import Iterator, Sequence

from tallystick.base.identifiers import PublicKey, parse_record_id
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.client.wallet import Wallet
from tallystick.compose import CONTRACTS
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import ShowIdentity
from tallystick.contracts.measurement.views import ShowMeasurement
from tallystick.core.errors import Rejected

from .keys import name_of

KEY = re.compile(r"(?<![0-9a-f])(0[23][0-9a-f]{64})(?![0-9a-f])")
RECORD = re.compile(r"id_[0-9a-f]{64}")
SIGNER_IS_NOT = "SignerIsNot"


def advice(
    rejected: TransactionRejected, ledger: Ledger, wallet: Wallet, signers: Sequence[PublicKey]
) -> str:
    """Return which keys of the wallet would have to sign too, as options; nothing if none would."""
    if "sign" not in f"{rejected.message} {_class_name(rejected)}".lower():
        return ""
    missing = [key for key in _missing(rejected, ledger, wallet) if key not in signers]
    names = dict.fromkeys(name for key in missing if (name := name_of(wallet, key)))
    return " ".join(f"--sign {name}" for name in names)


def _missing(rejected: TransactionRejected, ledger: Ledger, wallet: Wallet) -> Iterator[PublicKey]:
    """Yield the keys that a rejection speaks of."""
    for digits in KEY.findall(rejected.message):
        yield PublicKey(bytes.fromhex(digits))
    for text in RECORD.findall(rejected.message):
        for view in (ShowMeasurement, ShowIdentity):
            try:
                found = ledger.ask(view(parse_record_id(text)))
            except Rejected:
                continue  # The id is of something else.
            yield from (getattr(found, name) for name in ("owner", "key") if hasattr(found, name))
    yield from (
        wallet.role_key(role)
        for role in Role
        if _class_name(rejected) == SIGNER_IS_NOT + role.value.title().replace("-", "")
    )


def _class_name(rejected: TransactionRejected) -> str:
    """Return the name of the rejection's class, which is a sentence."""
    return next(
        (
            kind.__name__
            for contract in CONTRACTS
            for kind in contract.rejections
            if (contract.name, getattr(kind, "code", None)) == (rejected.contract, rejected.code)
        ),
        "",
    )
