"""Every story can be found by its name."""

from tallystick.scenarios.registry import SCENARIOS, USUAL


def test_scenarios_are_listed_under_their_own_names() -> None:
    """The name in the list is the scenario's own, and the usual one is among them."""
    assert {each.name: each for each in SCENARIOS.values()} == SCENARIOS
    assert "village" == USUAL
    assert USUAL in SCENARIOS


def test_every_scenario_says_what_it_shows() -> None:
    """In one line, so that `tally demo --list` is a table."""
    for each in SCENARIOS.values():
        assert 0 < len(each.summary) <= 100
        assert "\n" not in each.summary
