"""What to do about a rejection, if the wallet has what was missing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tallystick.base.identifiers import PublicKey, parse_record_id
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.client.wallet import Wallet
from tallystick.compose import CONTRACTS
from tallystick.contracts.asset.views import ShowAsset
from tallystick.contracts.identity.model import ENROLLERS, Role
from tallystick.contracts.identity.views import ShowIdentity
from tallystick.contracts.measurement.views import ShowMeasurement
from tallystick.core.errors import Rejected

from .keys import name_of

KEY = re.compile(r"(?<![0-9a-f])(0[23][0-9a-f]{64})(?![0-9a-f])")
RECORD = re.compile(r"id_[0-9a-f]{64}")

ROLES: Final[Mapping[str, Sequence[Role]]] = {
    "identity.SignerMayNotEnrol": ENROLLERS,
    "identity.SignerMayNotAppoint": (Role.REGISTRAR,),
    "identity.SignerMayNotRecognise": (Role.REGISTRAR,),
    "measurement.SignerMayNotPublish": (Role.PUBLISHER, Role.ISSUING_BODY),
    "measurement.SignerMayNotCorrect": (Role.ISSUING_BODY,),
    "certificate.SignerIsNotIssuingBody": (Role.ISSUING_BODY,),
    "asset.SignerIsNotAssetIssuer": (Role.ASSET_ISSUER,),
    "device.SignerIsNotGridOperator": (Role.GRID_OPERATOR,),
    "market.SignerIsNotOperator": (Role.MARKET_OPERATOR,),
    "sharing.SignerIsNotOperator": (Role.MARKET_OPERATOR,),
    "allowance.SignerIsNotDirector": (Role.DIRECTOR,),
    "allowance.SignerIsNotOperator": (Role.REGISTRY_OPERATOR,),
    "title.SignerIsNotTitleRegistrar": (Role.TITLE_REGISTRAR,),
    "ballot.SignerIsNotAdministrator": (Role.BALLOT_ADMINISTRATOR,),
    "ballot.SignerMayNotAttest": (Role.BALLOT_ADMINISTRATOR, Role.REGISTRAR),
    "governance.NewBodyHasNotSigned": (Role.BALLOT_ADMINISTRATOR,),
    "benefit.SignerIsNotSystemAdministrator": (Role.SYSTEM_ADMINISTRATOR,),
    "benefit.SignerIsNotCompanyAdministrator": (Role.COMPANY_ADMINISTRATOR,),
}
"""Rejections that miss a role, with the roles of which one would do, the likeliest first."""

KEYS: Final = frozenset(
    {
        "identity.SignerIsNotIdentity",
        "identity.NewKeyDidNotSign",
        "identity.SignerIsNotStatusIssuer",
        "certificate.SignerIsNotOwner",
        "certificate.SignerIsNotConsumer",
        "asset.SignerIsNotIssuer",
        "asset.SignerIsNotOwner",
        "device.OwnerHasNotSigned",
        "device.ControllerHasNotSigned",
        "market.SignerIsNotOwner",
        "market.MeterHasNotSigned",
        "market.SellerHasNotSigned",
        "market.SignerIsNotAgent",
        "sharing.PartyHasNotSigned",
        "allowance.SignerIsNotOwner",
        "allowance.MeterHasNotSigned",
        "allowance.PayerHasNotSigned",
        "exchange.OwnerHasNotSigned",
        "title.OwnerHasNotSigned",
        "title.PayerHasNotSigned",
        "ballot.DeviceHasNotSigned",
        "ballot.PersonHasNotSigned",
        "benefit.OwnerHasNotSigned",
        "benefit.BuyerHasNotSigned",
    }
)
"""Rejections whose message names the missing key, or an id of something whose key it is."""


def advice(
    rejected: TransactionRejected, ledger: Ledger, wallet: Wallet, signers: Sequence[PublicKey]
) -> str:
    """
    Return which keys of the wallet would have to sign too, as options; nothing if none would.

    Where one of several roles would do, one is named that has not signed yet.
    """
    name = rejection_name(rejected)
    if name in ROLES:
        others = [role for role in ROLES[name] if wallet.role_key(role) not in signers]
        return f"--sign {others[0].value}" if others else ""
    if name not in KEYS:
        return ""
    missing = [key for key in _keys_of(rejected.message, ledger) if key not in signers]
    names = dict.fromkeys(found for key in missing if (found := name_of(wallet, key)))
    return " ".join(f"--sign {each}" for each in names)


def rejection_name(rejected: TransactionRejected) -> str:
    """Return the contract's name and the rejection's class, such as `asset.SignerIsNotOwner`."""
    return next(
        (
            f"{contract.name}.{kind.__name__}"
            for contract in CONTRACTS
            for kind in contract.rejections
            if (contract.name, getattr(kind, "code", None)) == (rejected.contract, rejected.code)
        ),
        "",
    )


def _keys_of(message: str, ledger: Ledger) -> Iterator[PublicKey]:
    """Yield the keys that a message names, and those of what it names by an id."""
    for digits in KEY.findall(message):
        yield PublicKey(bytes.fromhex(digits))
    for text in RECORD.findall(message):
        for view in (ShowMeasurement, ShowIdentity, ShowAsset):
            try:
                found = ledger.ask(view(parse_record_id(text)))
            except Rejected:
                continue  # The id is of something else.
            yield from (getattr(found, name) for name in ("owner", "key") if hasattr(found, name))
            yield from getattr(found, "issuers", ())[:1]  # Each of them signs alone.
