"""The stories there are. A new one is a file of its own and a line here."""

from collections.abc import Mapping

from . import (
    allowances,
    car,
    communities,
    community,
    loyalty,
    market,
    meeting,
    swap,
    tokens,
    village,
)
from .scenario import Scenario

_STORIES = (
    village.SCENARIO,
    tokens.SCENARIO,
    community.SCENARIO,
    market.SCENARIO,
    allowances.SCENARIO,
    swap.SCENARIO,
    car.SCENARIO,
    loyalty.SCENARIO,
    meeting.SCENARIO,
    communities.SCENARIO,
)
SCENARIOS: Mapping[str, Scenario] = {each.name: each for each in _STORIES}
USUAL = village.SCENARIO.name
