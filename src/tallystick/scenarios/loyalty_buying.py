"""
How people buy: ask for the parts, reserve on the marketplace, and let a coordinator do the rest.

Only the reservation is this contract's own command. From then on a purchase is a joint change like
any other, and the coordinator neither knows nor cares what is bought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.benefit.commands import Buy
from tallystick.contracts.benefit.errors import BenefitIsReserved
from tallystick.contracts.benefit.model import CONTRACT_NAME
from tallystick.contracts.benefit.views import BenefitView, Quote, QuoteView, ShowBenefit
from tallystick.contracts.exchange.model import Change, Outcome
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.errands import Ended
from tallystick.coordination.joint_change import plan
from tallystick.coordination.signing import Secrets
from tallystick.core.receipt import Receipt

from .loyalty_founding import House
from .loyalty_parties import Person

LASTING_MILLISECONDS = 300_000


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody's attempt to buy something."""

    buyer: Person
    """Who."""
    change: Change
    """The joint change that would pay for it."""
    receipt: Receipt
    """What the marketplace said."""

    @property
    def is_reserved(self) -> bool:
        """Tell whether the benefit is reserved for this buyer."""
        return self.receipt.accepted

    @property
    def price_tokens(self) -> int:
        """Return what the buyer pays. [tokens of the buyer's company]"""
        paying = (part for part in self.change.parts if part.contract != CONTRACT_NAME)
        return sum(part.amount for part in paying if part.owner == self.buyer.key)

    @property
    def is_told_who(self) -> bool:
        """Tell whether the buyer was refused because somebody else has reserved it."""
        outcome = self.receipt.outcome
        named = "has reserved it, to be decided by" in self.receipt.message
        return (outcome.contract, outcome.code) == (CONTRACT_NAME, BenefitIsReserved.code) and named


class Buying:
    """Buys for everybody whose secrets are here."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._ledgers = house.ledgers
        self._signer = Secrets(house.cast.secrets())

    def reserve(self, wanted: Sequence[tuple[Person, RecordId]]) -> list[Try]:
        """Hand in many attempts at once, in this order; all of them arrive at one moment."""
        shared = self.house.shared
        planned = [(person, self.plan(person, benefit)) for person, benefit in wanted]
        raws = [
            shared.transaction(buy_of(change, person), [person.secret])
            for person, change in planned
        ]
        answers = shared.node.submit_all(raws).result()
        tries = []
        for (person, change), answer in zip(planned, answers, strict=True):
            if not isinstance(answer, Receipt):
                raise answer
            tries.append(Try(person, change, answer))
        return tries

    def plan(self, buyer: Person, benefit: RecordId) -> Change:
        """Return the joint change by which somebody would buy a benefit, as it is quoted."""
        shared = self.house.shared
        quote = shared.ask(Quote(benefit, buyer.key, buyer.company))
        if not isinstance(quote, QuoteView):
            raise TypeError(f"Quote is answered with a {type(quote).__name__}")
        deadline = shared.now() + LASTING_MILLISECONDS
        return plan(quote.parts, deciding=shared.id, deadline=deadline)

    def settle(self, tries: Sequence[Try]) -> list[Ended]:
        """Pay for all that is reserved, and return how each purchase ended."""
        coordinator = Coordinator(self._ledgers, self._signer)
        intents = [coordinator.join(each.change) for each in tries if each.is_reserved]
        ended = coordinator.run()
        return [ended[intent] for intent in intents]

    def begin(self, wanted: Try) -> None:
        """Take the first step of a purchase, which holds the tokens, and stop."""
        coordinator = Coordinator(self._ledgers, self._signer)
        coordinator.join(wanted.change)
        coordinator.step()

    def buy(self, buyer: Person, benefit: RecordId) -> bool:
        """Buy one benefit to the end; tell whether it is the buyer's now."""
        ended = self.settle(self.reserve([(buyer, benefit)]))
        return [each.outcome for each in ended] == [Outcome.COMMITTED]


def buy_of(change: Change, buyer: Person) -> Buy:
    """Return the command that reserves the benefit of a change."""
    (place,) = (n for n, part in enumerate(change.parts) if part.contract == CONTRACT_NAME)
    return Buy(change, place, buyer.company)


def balance(house: House, person: Person) -> tuple[int, int]:
    """Return what somebody may spend, and what is locked. [tokens of their company]"""
    branch = house.branches[person.company]
    found = branch.ledger.ask(ShowBalance(branch.unit, person.key))
    if not isinstance(found, BalanceView):
        raise TypeError(f"ShowBalance is answered with a {type(found).__name__}")
    return found.spendable, found.locked


def benefit_view(shared: Ledger, benefit: RecordId) -> BenefitView:
    """Return a benefit as it stands."""
    found = shared.ask(ShowBenefit(benefit))
    if not isinstance(found, BenefitView):
        raise TypeError(f"ShowBenefit is answered with a {type(found).__name__}")
    return found


def owner_of(
    people: Mapping[PublicKey, Person], shared: Ledger, benefit: RecordId
) -> Person | None:
    """Return who has a benefit; nothing while a company offers it."""
    return people.get(benefit_view(shared, benefit).owner)
