"""What one ledger shows to another, from the command line to the end."""

import json
import shutil
from pathlib import Path

import pytest

from tallystick.base.identifiers import format_record_id
from tallystick.contracts.title.model import title_id
from tests.cli.two_ledgers import BUYER, SELLER, TwoLedgers, two_ledgers


@pytest.fixture
def both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> TwoLedgers:
    """Make two ledgers that recognise each other."""
    return two_ledgers(tmp_path, capsys)


def test_a_joint_change_over_two_ledgers(both: TwoLedgers) -> None:
    """Prepared on both, committed with one proof, finished with another: both titles moved."""
    cars, policies = both.cars, both.policies
    car = both.register(cars, "car", "beetle")
    plate = both.register(policies, "plate", "ABC 123")
    change, parts = both.plan(both.part(cars, car), both.part(policies, plate), deciding=cars)
    place = {each["holding"]: each["part"] for each in parts}
    both.prepare(cars, place[car])
    both.prepare(policies, place[plate])
    prepared, decided = both.file("prepared"), both.file("decided")
    proving = ("prove-record", change, "--part", str(place[plate]), "--for", str(cars.ledger))
    assert policies.on_ledger(*proving, "-o", prepared).json["stands_there"]
    committing = ("--change", f"@{both.file('change')}", "--proof", f"@{prepared}")
    cars.on_ledger("exchange", "commit", *committing, "--sign", SELLER)
    finishing = ("exchange", "finish", "--change", change, "--sign", SELLER, "--part")
    cars.on_ledger(*finishing, str(place[car]))
    cars.on_ledger("prove-record", change, "--for", str(policies.ledger), "-o", decided)
    policies.on_ledger(*finishing, str(place[plate]), "--proof", f"@{decided}")
    for shell, title in ((cars, car), (policies, plate)):
        owner = shell.on_ledger("title", "show", "--title", title).json["owner"]
        assert shell.on_ledger("keys", "show", BUYER).json["key"] == owner


def test_a_title_depends_on_one_of_another_ledger(both: TwoLedgers) -> None:
    """It is written while the other is held, which is let go on a proof; news lapses it."""
    cars, policies = both.cars, both.policies
    car = both.register(cars, "car", "beetle")
    policy = format_record_id(title_id("insurance", "p-1"))
    planned = (both.part(cars, car, SELLER), both.part(policies, policy, SELLER))
    change, parts = both.plan(*planned, deciding=policies)
    place = {each["holding"]: each["part"] for each in parts}
    both.prepare(cars, place[car])
    here = ("--for", str(policies.ledger))
    held = ("--change", f"@{both.file('change')}")
    file = both.file("proof-0")
    cars.on_ledger("prove-record", car, *held, *here, "-o", file)
    both.register(policies, "insurance", "p-1", "--depends-on", f"@{file}")
    both.prepare(policies, place[policy])
    file = both.file("proof-1")
    cars.on_ledger("prove-record", change, "--part", str(place[car]), *here, "-o", file)
    policies.on_ledger("exchange", "commit", *held, "--proof", f"@{file}", "--sign", SELLER)
    finishing = ("exchange", "finish", "--change", change, "--sign", SELLER, "--part")
    policies.on_ledger(*finishing, str(place[policy]))
    file = both.file("proof-2")
    policies.on_ledger("prove-record", change, "--for", str(cars.ledger), "-o", file)
    cars.on_ledger(*finishing, str(place[car]), "--proof", f"@{file}")

    def standing() -> str:
        return str(policies.on_ledger("title", "show", "--title", policy).json["standing"])

    assert "in-force" == standing()
    cars.on_ledger("title", "retire", "--title", car, "--sign", SELLER)
    file = both.file("proof-3")
    cars.on_ledger("prove-record", car, *here, "-o", file)
    confirming = ("title", "confirm", "--title", policy, "--proof", f"@{file}")
    policies.on_ledger(*confirming, "--sign", SELLER)
    assert "lapsed" == standing()


