"""Hold a contract's README to what the contract declares."""

from tallystick.base.encoding import Record
from tallystick.core.contract import Contract
from tallystick.core.errors import Rejected

HEADINGS = ("Concepts", "State", "Commands", "Rejections", "Events", "Views", "Invariants")


def undocumented(contract: Contract, text: str) -> list[str]:
    """
    Return what a contract has and its README leaves out, in the order in which it should stand.

    Each record, command, event and view is named by its tag; each rejection has a row with code and
    class; each field of a command is named, and each invariant is quoted.
    """
    expected = [f"## {heading}\n" for heading in HEADINGS]
    expected += [f"`{_tag(kind)}`" for kind in contract.records]
    for command in contract.commands:
        expected.append(f"`{_tag(command)}`")
        expected += [f"`{field}`" for field in command.__struct_fields__]
    expected += [
        f"| {kind.code} | `{kind.__name__}` |"
        for kind in contract.rejections
        if issubclass(kind, Rejected)
    ]
    expected += [f"`{_tag(kind)}`" for kind in (*contract.events, *contract.views)]
    expected += [invariant.sentence for invariant in contract.invariants]
    # A sentence may be wrapped in the text, so lines are joined before looking for it.
    joined = " ".join(text.split())
    return [each for each in expected if " ".join(each.split()) not in joined]


def _tag(kind: type[Record]) -> str:
    """Return the tag under which a record is encoded."""
    return str(kind.__struct_config__.tag)
