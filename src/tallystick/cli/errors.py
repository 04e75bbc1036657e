"""From what went wrong to one clear line and an exit code."""

from collections.abc import Callable
from typing import Final

from tallystick.base.encoding import Malformed
from tallystick.core.errors import Damaged, Refused, Rejected, Unavailable

from .output import complain

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3
DAMAGED: Final = 4
BUG: Final = 70

EXIT_CODES: Final = {
    DONE: "It was done, and what was checked holds.",
    REFUSED: "A rule rejected it, the ledger refused it, or a check did not hold.",
    USAGE: "The command line or an input file is wrong.",
    UNAVAILABLE: "The world is in the way: a missing file, a ledger in use, a full disk.",
    DAMAGED: "Stored bytes are not what was written.",
    BUG: "A bug in Tallystick; the trace is printed.",
}


class CheckFailed(Exception):
    """Something that was to be checked does not hold."""


def exit_code_of(error: BaseException) -> int | None:
    """Return the exit code for an error that people can do something about, or nothing."""
    if isinstance(error, Damaged):
        return DAMAGED
    if isinstance(error, Unavailable | FileNotFoundError | PermissionError | FileExistsError):
        return UNAVAILABLE
    if isinstance(error, Malformed):
        return USAGE
    if isinstance(error, Rejected | Refused | CheckFailed):
        return REFUSED
    if isinstance(error, ValueError | LookupError | OSError):
        return USAGE
    return None


def guarded(work: Callable[[], object]) -> int:
    """Run some work and turn what it raises into an exit code and one line."""
    try:
        work()
    except KeyboardInterrupt:
        complain("interrupted")
        return 130
    except Exception as error:
        code = exit_code_of(error)
        if code is None:
            raise
        complain(describe(error))
        return code
    return DONE


def describe(error: BaseException) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, Rejected):
        return f"{error.contract} rejects it ({error.code}): {error}"
    if isinstance(error, FileNotFoundError):
        return f"there is no {error.filename}: check the path"
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    return str(error) or type(error).__name__
