"""What is planned is tried before it is written, at each height ahead."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import RecordId
from tallystick.core.contract import Contract
from tallystick.core.errors import VersionIsLacking
from tallystick.core.foresight import Flaw, Plans, Problem, Read, first_flaw, plans_with
from tallystick.core.genesis import CONTRACTS_MAX, parameters_id
from tallystick.core.release import (
    RELEASES_MAX,
    SETTINGS_MAX,
    ParametersPlan,
    Release,
    ReleasePlan,
    Setting,
    releases_id,
    rulebook_of,
    versions_at,
)
from tallystick.core.state import read_parameters
from tests.core.toy import TOY, Make, ToyParameters, make

NOW = 10
"""The block that plans."""


class WideParameters(Record, tag="toy-parameters/3"):
    """What another version takes."""

    width: int
    """Something else."""


class Plain(Record, tag="plain-parameters"):
    """No settings."""


def sow(context: object, settings: object) -> None:
    """Do nothing."""
    del context, settings


def even(parameters: ToyParameters) -> str:
    """Find odd amounts."""
    return "amount_max: it is odd" if parameters.amount_max % 2 else ""


TOY_1 = replace(TOY, check_parameters=even)
TOY_2 = replace(TOY_1, version=2)
TOY_3 = replace(TOY, version=3, parameters=WideParameters)
TOY_4 = replace(TOY_1, version=4, requires=("plain",))
PLAIN = Contract(name="plain", records=(), commands={Make: make}, parameters=Plain)
SOWN = replace(PLAIN, name="sown", seed=sow)
AVAILABLE = (TOY_1, TOY_2, TOY_3, TOY_4, PLAIN, SOWN)
BORN = Release(0, "toy", 1)


def reading(*settings: Setting, releases: tuple[Release, ...] = (BORN,)) -> Read:
    """Return what reads a state with the toy's parameters and with plans."""
    plans = {name: ParametersPlan(()) for name in {each.contract for each in settings}}
    for each in settings:
        plans[each.contract] = ParametersPlan((*plans[each.contract].settings, each))
    records: Mapping[tuple[type[Any], RecordId], Any] = {
        (ReleasePlan, releases_id()): ReleasePlan(releases),
        (ToyParameters, parameters_id("toy")): ToyParameters(amount_max=1_000),
        **{(ParametersPlan, parameters_id(name)): plan for name, plan in plans.items()},
    }
    return lambda kind, id: records.get((kind, id))


def setting(amount_max: int, height: int = 20) -> Setting:
    """Return other parameters of the toy."""
    return Setting(height, "toy", encode(ToyParameters(amount_max=amount_max)))


WIDE = Setting(20, "toy", encode(WideParameters(1)))
PLAINLY = Release(20, "plain", 1), Setting(20, "plain", encode(Plain()))
Additions = tuple[Release | Setting, ...]

CASES: list[tuple[Additions, Additions, tuple[Problem, int, str] | None]] = [
    ((), (), None),
    ((), (setting(2),), None),
    ((), (setting(3),), (Problem.UNSOUND, 20, "toy")),
    ((), (Setting(20, "toy", b""),), (Problem.MALFORMED, 20, "toy")),
    ((), (WIDE,), (Problem.MALFORMED, 20, "toy")),
    ((), (Release(20, "toy", 2),), None),
    ((), (Release(20, "toy", 3),), (Problem.MISSING, 20, "toy")),
    ((), (Release(20, "toy", 3), WIDE), None),
    ((), (Release(21, "toy", 3), WIDE), (Problem.MALFORMED, 20, "toy")),
    ((), (Release(19, "toy", 3), WIDE), (Problem.MISSING, 19, "toy")),
    ((), (Release(20, "toy", 4),), (Problem.REQUIREMENT, 20, "toy")),
    ((), (Release(20, "toy", 4), *PLAINLY), None),
    ((), (Release(19, "toy", 4), *PLAINLY), (Problem.REQUIREMENT, 19, "toy")),
    ((), (PLAINLY[0],), (Problem.MISSING, 20, "plain")),
    ((), (PLAINLY[1],), (Problem.UNKNOWN, 20, "plain")),
    ((), (Release(21, "plain", 1), PLAINLY[1]), (Problem.UNKNOWN, 20, "plain")),
    ((), (Release(20, "sown", 1),), (Problem.SEED, 20, "sown")),
    ((), (Release(20, "toy", 2), Release(30, "toy", 1)), None),
    # What was planned before is part of it.
    ((Release(20, "toy", 2),), (setting(2, 30),), None),
    ((setting(2, 30),), (Release(20, "toy", 3), WIDE), (Problem.MALFORMED, 30, "toy")),
    ((Release(15, "toy", 3), WIDE), (), (Problem.MISSING, 15, "toy")),
    ((setting(2, 5),), (Release(20, "toy", 2),), None),
    ((setting(2, 5),), (Release(20, "toy", 3),), (Problem.MALFORMED, 20, "toy")),
    ((*PLAINLY,), (Release(20, "toy", 4),), None),
]


