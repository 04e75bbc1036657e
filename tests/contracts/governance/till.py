"""A till of two versions whose fee is a parameter, and contracts that do not fit beside it."""

from dataclasses import replace

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Contract
from tallystick.core.event import Event

FEE_MAX = 100


class TillParameters(Record, tag="till-parameters"):
    """What a sale costs."""

    fee: Amount
    """On each sale."""


class TippedParameters(Record, tag="till-parameters/3"):
    """What the third version takes."""

    fee: Amount
    """On each sale."""

    tip: Amount
    """Beside it."""


class Sale(Record, tag="till-sale"):
    """Something was sold."""

    fee: Amount
    """What was charged."""


class Sell(Record, tag="till.sell"):
    """Sell something."""


class SoldOne(Event, tag="till-sold-one"):
    """Something was sold."""

    sale: RecordId
    """Its id."""

    fee: Amount
    """What was charged."""


def sell(context: Context, command: Sell) -> None:
    """Charge the fee."""
    del command
    _book(context, context.parameters(TillParameters).fee)


def sell_double(context: Context, command: Sell) -> None:
    """Charge it twice."""
    del command
    _book(context, 2 * context.parameters(TillParameters).fee)


def sell_tipped(context: Context, command: Sell) -> None:
    """Charge a tip besides."""
    del command
    parameters = context.parameters(TippedParameters)
    _book(context, parameters.fee + parameters.tip)


def _book(context: Context, fee: int) -> None:
    """Write a sale."""
    id = context.derive_id()
    context.create(id, Sale(fee))
    context.emit(SoldOne(id, fee))


def problem_with(parameters: TillParameters | TippedParameters) -> str:
    """Find a fee that nobody would pay."""
    return f"fee: more than {FEE_MAX}" if parameters.fee > FEE_MAX else ""


TILL = Contract(
    name="till",
    records=(Sale,),
    commands={Sell: sell},
    events=(SoldOne,),
    parameters=TillParameters,
    check_parameters=problem_with,
)
TILL_2 = replace(TILL, version=2, commands={Sell: sell_double})
TILL_3 = replace(TILL, version=3, commands={Sell: sell_tipped}, parameters=TippedParameters)
TILL_4 = replace(TILL, version=4, requires=("safe",))


class SafeParameters(Record, tag="safe-parameters"):
    """Nothing to set."""


class Shut(Record, tag="safe.shut"):
    """Do nothing."""


def shut(context: Context, command: Shut) -> None:
    """Do nothing."""
    del context, command


SAFE = Contract(name="safe", records=(), commands={Shut: shut}, parameters=SafeParameters)


class SownParameters(Record, tag="sown-parameters"):
    """Nothing to set."""


class Reap(Record, tag="sown.reap"):
    """Do nothing."""


def sow(context: Context, settings: SownParameters) -> None:
    """Do nothing."""
    del context, settings


def reap(context: Context, command: Reap) -> None:
    """Do nothing."""
    del context, command


SOWN = Contract(name="sown", records=(), commands={Reap: reap}, parameters=SownParameters, seed=sow)

TILLS = (TILL, TILL_2, TILL_3, TILL_4, SAFE, SOWN)
"""What the software knows; only the first is on the ledger from genesis on."""
