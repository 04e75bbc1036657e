"""
The village: from 257,280 meter readings to claims that anyone can check.

A ledger is made, every reading of two weeks is published under a fresh key, production gets its
certificates, and each quarter hour's production goes to the homes that used it. Then the point of
it all: over two weeks the village makes nearly what it uses, but not when it uses it.
"""

import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from tallystick.base.identifiers import RecordId, format_ledger_id
from tallystick.client.ledger import Ledger
from tallystick.contracts.measurement.model import measurement_id

from .ledger_facts import Conservation, Finding, LedgerFacts, is_conserved
from .matching import Match
from .report import print_report, write_page
from .scenario import Scenario, Stage
from .village_conservation import conservation
from .village_data import Village, load_village
from .village_figures import EnergySeries, energy_series, order_plants
from .village_privacy import find_out
from .village_report import village_report
from .village_weeks import DayClock, Parties, Tally, fill
from .village_work import Example

VERIFIER = "verify_proof.py"
VERIFY_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Proven:
    """The proof of one claim, on disk."""

    path: Path
    """The proof file."""
    size: int
    """Its length. [bytes]"""
    verified: bool
    """Whether the stand-alone script, which knows nothing of ours, accepted it."""
    command: str
    """What a person types to check it."""
    checkpoint: str
    """The signed note."""


def run(stage: Stage) -> dict[str, Any]:
    """Play the whole story and return its figures."""
    return play(stage, load_village())


def play(stage: Stage, village: Village) -> dict[str, Any]:
    """Play the story of any village."""
    began = time.monotonic()
    parties = Parties(village)
    clock = DayClock(parties.genesis.time)
    path = stage.folder / "ledger"
    ledger = stage.open_ledger(path, genesis=parties.genesis, clock=clock)
    try:
        tally = fill(stage, ledger, village, parties.secrets(), clock)
        with (
            stage.progress("read model", 1) as advance,
            tally.timed("index", ledger_commands(tally)),
        ):
            rows = stage.read_model(ledger, stage.folder / "index.sqlite")("certificate_holdings")
            conserved = conservation(village, rows, _production(tally, village))
            advance(1)
        with tally.timed("try to link", len(tally.place_by_key)):
            meters = {key: meter for key, (meter, _) in tally.place_by_key.items()}
            findings = find_out(ledger.follow(), meters, village)
        proven = _prove(stage, ledger, tally.example)
    finally:
        ledger.close()
    with tally.timed("audit", ledger_commands(tally)):
        problems = stage.audit(path).problems
    facts = _facts(parties, tally, conserved, findings, proven, path, is_audited=not problems)
    page = _report(stage, village, tally, facts)
    proved = {
        "conserved": is_conserved(facts),
        "audited": facts.is_audited,
        "verified": facts.is_verified,
    }
    return {
        "readings": len(village.meters) * len(village.begins),
        "measurements": tally.measurements,
        "certificates": tally.certificates,
        "claims": tally.claims,
        "produced_wh": tally.produced_wh,
        "consumed_wh": tally.consumed_wh,
        "matched_wh": tally.matched_wh,
        "proved": proved,
        **proved,
        "proof_file": facts.proof_file,
        "verify": facts.verify_command,
        "report": str(page),
        "ledger": str(path),
        "seconds": round(time.monotonic() - began, 1),
    }


def ledger_commands(tally: Tally) -> int:
    """Return how many commands the ledger took, about one event each."""
    moved = tally.counts.get("transfer and split", 0)
    return tally.measurements + tally.certificates + tally.claims + moved


def _production(tally: Tally, village: Village) -> dict[RecordId, int]:
    """Return the meter behind each measurement, which only the demo knows."""
    return {
        measurement_id(key, village.begins[quarter]): meter
        for key, (meter, quarter) in tally.place_by_key.items()
    }


def _prove(stage: Stage, ledger: Ledger, example: Example | None) -> Proven:
    """Write the proof of one claim and let the stand-alone script check it."""
    if example is None:
        raise AssertionError("nothing was claimed")
    path = stage.folder / "claim.proof.json"
    path.write_bytes(ledger.prove(example.certificate))
    status = ledger.status()
    trust = ["--ledger", format_ledger_id(status.ledger), "--key", status.checkpoint_key]
    script = stage.folder / VERIFIER
    with as_file(files("tallystick.client") / VERIFIER) as source:
        shutil.copyfile(source, script)
    done = subprocess.run(  # noqa: S603 - our own script under our own interpreter.
        [sys.executable, str(script), str(path), *trust],
        check=False,
        capture_output=True,
        text=True,
        timeout=VERIFY_SECONDS_MAX,
    )
    return Proven(
        path=path,
        size=path.stat().st_size,
        verified=done.returncode == 0,
        command=shlex.join(["tally", "verify", str(path), *trust]),
        checkpoint=ledger.node.checkpoint().decode(),
    )


def _facts(
    parties: Parties,
    tally: Tally,
    conserved: tuple[Conservation, ...],
    findings: tuple[Finding, ...],
    proven: Proven,
    path: Path,
    *,
    is_audited: bool,
) -> LedgerFacts:
    """Return what the ledger answered."""
    return LedgerFacts(
        ledger_id=format_ledger_id(parties.ledger),
        readings=tally.measurements,
        measurements=tally.measurements,
        certificates=tally.certificates,
        claims=tally.claims,
        conservation=conserved,
        stages=tally.stages(),
        findings=findings,
        is_audited=is_audited,
        is_verified=proven.verified,
        checkpoint=proven.checkpoint,
        proof_file=str(proven.path),
        proof_bytes=proven.size,
        verify_command=proven.command,
        ledger_path=str(path),
    )


def _report(stage: Stage, village: Village, tally: Tally, facts: LedgerFacts) -> Path:
    """Show the story on the terminal and write it as a page."""
    report = village_report(_energy(village, tally), facts)
    print_report(report, stage.console)
    path = stage.folder / "report.html"
    write_page(report, path)
    stage.console.print(f"report: {path}", soft_wrap=True, highlight=False)
    return path


def _energy(village: Village, tally: Tally) -> EnergySeries:
    """Add up the village, with plants numbered as the figures want them."""
    place = {plant: n for n, plant in enumerate(order_plants(village))}
    return energy_series(
        village,
        [
            [Match(place[each.plant], each.home, each.amount_wh) for each in quarter]
            for quarter in tally.matches
        ],
    )


SCENARIO = Scenario(
    name="village",
    summary="two weeks of a village, from meter reading to claims that anyone can check",
    run=run,
)
