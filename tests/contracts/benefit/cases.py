"""
A marketplace of three companies on which tables of cases are tried.

So that a purchase runs to its end in one trial, all three companies keep their tokens on the shared
ledger itself. The scenario `loyalty` plays the same on four.
"""

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts import asset, benefit, exchange, identity
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Balance, Burners, Kind
from tallystick.contracts.benefit.commands import (
    AdmitCompany,
    Buy,
    Create,
    List,
    Redeem,
    Remove,
    RemoveCompany,
)
from tallystick.contracts.benefit.events import BenefitCreated
from tallystick.contracts.benefit.model import (
    Attribute,
    Benefit,
    BenefitParameters,
    Credential,
    Rate,
    Treatment,
    credential_id,
)
from tallystick.contracts.benefit.standing import company_at
from tallystick.contracts.benefit.terms import purchase_parts
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.model import Change, ExchangeParameters, Part, change_id
from tallystick.contracts.identity.commands import Dismiss
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Founder,
    IdentityParameters,
    KeyBinding,
    Role,
    key_id,
)
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of

(
    REGISTRAR, SYSTEM, ADMIN_A, ADMIN_B, ADMIN_C, CLEARING_A, CLEARING_B, CLEARING_C,
    ANNA, AMOS, BEN, BELLA, CARL, LEAVER, STRANGER,
) = range(1, 16)  # fmt: skip
"""Numbers of the keys of the cast."""

A, B, C = "acme", "brio", "cozy"
"""Three companies; the third leaves."""

NOW = 1_798_000_000_000
"""In December 2026. [ms since the epoch, UTC]"""

MINUTE = 60_000
DAY = 86_400_000
MONTH = 12 * (2026 - 1970) + 11
TOKENS = 100_000
PRICE = 10
UNKNOWN = RecordId(b"\xee" * 32)
CONTRACTS = (identity.CONTRACT, asset.CONTRACT, exchange.CONTRACT, benefit.CONTRACT)
CLEARING = {A: CLEARING_A, B: CLEARING_B, C: CLEARING_C}
ADMINS = {A: ADMIN_A, B: ADMIN_B, C: ADMIN_C}
STAFF = {A: (ANNA, AMOS, LEAVER), B: (BEN, BELLA), C: (CARL,)}
RATES = {A: Rate(1, 2), B: Rate(3, 1), C: Rate(1, 1)}
COMPANY_OF = {number: name for name, staff in STAFF.items() for number in staff}


def do(trial: Trial, command: Record, *signers: int) -> list[Record]:
    """Insist that a command is accepted, and return what it reported."""
    before = len(trial.events)
    assert trial.execute(command, signers=signers) == accepted, trial.message
    return trial.events[before:]


def founders() -> tuple[Founder, ...]:
    """Return who has which role from the beginning."""
    found = [
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(REGISTRAR), Role.ASSET_ISSUER, EVERYWHERE),
        Founder(key(SYSTEM), Role.SYSTEM_ADMINISTRATOR, EVERYWHERE),
    ]
    for name, staff in STAFF.items():
        found.append(Founder(key(ADMINS[name]), Role.COMPANY_ADMINISTRATOR, name))
        found += [Founder(key(number), Role.EMPLOYEE, name) for number in staff]
    found.append(Founder(key(CLEARING_A), Role.EMPLOYEE, A))
    return tuple(found)


def defined(trial: Trial, name: str) -> RecordId:
    """Define a company's tokens, mint some to everybody, and return the class's id."""
    (event,) = do(
        trial,
        Define(
            name=f"points-{name}",
            unit="pt",
            scale=0,
            kind=Kind.FUNGIBLE,
            issuers=(key(ADMINS[name]),),
            supply_cap=0,
            last_mint_at=0,
            transferable=True,
            burners=Burners.ISSUER,
        ),
        REGISTRAR,
    )
    assert isinstance(event, AssetDefined)
    for number in (*STAFF[name], CLEARING[name]):
        do(trial, Mint(event.asset, key(number), TOKENS, "", "", 0, None), ADMINS[name])
    return event.asset


