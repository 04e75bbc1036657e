"""The report of tokens shows what came out, also when it is not what should have."""

from dataclasses import replace

from tallystick.scenarios.tokens_desk import Counts
from tallystick.scenarios.tokens_report import QUESTIONS, TokenFacts, tokens_report
from tests.scenarios.test_tokens_life import LIFE

FACTS = TokenFacts(
    readings=2,
    workers=1,
    counts=Counts(minted=2, conflicts=1, linked_at_death=1, killed_process=77),
    seconds=0.5,
    proved=dict.fromkeys(QUESTIONS, True),
    life=LIFE.life,
    by_worker=((0, 2, 1),),
)


def test_every_claim_is_a_fact() -> None:
    """One that failed says so."""
    report = tokens_report(replace(FACTS, proved={**FACTS.proved, "conserved": False}))
    shown = {fact.label: (fact.value, fact.is_good) for fact in report.facts}
    assert ("NO", False) == shown["conserved"]
    assert ("yes", True) == shown["audited"]
    assert "77" in report.lead
    assert "4" == shown["mints a second"][0]
