"""Why whoever asks, or is named, is not the one; see `errors`."""

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class BenefitRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "benefit"


class CompanyNotFound(BenefitRejected):
    """There must be a company of this name."""

    code = 1001

    def __init__(self, company: str) -> None:
        super().__init__(f"company: {company!r} was never admitted; name one that takes part")


class PartNotFound(BenefitRejected):
    """The part must be one of the change's."""

    code = 1002

    def __init__(self, part: int, parts: int) -> None:
        super().__init__(f"part: {part} was given, the change has parts 0 to {parts - 1}")


class BenefitNotFound(BenefitRejected):
    """There must be a benefit with this id."""

    code = 1003

    def __init__(self, benefit: RecordId, *, field: str) -> None:
        super().__init__(
            f"{field}: there is no benefit {format_record_id(benefit)} here; "
            "benefit.browse shows what there is"
        )


class CredentialNotFound(BenefitRejected):
    """There must be a credential with this index."""

    code = 1004

    def __init__(self, index: int) -> None:
        super().__init__(f"credential: {index} was never issued")


class SignerIsNotSystemAdministrator(BenefitRejected):
    """Companies are admitted and removed by the system administrator."""

    code = 1010

    def __init__(self, company: str) -> None:
        super().__init__(
            f"company: no signer is system administrator for {company!r}; one must sign"
        )


class SignerIsNotCompanyAdministrator(BenefitRejected):
    """A company's rate and offers are its administrator's."""

    code = 1011

    def __init__(self, company: str, *, field: str) -> None:
        super().__init__(
            f"{field}: no signer is company administrator of {company!r}; one must sign"
        )


class OwnerHasNotSigned(BenefitRejected):
    """Whoever owns a benefit signs for it."""

    code = 1012

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: nobody signed for its owner {format_public_key(owner)}, who must"
        )


class BuyerHasNotSigned(BenefitRejected):
    """Whoever is to get a benefit for money signs for it."""

    code = 1013

    def __init__(self, buyer: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: nobody signed for the buyer {format_public_key(buyer)}, who must"
        )


class CallerIsNoContract(BenefitRejected):
    """Holds are for contracts: people own."""

    code = 1014

    def __init__(self) -> None:
        super().__init__(
            "holding: only a contract holds, releases and moves a benefit; "
            "benefit.transfer gives it to somebody"
        )


class CompanyNameIsTaken(BenefitRejected):
    """A name stands for one company, also after it left."""

    code = 1020

    def __init__(self, company: str) -> None:
        super().__init__(f"company: {company!r} was admitted before, choose another name")


class TooManyCompanies(BenefitRejected):
    """Netting goes through all companies, so they are few."""

    code = 1021

    def __init__(self, companies_max: int) -> None:
        super().__init__(f"company: {companies_max} were admitted, and there may not be more")


class ClearingKeyIsNoKey(BenefitRejected):
    """A company's account belongs to a key that can sign."""

    code = 1022

    def __init__(self, key: PublicKey) -> None:
        super().__init__(
            f"clearing: {format_public_key(key)} is no point of secp256k1; give a key that can sign"
        )


class CompanyIsRemoved(BenefitRejected):
    """Who left offers nothing, and employs nobody here."""

    code = 1023

    def __init__(self, company: str, removed_at: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {company!r} left {format_milliseconds(removed_at)}, and takes part no more"
        )


class KeyIsNotEmployee(BenefitRejected):
    """Benefits go to employees of the company that is named."""

    code = 1024

    def __init__(self, key: PublicKey, company: str, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(key)} is no employee of {company!r} at this time; "
            "its administrator appoints whom it has enrolled, with identity.appoint"
        )


class ClearingKeyOwnsNothing(BenefitRejected):
    """No company's account is an employee: what it pays itself, nobody has paid."""

    code = 1025

    def __init__(self, company: str, *, field: str) -> None:
        super().__init__(
            f"{field}: the clearing key of {company!r} gets no benefit; name an employee's"
        )
