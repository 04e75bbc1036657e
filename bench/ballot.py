"""
Votes: a million statements counted, counted again by a stranger, and cast one by one.

Counting begins with statements that stand in memory and ends with every result and its reasons;
nothing is signed or stored. A stranger's recount takes events instead, checks each statement by the
terms, and hashes the whole record. Votes on the ledger are signed one by one, each with the path of
its line of the roll, and are durable.
"""

import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence

from bench import workload
from bench.result import Result
from bench.yardstick import Yardstick
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.compose import open_ledger
from tallystick.contracts.ballot import tally
from tallystick.contracts.ballot.commands import Call, Open, Vote
from tallystick.contracts.ballot.events import BallotCalled, BallotOpened, VoteCast
from tallystick.contracts.ballot.model import (
    Assurance,
    BallotParameters,
    Base,
    Choice,
    Choices,
    Electorate,
    Fraction,
    Kind,
    Majority,
    Progress,
    Question,
    QuestionTotals,
    Roll,
    RollEntry,
    Terms,
    roll_of,
    roll_paths,
)
from tallystick.contracts.ballot.model import Result as QuestionResult
from tallystick.contracts.ballot.views import recount
from tallystick.contracts.identity.model import Founder, Role
from tallystick.core.genesis import Genesis

STATEMENTS = 1_000_000
CHUNK = 100_000
ROUNDS = 3
VOTERS = 20_000
SECONDS_MAX = 5.0
QUESTIONS = 3
BODY = "bench"
BALLOT = RecordId(tagged_hash(b"bench", b"ballot"))
ADMINISTRATOR = tagged_hash(b"bench", b"ballot administrator")
ROOT = Hash(bytes(32))


def counting(_raw: Yardstick) -> Iterator[Result]:
    """Measure the count of a million weighted statements on three questions."""
    terms, spoken = _terms(), list(_statements(STATEMENTS))
    durations = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        sums = tally.PUBLIC.count(terms.questions, (choices for _, choices in spoken))
        results = [_result(terms, number, each) for number, each in enumerate(sums)]
        durations.append(time.perf_counter() - began)
    seconds = statistics.median(durations)
    yield Result(
        f"count of {STATEMENTS:,} weighted ballots, {QUESTIONS} questions",
        seconds,
        "s",
        must=f"≤ {SECONDS_MAX:.0f} s",
        met=seconds <= SECONDS_MAX,
    ).noted(f"{sum(len(each.totals) for each in results)} totals, each result with its reasons")


def recounting(_raw: Yardstick) -> Iterator[Result]:
    """Measure what a stranger needs for a million events: each is checked and hashed."""
    making = 0.0

    def events() -> Iterator[tuple[int, Record]]:
        """Yield the record in chunks, and keep the time of making them apart."""
        nonlocal making
        yield 0, BallotCalled(BALLOT, BALLOT, _terms())
        yield 0, BallotOpened(BALLOT, _roll())
        for start in range(0, STATEMENTS, CHUNK):
            before = time.perf_counter()
            chunk = [_event(*each) for each in _statements(CHUNK, start)]
            making += time.perf_counter() - before
            yield from ((1, event) for event in chunk)

    began = time.perf_counter()
    found = recount(BALLOT, events())
    seconds = time.perf_counter() - began - making
    if found.problems or found.voters != STATEMENTS:
        raise AssertionError(f"a good record must be counted whole: {found.problems[:3]}")
    yield Result(f"a stranger's recount of {STATEMENTS:,} events", seconds, "s")


def casting(raw: Yardstick) -> Iterator[Result]:
    """Measure votes cast on the embedded ledger, individually signed."""
    rates, yardsticks = [], []
    for turn in range(ROUNDS):
        with workload.bench_folder() as folder:
            ledger = open_ledger(folder, genesis=_genesis(), clock=lambda: workload.TIME)
            with ledger:
                batch = _votes(ledger, turn)
                before = raw.checks_per_second()
                began = time.perf_counter()
                workload.put(ledger, batch)
                rates.append(len(batch) / (time.perf_counter() - began))
                yardsticks.append((before + raw.checks_per_second()) / 2)
    rate, yardstick = statistics.median(rates), statistics.median(yardsticks)
    result = Result("individually signed votes", rate, "1/s", yardstick, rate / yardstick)
    yield result.noted(f"{VOTERS:,} voters, {QUESTIONS} questions, a path of 15 hashes each")


