"""A company of six members that votes on three questions, on which tables of cases are tried."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.contracts import ballot, identity
from tallystick.contracts.ballot.commands import (
    NO_EVIDENCE,
    Attest,
    Call,
    Close,
    Delegate,
    Deliver,
    EnrolDevice,
    Open,
    RevokeDelegation,
    Vote,
)
from tallystick.contracts.ballot.events import BallotCalled
from tallystick.contracts.ballot.model import (
    Assurance,
    BallotParameters,
    Base,
    Choice,
    Evidence,
    Fraction,
    Kind,
    Majority,
    Question,
    RollEntry,
    Terms,
    roll_of,
    roll_paths,
    voter_of,
)
from tallystick.contracts.identity.commands import Enrol
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Founder,
    IdentityParameters,
    Role,
    key_id,
)
from tallystick.contracts.identity.model import KeyBinding as Binding
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted, genesis_of

REGISTRAR, ADMIN, OTHER_ADMIN, ANNA, BERT, CARA, DORA, EMIL, FIONA = range(1, 10)
LAWYER, HALL, PHONE, STRANGER, FRESH = range(10, 15)
"""Numbers of the keys of the cast."""

DAY = 86_400_000
NOW = 1_700_000_000_000
BEGIN, END = NOW + DAY, NOW + 2 * DAY
"""When votes are taken. [ms since the epoch, UTC]"""

BODY, OTHER_BODY = "mill", "bakery"
UNKNOWN = RecordId(b"\xee" * 32)
CONTRACTS = (identity.CONTRACT, ballot.CONTRACT)
FOR, AGAINST, ABSTAIN = range(3)
HALF, TWO_THIRDS, NONE, ALL = Fraction(1, 2), Fraction(2, 3), Fraction(0, 1), Fraction(1, 1)


def digest(text: str) -> Hash:
    """Return the hash of a document."""
    return tagged_hash(b"tests/document", text.encode())


def question(
    text: str = "Shall we?",
    *,
    base: Base = Base.ALL,
    fraction: Fraction = HALF,
    more_than: bool = True,
    voter_class: str = "",
    options: tuple[str, ...] = ("for", "against", "abstain"),
    motions: int = 1,
) -> Question:
    """Return a question."""
    return Question(
        text, digest(text), options, motions, Majority(base, fraction, more_than, voter_class)
    )


QUESTIONS = (
    question("Profit"),
    question("Charter", base=Base.PRESENT, fraction=TWO_THIRDS, more_than=False),
    question("Chair", base=Base.CLASS, voter_class="A", options=("x", "y", "none"), motions=2),
)

SITTING = Terms(
    kind=Kind.SITTING,
    body=BODY,
    title="General meeting",
    questions=QUESTIONS,
    documents=(digest("report"),),
    record_date=NOW,
    begin=BEGIN,
    end=END,
    statement_milliseconds=0,
    quorum=HALF,
    turnout=NONE,
    voters_min=0,
    proxies_max=2,
    changeable=False,
    assurance=Assurance.SIMPLE,
    identity_ledger=None,
    identity_age_max=0,
)
PER_ROLLAM = replace(
    SITTING, kind=Kind.PER_ROLLAM, questions=(QUESTIONS[0], QUESTIONS[2]), quorum=NONE
)


def found() -> Trial:
    """Return a ledger on which Fiona is an identity and nothing is called."""
    founders = (
        Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
        Founder(key(ADMIN), Role.BALLOT_ADMINISTRATOR, BODY),
        Founder(key(OTHER_ADMIN), Role.BALLOT_ADMINISTRATOR, OTHER_BODY),
    )
    parameters = (IdentityParameters(founders), BallotParameters())
    trial = Trial(CONTRACTS, genesis_of(CONTRACTS, parameters, time=NOW - 1_000))
    trial.move_to(NOW)
    do(trial, Enrol(key(FIONA), EVERYWHERE), REGISTRAR)
    return trial


def do(trial: Trial, command: Record | Iterable[Record], *signers: int) -> list[Record]:
    """Insist that a command is accepted, and return what it reported."""
    before = len(trial.events)
    assert trial.execute(command, signers=signers) == accepted, trial.message
    return trial.events[before:]


def _fiona() -> RecordId:
    """Return the id of Fiona's identity."""
    binding = found().read(Binding, key_id(key(FIONA)))
    assert binding is not None
    return binding.identity


