"""Granular guarantees of origin: from a production measurement to a settled claim."""

from tallystick.core.contract import Contract
from tallystick.core.holding import Lock, Release

from . import (
    commands,
    errors,
    events,
    invariants,
    model,
    projection,
    rules,
    rules_claim,
    rules_correction,
    rules_lock,
    views,
)

CONTRACT = Contract(
    name="certificate",
    requires=("identity", "measurement"),
    records=(model.Certificate, model.Settlement, model.Pledge),
    commands={
        commands.Issue: rules.issue,
        commands.Transfer: rules.transfer,
        commands.Split: rules.split,
        commands.Claim: rules_claim.claim,
        commands.Withdraw: rules_claim.withdraw,
        commands.Unclaim: rules_claim.unclaim,
        commands.Correct: rules_correction.correct,
        commands.Pledge: rules_lock.pledge,
        Lock: rules_lock.lock,
        Release: rules_lock.release,
    },
    views={
        views.ShowCertificate: views.show,
        views.ShowHistory: views.show_history,
        views.ShowSettlement: views.show_settlement,
        views.ShowPledge: views.show_pledge,
    },
    events=(
        events.CertificateIssued,
        events.CertificateTransferred,
        events.CertificateSplit,
        events.CertificateClaimed,
        events.CertificateWithdrawn,
        events.CertificateUnclaimed,
        events.ProductionCorrected,
        events.ClaimBroken,
        events.CertificateLocked,
        events.CertificateReleased,
        events.IntervalPledged,
        events.PledgeReleased,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.CertificateParameters,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
