"""
Hold what rejections say against the command that they reject.

`field: what is wrong; what to do` is how a rejection speaks. Here the field is looked up in the
command, or in the question, place by place: one that it does not have is of no use to anybody.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import pytest

from tallystick.base.encoding import Record
from tallystick.base.plain import tag_of
from tallystick.core.errors import Rejected
from tallystick.testing.tables import Signer, Trial, Verdict

KERNEL: Final = "kernel"
"""Whose rejections are about contracts and nonces, and not about a field."""

PATH: Final = re.compile(r"([a-z_]+(?:\[[0-9]+\])*(?:\.[a-z_]+(?:\[[0-9]+\])*)*): ")
BARE_TIME: Final = re.compile(r"\b1[5-9][0-9]{11}\b| ms\b")
"""A time of our days in milliseconds, or the unit."""


HELD: Final = frozenset({"holding", "lock_id", "until", "amount", "target"})
"""What a contract is told to hold or move when another calls it: its reasons name that."""

TOLD: Final = {"certificate": frozenset({"owner", "begin", "parts"})}
"""What else a contract is told: a pledge names its meter's key and begin, a split its parts."""


def fault_of(message: str, commands: Sequence[Record], contract: str) -> str:
    """
    Return what is wrong with a contract's rejection of one of these commands, or nothing.

    A contract that another one calls knows the call, and not the command that it comes from.
    """
    found = PATH.match(message)
    if found is None:
        return f"names no field: {message}"
    called = any(tag_of(type(command)).partition(".")[0] != contract for command in commands)
    held = called and found[1] in HELD | TOLD.get(contract, frozenset())
    if not held and not any(has(command, found[1]) for command in commands):
        return f"names a field that {commands} do not have: {message}"
    return f"times stand in ISO 8601: {message}" if BARE_TIME.search(message) else ""


def has(value: object, path: str) -> bool:
    """Tell whether a record has what a path leads to, such as `terms.questions[0].options`."""
    for step in re.findall(r"[a-z_]+|[0-9]+", path):
        if isinstance(value, tuple):
            if int(step) >= len(value):
                return False
            value = value[int(step)]
        elif not isinstance(value, Record) or step not in value.__struct_fields__:
            return False
        else:
            value = getattr(value, step)
    return True


def watch(patch: pytest.MonkeyPatch) -> None:
    """Let every trial insist that rejections name their field."""
    execute, ask = Trial.execute, Trial.ask

    def watched(
        self: Trial,
        commands: Record | Iterable[Record],
        *,
        signers: Iterable[Signer],
        time: int | None = None,
        caller: str = "",
    ) -> Verdict:
        items = (commands,) if isinstance(commands, Record) else tuple(commands)
        verdict = execute(self, items, signers=signers, time=time, caller=caller)
        contract = getattr(verdict, "contract", KERNEL)
        if contract != KERNEL:
            fault = fault_of(self.message, items, contract)
            assert not fault, fault
        return verdict

    def asked(self: Trial, question: Record) -> object:
        try:
            return ask(self, question)
        except Rejected as rejected:
            fault = fault_of(str(rejected), (question,), rejected.contract)
            assert rejected.contract == KERNEL or not fault, fault
            raise

    patch.setattr(Trial, "execute", watched)
    patch.setattr(Trial, "ask", asked)