def told(additions: Additions) -> tuple[list[Release], list[Setting]]:
    """Tell versions and parameters apart."""
    releases = [each for each in additions if isinstance(each, Release)]
    return releases, [each for each in additions if isinstance(each, Setting)]


@pytest.mark.parametrize(("before", "added", "expected"), CASES)
def test_the_first_flaw_is_found(
    before: Additions, added: Additions, expected: tuple[Problem, int, str] | None
) -> None:
    """At the first height at which something goes wrong, and with what."""
    releases, settings = told(before)
    read = reading(*settings, releases=(BORN, *releases))
    flaw = flaw_of(read, *told(added))
    assert expected == (None if flaw is None else flaw[:3])


def flaw_of(read: Read, releases: list[Release], settings: list[Setting]) -> Flaw | None:
    """Return the first flaw of what is added to what is read."""
    plans = plans_with(read, releases, settings, height=NOW)
    return first_flaw(read, plans, AVAILABLE, height=NOW)


def test_plans_are_bounded() -> None:
    """By the number of entries, and of contracts that rule together."""
    settings = [setting(2, 20 + n) for n in range(SETTINGS_MAX + 1)]
    assert flaw_of(reading(), [], settings[:-1]) is None
    flaw = flaw_of(reading(), [], settings)
    assert flaw is not None
    assert (Problem.FULL, "toy") == (flaw.problem, flaw.contract)
    releases = [Release(20 + n, "toy", 1 + n % 2) for n in range(RELEASES_MAX)]
    assert flaw_of(reading(), releases[1:], []) is None
    flaw = flaw_of(reading(), releases, [])
    assert flaw is not None
    assert Problem.FULL is flaw.problem


def test_contracts_are_bounded() -> None:
    """A genesis could not name more either."""
    names = [f"plain-{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(CONTRACTS_MAX)]
    contracts = (*AVAILABLE, *(replace(PLAIN, name=name) for name in names))
    settings = [Setting(20, name, encode(Plain())) for name in names]
    for count, problem in ((CONTRACTS_MAX - 1, None), (CONTRACTS_MAX, Problem.FULL)):
        releases = [Release(20, name, 1) for name in names[:count]]
        plans = plans_with(reading(), releases, settings[:count], height=NOW)
        flaw = first_flaw(reading(), plans, contracts, height=NOW)
        assert problem == (None if flaw is None else flaw.problem)


@pytest.mark.parametrize("release", [Release(20, "toy", 9), Release(20, "moon", 1)])
def test_what_the_software_lacks_it_cannot_judge(release: Release) -> None:
    """It is refused, for nobody may record what other software would record otherwise."""
    with pytest.raises(VersionIsLacking, match=f"contract {release.contract} version"):
        flaw_of(reading(), [release], [])


def test_what_is_over_needs_no_software() -> None:
    """A version that was replaced before now is not asked for."""
    past = (BORN, Release(3, "toy", 9), Release(4, "toy", 2))
    assert flaw_of(reading(releases=past), [Release(20, "toy", 1)], []) is None


def test_plans_are_read_with_what_is_added() -> None:
    """Those of contracts that nothing is added to as they stand."""
    read = reading(setting(2, 12))
    plans = plans_with(read, [PLAINLY[0]], [PLAINLY[1]], height=NOW)
    assert (
        Plans(
            ReleasePlan((BORN, PLAINLY[0])),
            {"toy": ParametersPlan((setting(2, 12),)), "plain": ParametersPlan((PLAINLY[1],))},
        )
        == plans
    )


NAMES = st.sampled_from(("toy", "plain"))
RELEASES = st.lists(st.builds(Release, st.integers(11, 14), NAMES, st.integers(1, 4)), max_size=4)
SETTINGS = st.lists(
    st.builds(
        Setting,
        st.integers(11, 14),
        NAMES,
        st.sampled_from(
            [
                encode(each)
                for each in (ToyParameters(2), ToyParameters(3), WideParameters(1), Plain())
            ]
        ),
    ),
    max_size=4,
)


@given(RELEASES, SETTINGS)
def test_what_has_no_flaw_works_at_every_height(
    releases: list[Release], settings: list[Setting]
) -> None:
    """Nothing raises any more: not the rulebook, nor the parameters of any contract in force."""
    known = {(contract.name, contract.version) for contract in AVAILABLE}
    releases = [each for each in releases if (each.contract, each.version) in known]
    flaw = flaw_of(reading(), releases, settings)
    plans = plans_with(reading(), releases, settings, height=NOW)
    read = reading(*settings_in(plans), releases=plans.releases.releases)
    for height in range(NOW + 1, 16):
        if flaw is not None and height >= flaw.height:
            break
        rulebook = rulebook_of(versions_at(plans.releases, height=height), AVAILABLE)
        for contract in rulebook.contracts.values():
            found = read_parameters(read, contract.parameters, rulebook, height=height)
            assert isinstance(found, contract.parameters)
            assert "" == contract.check_parameters(found)
    if flaw is not None:
        event(flaw.problem.value)


def settings_in(plans: Plans) -> list[Setting]:
    """Return all settings that are planned."""
    return [each for plan in plans.settings.values() for each in plan.settings]