def admitting(trial: Trial, name: str, unit: RecordId = UNKNOWN) -> AdmitCompany:
    """Return an admission that the system administrator may sign."""
    clearing = key(CLEARING.get(name, CLEARING_A))
    return AdmitCompany(name, trial.state.ledger, unit, clearing, RATES.get(name, Rate(1, 1)))


def creating(name: str = A, *, price: int = PRICE, title: str = "theatre") -> Create:
    """Return a creation that the company's administrator may sign."""
    return Create(name, title, (Attribute("seats", "2"),), price)


def created(trial: Trial, name: str = A, *, price: int = PRICE) -> RecordId:
    """Create a benefit and return its id."""
    (event,) = do(trial, creating(name, price=price), ADMINS[name])
    assert isinstance(event, BenefitCreated)
    return event.benefit


def quote(trial: Trial, id: RecordId, buyer: int, company: str | None = None) -> tuple[Part, ...]:
    """Return the parts that a purchase must have, also for those to whom the view says no."""
    benefit = benefit_of(trial, id)
    return purchase_parts(
        trial.state.ledger,
        id,
        benefit,
        buyer=key(buyer),
        home=company_at(trial, company or COMPANY_OF[buyer]),
        away=company_at(trial, benefit.employer or benefit.company),
        time=trial.time,
    )


def changing(trial: Trial, parts: tuple[Part, ...], *, salt: int = 0, minutes: int = 5) -> Change:
    """Return a change that this ledger decides."""
    return Change(
        trial.state.ledger, trial.time + minutes * MINUTE, parts, salt.to_bytes(16, "big")
    )


def buying(
    trial: Trial, id: RecordId, buyer: int, *, salt: int = 0, company: str | None = None
) -> Buy:
    """Return a purchase as the view quotes it."""
    parts = quote(trial, id, buyer, company)
    return buy_of(changing(trial, parts, salt=salt), company or COMPANY_OF[buyer])


def buy_of(change: Change, company: str) -> Buy:
    """Return the command that reserves the benefit of a change."""
    return Buy(change, benefit_part(change), company)


def benefit_part(change: Change) -> int:
    """Return which part of a change is the benefit; 0 if none is."""
    places = [n for n, part in enumerate(change.parts) if part.contract == "benefit"]
    return places[0] if places else 0


def pay(trial: Trial, change: Change) -> None:
    """Prepare every part of a change that is a payment."""
    for n, part in enumerate(change.parts):
        if part.contract == "asset":
            do(trial, Prepare(change, n), number_of(part.owner))


def number_of(owner: PublicKey) -> int:
    """Return the number of a key of the cast."""
    return next(number for number in range(1, 16) if key(number) == owner)


def finish(trial: Trial, change: Change) -> None:
    """End every part of a change as it was decided."""
    for n in range(len(change.parts)):
        if trial.execute(Finish(change_id(change), n, None), signers=[STRANGER]) != accepted:
            assert "is not prepared" in trial.message, trial.message


def settle(trial: Trial, change: Change) -> None:
    """Pay, commit and finish a change."""
    pay(trial, change)
    do(trial, Commit(change, ()), STRANGER)
    finish(trial, change)


def give_up(trial: Trial, change: Change, *signers: int) -> None:
    """Abort a change and finish what is prepared of it."""
    do(trial, Abort(change), *signers)
    finish(trial, change)


def bought(trial: Trial, id: RecordId, buyer: int, *, salt: int = 0) -> Change:
    """Let somebody buy a benefit, to the end."""
    command = buying(trial, id, buyer, salt=salt)
    do(trial, command, buyer)
    settle(trial, command.change)
    return command.change


def identity_of(trial: Trial, number: int) -> RecordId:
    """Return whose key a key is."""
    binding = trial.read(KeyBinding, key_id(key(number)))
    assert binding is not None
    return binding.identity