FIONA_ID = _fiona()
VOTERS: dict[int, PublicKey] = {
    number: voter_of(FIONA_ID) if number == FIONA else key(number)
    for number in (ANNA, BERT, CARA, DORA, EMIL, FIONA)
}


def entry(
    number: int,
    weight: int,
    voter_class: str = "A",
    *,
    for_others: bool = False,
    available: bool = True,
    excluded: tuple[int, ...] = (),
) -> RollEntry:
    """Return a line of the roll."""
    return RollEntry(VOTERS[number], weight, voter_class, for_others, available, excluded)


LINES: dict[int, RollEntry] = {
    ANNA: entry(ANNA, 50),
    BERT: entry(BERT, 30),
    CARA: entry(CARA, 100, "B", for_others=True),
    DORA: entry(DORA, 20, excluded=(1,)),
    EMIL: entry(EMIL, 40, "B", available=False),
    FIONA: entry(FIONA, 10),
}
"""250 in all, of which 210 were there; 110 of them are of class A."""

ENTRIES = tuple(LINES.values())
PLACES = {number: place for place, number in enumerate(LINES)}
PATHS = tuple(roll_paths(ENTRIES))


def called(trial: Trial, terms: Terms = SITTING) -> RecordId:
    """Call a vote and return its id."""
    (event,) = do(trial, Call(terms), ADMIN)
    assert isinstance(event, BallotCalled)
    return event.ballot


def opened(trial: Trial, terms: Terms = SITTING, lines: Sequence[RollEntry] = ENTRIES) -> RecordId:
    """Call and open a vote and return its id."""
    id = called(trial, terms)
    do(trial, Open(id, roll_of(lines, terms)), ADMIN)
    return id


def sitting(terms: Terms = SITTING, *, time: int = BEGIN) -> tuple[Trial, RecordId]:
    """Return a ledger on which a sitting takes votes."""
    trial = found()
    id = opened(trial, terms)
    trial.move_to(time)
    return trial, id


def on(number: int, option: int, weight: int) -> Choice:
    """Return weight that is given to an option."""
    return Choice(number, option, weight)


def ballot_of(
    id: RecordId,
    who: int,
    *choices: Choice,
    delegate: int | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Vote:
    """Return a vote; all for the first question unless something else is chosen."""
    line = LINES[who]
    return Vote(
        ballot=id,
        entry=line,
        index=PLACES[who],
        path=PATHS[PLACES[who]],
        choices=choices or (on(0, FOR, line.weight),),
        delegate=None if delegate is None else key(delegate),
        evidence=evidence,
    )


def delivery(id: RecordId, who: int, *, evidence: Evidence = NO_EVIDENCE) -> Deliver:
    """Return a delivery to a member."""
    place = PLACES[who]
    return Deliver(id, LINES[who], place, PATHS[place], digest("receipt"), evidence)


def delegation(id: RecordId, who: int, whom: int = LAWYER, *questions: int) -> Delegate:
    """Return a delegation, of all questions unless some are named."""
    return Delegate(id, VOTERS.get(who, key(who)), key(whom), questions)


def revocation(id: RecordId, who: int) -> RevokeDelegation:
    """Return a revocation."""
    return RevokeDelegation(id, VOTERS.get(who, key(who)))


def device(
    number: int = HALL,
    member: int | None = None,
    assurance: Assurance = Assurance.ADVANCED,
    *,
    body: str = BODY,
) -> EnrolDevice:
    """Return the enrolment of a device."""
    owner = None if member is None else VOTERS.get(member, key(member))
    return EnrolDevice(body, key(number), owner, "hall", assurance)


def attestation(
    number: int, assurance: Assurance = Assurance.QUALIFIED, *, until: int = END, body: str = BODY
) -> Attest:
    """Return what is said of a key."""
    return Attest(body, key(number), assurance, until, digest("certificate"))


def closed(trial: Trial, id: RecordId, *signers: int, time: int = END) -> list[Record]:
    """Count a vote."""
    trial.move_to(max(time, trial.time))
    return do(trial, Close(id), *(signers or (ADMIN,)))
