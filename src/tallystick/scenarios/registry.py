"""The stories there are. A new one is a file of its own and a line here."""

from collections.abc import Mapping

from . import community, tokens, village
from .scenario import Scenario

SCENARIOS: Mapping[str, Scenario] = {
    each.name: each for each in (village.SCENARIO, tokens.SCENARIO, community.SCENARIO)
}
USUAL = village.SCENARIO.name