def dismiss(trial: Trial, number: int) -> None:
    """End somebody's employment."""
    company = COMPANY_OF[number]
    do(trial, Dismiss(identity_of(trial, number), Role.EMPLOYEE, company), ADMINS[company])


def benefit_of(trial: Trial, id: RecordId) -> Benefit:
    """Return a benefit as it is written."""
    found = trial.read(Benefit, id)
    assert found is not None
    return found


def credential_of(trial: Trial, id: RecordId) -> Credential:
    """Return the credential of a benefit's owner."""
    index = benefit_of(trial, id).credential
    assert index is not None
    found = trial.read(Credential, credential_id(index))
    assert found is not None
    return found


def tokens_of(trial: Trial, name: str, number: int) -> int:
    """Return what somebody can spend of a company's tokens."""
    found = trial.read(Balance, holding_id(UNITS[name], key(number)))
    return 0 if found is None else found.spendable


def found(treatment: Treatment = Treatment.REDEEMABLE) -> Trial:
    """Return a ledger with people and without companies."""
    parameters = (
        IdentityParameters(founders()),
        AssetParameters(),
        ExchangeParameters(),
        BenefitParameters(treatment=treatment),
    )
    trial = Trial(CONTRACTS, genesis_of(CONTRACTS, parameters, time=NOW - 1_000))
    trial.move_to(NOW)
    return trial


def with_companies(
    treatment: Treatment = Treatment.REDEEMABLE,
) -> tuple[Trial, dict[str, RecordId]]:
    """Return a ledger with three companies, and their tokens."""
    trial = found(treatment)
    units = {name: defined(trial, name) for name in (A, B, C)}
    for name, unit in units.items():
        do(trial, admitting(trial, name, unit), SYSTEM)
    return trial, units


def marketplace(treatment: Treatment = Treatment.REDEEMABLE) -> Trial:
    """Return a ledger with three companies that offer nothing yet."""
    trial, _ = with_companies(treatment)
    return trial


def _benefits(trial: Trial) -> tuple[RecordId, ...]:
    """Create the benefits of the cases."""
    ids = [created(trial, name) for name in (A, B, A, A, B, A, A, A, C, C)]
    return tuple(ids)


_, UNITS = with_companies()
(
    OFFERED, OFFERED_B, OWNED, LISTED, OWNED_B, REDEEMED, REMOVED, LEFT, GONE, GONE_OWNED,
) = _benefits(marketplace())  # fmt: skip
"""The benefits of the cases; the last one but two is held by somebody who was dismissed."""


def cast(treatment: Treatment = Treatment.REDEEMABLE) -> Trial:
    """
    Return the ledger of the cases.

    Anna of A owns one and lists another, Ben of B owns one; one is used, one removed, one is a
    leaver's; the last two are of C, which has left, and one of them Anna owns.
    """
    trial = marketplace(treatment)
    _benefits(trial)
    for salt, (id, number) in enumerate(
        ((OWNED, ANNA), (LISTED, ANNA), (OWNED_B, BEN), (REDEEMED, AMOS), (LEFT, LEAVER),
         (GONE_OWNED, ANNA))
    ):  # fmt: skip
        bought(trial, id, number, salt=salt)
    do(trial, List(LISTED, 30), ANNA)
    do(trial, Redeem(REDEEMED), AMOS)
    do(trial, Remove(REMOVED), ADMIN_A)
    dismiss(trial, LEAVER)
    do(trial, RemoveCompany(C), SYSTEM)
    return trial


def reserved() -> tuple[Trial, Change]:
    """Return the ledger of the cases with the first benefit reserved for Amos."""
    trial = cast()
    command = buying(trial, OFFERED, AMOS, salt=99)
    do(trial, command, AMOS)
    return trial, command.change


ELSEWHERE = LedgerId(b"\x07" * 32)
SOME_LOCK = LockId(b"\x05" * 32)
