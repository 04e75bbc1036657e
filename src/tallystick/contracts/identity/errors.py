"""Why identity's rules refuse, in order of precedence."""

from tallystick.base.identifiers import (
    LedgerId,
    PublicKey,
    RecordId,
    format_ledger_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected

from .model import REGISTRARS_MAX, Role


class IdentityRejected(Rejected):
    """A rule of identity says no."""

    contract = "identity"


class IdentityNotFound(IdentityRejected):
    """The identity that is named, by its id or by its key, must be enrolled."""

    code = 101

    def __init__(self, name: str, *, field: str = "identity") -> None:
        super().__init__(f"{field}: {name} is not enrolled; identity.enrol does so")


class AuthorityNotFound(IdentityRejected):
    """Only a role that was given can be taken away or shown."""

    code = 102

    def __init__(self, identity: RecordId, *, role: Role, scope: str) -> None:
        super().__init__(
            f"identity: {format_record_id(identity)} was never appointed {role.value} in {scope!r}"
        )


class SignerMayNotEnrol(IdentityRejected):
    """Keys are enrolled by a registrar or by the issuing body of the scope."""

    code = 103

    def __init__(self, scope: str) -> None:
        super().__init__(f"scope: no signer is registrar or issuing body in {scope!r} at this time")


class SignerMayNotAppoint(IdentityRejected):
    """Roles are given and taken by a registrar, publishers also by their scope's issuing body."""

    code = 104

    def __init__(self, *, role: Role, scope: str) -> None:
        super().__init__(
            f"role: no signer may appoint or dismiss a {role.value} in {scope!r} at this time"
        )


class SignerIsNotIdentity(IdentityRejected):
    """An identity's key is replaced only by the key that acts for it now."""

    code = 105

    def __init__(self, identity: RecordId) -> None:
        super().__init__(f"identity: the present key of {format_record_id(identity)} did not sign")


class NewKeyDidNotSign(IdentityRejected):
    """The new key signs too, as proof that somebody holds it."""

    code = 106

    def __init__(self, key: PublicKey) -> None:
        super().__init__(f"key: the new key {format_public_key(key)} did not sign")


class KeyIsNotOnCurve(IdentityRejected):
    """A key must be a point of secp256k1, or nobody could ever sign with it."""

    code = 107

    def __init__(self, key: PublicKey) -> None:
        super().__init__(f"key: {format_public_key(key)} is no point of secp256k1")


class KeyWasBoundBefore(IdentityRejected):
    """A key serves one identity, once; a retired key is never bound again."""

    code = 108

    def __init__(self, key: PublicKey, identity: RecordId) -> None:
        super().__init__(
            f"key: {format_public_key(key)} was bound to {format_record_id(identity)} before"
        )


class RegistrarIsEverywhere(IdentityRejected):
    """A registrar's scope is everywhere."""

    code = 109

    def __init__(self, scope: str) -> None:
        super().__init__(f"scope: {scope!r} was given, a registrar's is '*'")


class PeriodIsEmpty(IdentityRejected):
    """A period ends after it begins, and after now."""

    code = 110

    def __init__(self, *, begin: int, end: int) -> None:
        super().__init__(
            f"end: {format_milliseconds(end)} does not lie after the period's begin "
            f"at {format_milliseconds(begin)}"
        )


class AuthorityIsOver(IdentityRejected):
    """What was dismissed or has lapsed cannot be taken away again."""

    code = 111

    def __init__(self, *, role: Role, scope: str, since: int) -> None:
        super().__init__(
            f"role: {role.value} in {scope!r} has been over since {format_milliseconds(since)}"
        )


class TooManyRegistrars(IdentityRejected):
    """The list of permanent registrars is bounded."""

    code = 112

    def __init__(self) -> None:
        super().__init__(f"role: there are {REGISTRARS_MAX} permanent registrars already")


class LastRegistrar(IdentityRejected):
    """One permanent registrar must remain: the last is neither dismissed nor given an end."""

    code = 113

    def __init__(self, identity: RecordId) -> None:
        super().__init__(f"identity: {format_record_id(identity)} is the last permanent registrar")


class SignerMayNotRecognise(IdentityRejected):
    """A registrar or governance decides which other ledgers are believed, and by which keys."""

    code = 114

    def __init__(self, ledger: LedgerId, *, field: str = "ledger") -> None:
        super().__init__(
            f"{field}: no signer is a registrar, who decides about {format_ledger_id(ledger)}; "
            "sign as one"
        )


class TrustIsUnsound(IdentityRejected):
    """Keys are well-formed, each counts once, and there are as many as must agree."""

    code = 115

    def __init__(self, reason: str) -> None:
        super().__init__(f"trust: {reason}")


class LedgerIsThisOne(IdentityRejected):
    """A ledger needs nobody's word for what it says itself."""

    code = 116

    def __init__(self) -> None:
        super().__init__("trust.ledger: it is this ledger itself; name another")


class LedgerNotRecognised(IdentityRejected):
    """Only a ledger that is recognised is believed, and none that was disowned."""

    code = 117

    def __init__(self, ledger: LedgerId, *, disowned_at: int = 0, field: str = "ledger") -> None:
        since = f" since {format_milliseconds(disowned_at)}" if disowned_at else ""
        super().__init__(
            f"{field}: {format_ledger_id(ledger)} is not recognised here{since}; "
            "identity.recognise does so"
        )


class ForeignProofIsInvalid(IdentityRejected):
    """A proof from another ledger holds in every step, by enough of the keys that count now."""

    code = 118

    def __init__(self, reason: str, *, field: str) -> None:
        super().__init__(f"{field}: {reason}")


class LedgerForks(IdentityRejected):
    """A ledger has one past; a proof of another is refused, whoever signed it."""

    code = 119

    def __init__(self, ledger: LedgerId, reason: str, *, field: str = "checkpoint") -> None:
        super().__init__(f"{field}: {format_ledger_id(ledger)} shows another past: {reason}")


class AnchorIsOld(IdentityRejected):
    """An anchor lies beyond the latest."""

    code = 120

    def __init__(self, size: int, latest: int) -> None:
        super().__init__(f"checkpoint: it has {size} entries, the latest anchor has {latest}")


class NoFork(IdentityRejected):
    """Two faces are two roots of one size."""

    code = 121

    def __init__(self) -> None:
        super().__init__("other: the two checkpoints do not contradict each other")


class SignerIsNotStatusIssuer(IdentityRejected):
    """A status list is its issuer's alone."""

    code = 122

    def __init__(self, issuer: RecordId) -> None:
        super().__init__(f"issuer: the present key of {format_record_id(issuer)} did not sign")


REJECTIONS = (
    IdentityNotFound,
    AuthorityNotFound,
    SignerMayNotEnrol,
    SignerMayNotAppoint,
    SignerIsNotIdentity,
    NewKeyDidNotSign,
    KeyIsNotOnCurve,
    KeyWasBoundBefore,
    RegistrarIsEverywhere,
    PeriodIsEmpty,
    AuthorityIsOver,
    TooManyRegistrars,
    LastRegistrar,
    SignerMayNotRecognise,
    TrustIsUnsound,
    LedgerIsThisOne,
    LedgerNotRecognised,
    ForeignProofIsInvalid,
    LedgerForks,
    AnchorIsOld,
    NoFork,
    SignerIsNotStatusIssuer,
)
