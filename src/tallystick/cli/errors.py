"""From what went wrong to one clear line and an exit code."""

import os
import sys
import traceback
from collections.abc import Callable
from errno import ENOENT
from typing import Final

import click

from tallystick.client.ledger import TransactionRejected
from tallystick.client.proving import CannotProve
from tallystick.core.errors import Damaged, Refused, Rejected, Unavailable
from tallystick.core.proof import ProofInvalid

from .output import complain

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3
DAMAGED: Final = 4
BUG: Final = 70
INTERRUPTED: Final = 130
UNREAD: Final = 141

EXIT_CODES: Final = {
    DONE: "It was done, and what was checked holds.",
    REFUSED: "A rule rejected it, the ledger refused it, or a check did not hold.",
    USAGE: "The command line or an input file is wrong.",
    UNAVAILABLE: "The world is in the way: a missing file, a ledger in use, a full disk.",
    DAMAGED: "Stored bytes are not what was written.",
    BUG: "A bug in Tallystick; the trace is printed.",
    INTERRUPTED: "It was interrupted from the keyboard.",
    UNREAD: "Whoever read its output stopped before the end.",
}


class CheckFailed(Exception):
    """Something that was to be checked does not hold."""


NOT_HELD: Final = (Rejected, TransactionRejected, Refused, CheckFailed, CannotProve, ProofInvalid)
"""What says that something was refused, or does not hold."""

CLICK: Final = (click.ClickException, click.exceptions.Exit)
"""What says how the command line was used; `run` understands it."""


def exit_code_of(error: Exception) -> int:
    """Return the exit code for an error; what nobody foresaw is a bug."""
    if isinstance(error, Damaged):
        return DAMAGED
    # A plain LookupError is raised for blocks that this folder never had; its kinds are bugs.
    if isinstance(error, Unavailable | OSError) or type(error) is LookupError:
        return UNAVAILABLE
    if isinstance(error, NOT_HELD):
        return REFUSED
    if isinstance(error, ValueError):
        return USAGE
    return BUG


def guarded(work: Callable[[], object]) -> int:
    """Run some work and turn what it raises into an exit code and one line."""
    try:
        work()
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return UNREAD
    except CLICK:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it gets one of our exit codes.
        code = exit_code_of(error)
        if code == BUG:
            traceback.print_exception(error)
            complain(f"this is a bug in Tallystick: {describe(error)}", hint="please report it")
        else:
            complain(describe(error))
        return code
    return DONE


def read_to_the_end(program: Callable[[], int]) -> int:
    """
    Return a program's exit code, also if nobody reads its output to the end.

    Such as `head`, which has seen enough: that is nothing to complain about.
    """
    try:
        code = program()
        sys.stdout.flush()
    except BrokenPipeError:
        code = UNREAD
    if code == UNREAD:  # What was not written yet goes nowhere, or Python would complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def describe(error: Exception) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, TransactionRejected):
        return f"{error.contract} rejects it ({error.code}): {error.message}"
    if isinstance(error, Rejected):
        return f"{error.contract} rejects it ({error.code}): {error}"
    if isinstance(error, OSError) and error.filename is not None:
        if error.strerror == os.strerror(ENOENT):
            return f"there is no {error.filename}: check the path"
        return f"{error.filename}: {error.strerror}"
    return str(error) or type(error).__name__