def test_growth_is_what_anchor_takes(both: TwoLedgers) -> None:
    """Its options are printed; a proof is linked to the anchor, also if it comes in a file."""
    cars, policies = both.cars, both.policies
    for count in (1, 2):
        said = cars.tally("prove-growth", "--for", str(policies.ledger), *cars.place)
        assert (0, "") == (said.code, said.err)
        policies.on_ledger("identity", "anchor", *said.out.split(), "--sign", SELLER)
        ledger = cars.on_ledger("status").json["ledger"]
        showing = policies.on_ledger("identity", "show-recognised", "--ledger-id", ledger)
        assert count == len(showing.json["anchors"])
        title = both.register(cars, "car", f"beetle {count}")
    file, proof = Path(both.file("recognised")), both.file("proof")
    file.write_text(showing.out, encoding="utf-8")
    here = cars.on_ledger("prove-record", title, "--for", str(policies.ledger), "-o", proof)
    there = cars.on_ledger("prove-record", title, "--anchors", f"@{file}", "-o", f"{proof}-2")
    sizes = [each["size"] for each in showing.json["anchors"]]
    assert here.json["linked_to_anchor_of"] in sizes
    assert there.json["linked_to_anchor_of"] in sizes
    assert json.loads(Path(proof).read_text(encoding="utf-8"))["anchor"] in sizes


def test_a_log_that_lacks_blocks_shows_no_growth(both: TwoLedgers) -> None:
    """Nor does one of which everything was anchored; neither proves what could not be linked."""
    cars, policies = both.cars, both.policies
    growing = ("prove-growth", "--for", str(policies.ledger))
    both.register(cars, "car", "beetle")
    older = both.folder / "older"
    shutil.copytree(cars.ledger, older)
    both.register(cars, "car", "herbie")
    said = cars.tally(*growing, *cars.place)
    policies.on_ledger("identity", "anchor", *said.out.split(), "--sign", SELLER)
    assert "entries; there is no growth" in cars.refused(*growing).err
    lacking = "blocks are missing here; use the folder that has them"
    behind = cars.tally(*growing, "--ledger", str(older))
    assert (1, True) == (behind.code, lacking in behind.err)
    proving = ("prove-record", "id_" + "07" * 32, *growing[1:], "-o", both.file("proof"))
    assert lacking in cars.tally(*proving, "--ledger", str(older)).err
    assert not Path(both.file("proof")).exists()


def test_that_nothing_stands_there_is_proven_too(both: TwoLedgers) -> None:
    """Absence has a proof like presence."""
    proving = ("prove-record", "id_" + "07" * 32, "-o", both.file("proof"))
    assert not both.cars.on_ledger(*proving).json["stands_there"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("id_07",), "tally: ID: "),
        (("id_" + "07" * 32, "--part", "0"), "--part: ID is to be a joint change, lock_"),
        (("id_" + "07" * 32, "--change", "{}"), "--change.deciding: missing"),
        (("id_" + "07" * 32, "--anchors", "{}"), "--anchors.trust: missing"),
        (("id_" + "07" * 32, "--anchors", "{}", "--for", "."), "--for and --anchors"),
    ],
)
def test_what_is_not_understood_is_said(
    both: TwoLedgers, arguments: tuple[str, ...], says: str
) -> None:
    """The complaint names the option, and nothing is written."""
    file = both.file("proof")
    said = both.cars.refused("prove-record", *arguments, "-o", file)
    assert 2 == said.code
    assert says in said.err
    assert not Path(file).exists()


def test_a_ledger_proves_nothing_to_itself(both: TwoLedgers) -> None:
    """And nothing to one that does not recognise it."""
    own = ("--for", str(both.cars.ledger))
    proving = ("prove-record", "id_" + "07" * 32, "-o", both.file("proof"))
    assert "name another ledger" in both.cars.refused(*proving, *own).err
    assert "name another ledger" in both.cars.refused("prove-growth", *own).err
    third = both.folder / "third"
    assert 0 == both.cars.tally("init", str(third)).code
    assert 1 == both.cars.refused(*proving, "--for", str(third)).code


def test_a_ledger_that_is_not_there_is_named_by_its_option(both: TwoLedgers) -> None:
    """Whoever mistyped --for is not sent to --ledger."""
    nowhere = ("--for", both.file("nowhere"))
    said = both.cars.refused("prove-growth", *nowhere)
    assert "or name another with --for" in said.err