def _votes(ledger: Ledger, turn: int) -> list[bytes]:
    """Open a vote, and return a signed vote of everybody."""
    secrets = [tagged_hash(b"bench", bytes([turn]), n.to_bytes(4, "big")) for n in range(VOTERS)]
    lines = [_line(public_key(secret), 1 + n % 1_000) for n, secret in enumerate(secrets)]
    terms = _terms(begin=workload.TIME)
    key = public_key(ADMINISTRATOR)
    receipt = ledger.submit(workload.sign(ledger, [Call(terms)], ADMINISTRATOR, key))
    (event,) = ledger.events(receipt)
    if not isinstance(event, BallotCalled):
        raise AssertionError("a call reports a vote")
    opening = Open(event.ballot, roll_of(lines, terms))
    workload.put(ledger, [workload.sign(ledger, [opening], ADMINISTRATOR, key)])
    batch = []
    for n, (secret, line, path) in enumerate(zip(secrets, lines, roll_paths(lines), strict=True)):
        vote = Vote(event.ballot, line, n, path, _choices(line.weight, n))
        batch.append(workload.sign(ledger, [vote], secret, line.voter))
    return batch


def _genesis() -> Genesis:
    """Return a ledger with a ballot administrator."""
    key = public_key(ADMINISTRATOR)
    return usual_genesis(
        "bench",
        time=workload.TIME - 1_000,
        salt=os.urandom(32),
        registrar=key,
        issuing_body=key,
        publisher=key,
        sectors=(BODY,),
        founders=(Founder(key, Role.BALLOT_ADMINISTRATOR, BODY),),
        more={"ballot": BallotParameters()},
    )


def _terms(begin: int = 0) -> Terms:
    """Return the terms of a sitting with three questions."""
    majority = Majority(Base.ALL, Fraction(1, 2), more_than=True, voter_class="")
    return Terms(
        kind=Kind.SITTING,
        body=BODY,
        title="Bench",
        questions=tuple(
            Question(f"Question {n}", None, ("for", "against", "abstain"), 1, majority)
            for n in range(QUESTIONS)
        ),
        documents=(),
        record_date=0,
        begin=begin,
        end=begin + 3_600_000,
        statement_milliseconds=0,
        quorum=Fraction(0, 1),
        turnout=Fraction(0, 1),
        voters_min=0,
        proxies_max=0,
        changeable=False,
        assurance=Assurance.SIMPLE,
        identity_ledger=None,
        identity_age_max=0,
    )


def _statements(count: int, start: int = 0) -> Iterator[tuple[RollEntry, Choices]]:
    """Yield the same random statements every time."""
    seeded = random.Random(start)
    for n in range(start, start + count):
        voter = PublicKey(b"\x02" + n.to_bytes(32, "big"))
        weight = seeded.randint(1, 1_000)
        yield _line(voter, weight), _choices(weight, seeded.getrandbits(16))


def _line(voter: PublicKey, weight: int) -> RollEntry:
    """Return a line of the roll."""
    return RollEntry(voter, weight, "", for_others=False, available=True, excluded=())


def _choices(weight: int, drawn: int) -> Choices:
    """Return a choice on each question."""
    return tuple(Choice(n, (drawn >> 4 * n) % 3, weight) for n in range(QUESTIONS))


def _event(entry: RollEntry, choices: Choices) -> VoteCast:
    """Return the event of a statement."""
    return VoteCast(BALLOT, entry, choices, (), None, None, Assurance.SIMPLE)


def _roll() -> Roll:
    """Return a roll with room for every weight."""
    weight = 1_000 * STATEMENTS
    return Roll(ROOT, STATEMENTS, weight, weight, (Electorate(weight, weight),) * QUESTIONS)


def _result(terms: Terms, number: int, sums: Sequence[int]) -> QuestionResult:
    """Judge a question."""
    weight = sum(sums)
    totals = QuestionTotals(BALLOT, number, weight, weight, weight, tuple(sums))
    progress = Progress(ROOT, 0, 0, STATEMENTS, weight)
    valid = tally.holds(tally.findings_of(terms, _roll(), progress))
    return tally.result_of(terms, totals, valid=valid)
