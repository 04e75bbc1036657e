"""Who was told that a signature is missing, and has the key, is told its name."""

import inspect
import re
import typing
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import Struct

from tallystick import compose
from tallystick.base.identifiers import PublicKey, RecordId, TransactionId
from tallystick.cli.advice import KEY, KEYS, RECORD, ROLES, advice
from tallystick.client.ledger import TransactionRejected
from tallystick.compose import CONTRACTS
from tallystick.core.block import Outcome
from tallystick.core.receipt import Receipt
from tallystick.testing.keys import key
from tests.cli.shell import Shell
from tests.cli.test_sending import BEGIN, END, publish


def test_the_owner_of_a_certificate(shell: Shell) -> None:
    """The key is named as `--sign` wants it; signed so, the same command is accepted."""
    owner, id = publish(shell, "production", 1_000)
    shell.on_ledger(
        "certificate", "issue", "--measurement", id, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "issuing-body",
    )  # fmt: skip
    transfer = ["certificate", "transfer", "--certificate", id, "--owner", "registrar"]
    said = shell.refused(*transfer, "--sign", "publisher")
    told = f" has not signed; sign with its key: give --sign {owner}\n"
    assert (1, True) == (said.code, said.err.endswith(told))
    assert said.err.startswith("tally: certificate rejects it (")
    shell.on_ledger(*transfer, "--sign", owner)


def test_the_owner_of_a_consumption_and_a_meters_key(shell: Shell) -> None:
    """A message that names a measurement leads to its owner's key, by meter and begin."""
    owner = f"meter/3/{BEGIN}"
    shell.on_ledger("keys", "meter", "3", "--begin", BEGIN, "--end", END)
    common = ["--begin", BEGIN, "--end", END, "--sector", "village", "--quality", "measured"]
    used = shell.on_ledger(
        "measurement", "publish", "--owner", owner, *common, "--kind", "consumption",
        "--amount", "500", "--sign", "publisher",
    ).json["events"][0]["measurement"]  # fmt: skip
    plant, made = publish(shell, "production", 500)
    shell.on_ledger(
        "certificate", "issue", "--measurement", made, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "issuing-body",
    )  # fmt: skip
    claim = ["certificate", "claim", "--certificate", made, "--consumption", used, "--sign", plant]
    said = shell.refused(*claim)
    assert said.err.endswith(f": give --sign {owner}\n")
    shell.on_ledger(*claim, "--sign", owner)


def test_a_role(shell: Shell) -> None:
    """Where a role is missing, its key is named."""
    _, id = publish(shell, "production", 1_000)
    said = shell.refused(
        "certificate", "issue", "--measurement", id, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "publisher",
    )  # fmt: skip
    assert said.err.endswith(": give --sign issuing-body\n")


LATER = "2100-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("identity enrol --key receive/0 --scope club", "registrar"),
        ("ballot enrol-device --body club --device receive/0 --place hall --assurance simple",
         "ballot-administrator"),
        (f"ballot attest --body club --key receive/0 --assurance simple --until {LATER}",
         "ballot-administrator"),
    ],
)  # fmt: skip
def test_a_rule_that_wants_one_of_several_roles(shell: Shell, words: str, name: str) -> None:
    """However the rejection is called; signed as advised too, the same command is accepted."""
    shell.on_ledger("keys", "new")
    said = shell.refused(*words.split(), "--sign", "receive/0")
    assert (1, True) == (said.code, said.err.endswith(f"; give --sign {name}\n"))
    shell.on_ledger(*words.split(), "--sign", "receive/0", "--sign", name)


REJECTIONS = {
    f"{contract.name}.{kind.__name__}": kind
    for contract in CONTRACTS
    for kind in contract.rejections
}
ABOUT_SIGNERS = re.compile(r"[a-z]+\.(Signer\w+|\w+(HasNotSigned|DidNotSign))")
NO_ADVICE = {
    "asset.SignerMayNotBurn": "the class says whether its issuer or the owner; no key is named",
    "exchange.SignerIsNoParty": "any of the many parties would do, and after the deadline anybody",
}


def test_every_rejection_for_a_signature_has_advice() -> None:
    """A new one belongs in a list: by its roles, by the key in its message, or argued above."""
    missing = {name for name in REJECTIONS if ABOUT_SIGNERS.fullmatch(name)}
    assert missing == {*ROLES, *KEYS, *NO_ADVICE}
    assert len(missing) == len(ROLES) + len(KEYS) + len(NO_ADVICE)


def sample(hint: Any) -> Any:
    """Return a value for an argument of a rejection."""
    if hint in (int, str, RecordId):
        return {int: 5, str: "x", RecordId: RecordId(bytes(32))}[hint]
    if isinstance(hint, type) and issubclass(hint, Struct):
        return SimpleNamespace(**dict.fromkeys(hint.__struct_fields__, key(1)))
    return key(1)  # Some call a key mere bytes.


@pytest.mark.parametrize("name", sorted(KEYS))
def test_the_message_names_what_is_missing(name: str) -> None:
    """A key, or the id of something whose key can be looked up."""
    kind: Any = REJECTIONS[name]
    hints = typing.get_type_hints(kind.__init__)
    values = {each: sample(hints[each]) for each in inspect.signature(kind).parameters}
    positional = [
        values.pop(each.name)
        for each in inspect.signature(kind).parameters.values()
        if each.kind is not each.KEYWORD_ONLY
    ]
    message = str(kind(*positional, **values))
    assert KEY.findall(message) or RECORD.findall(message)


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_missing_role_is_named_one_at_a_time(shell: Shell, name: str) -> None:
    """The first that has not signed; nothing if all have signed in vain."""
    contract = name.partition(".")[0]
    code = REJECTIONS[name].code  # type: ignore[attr-defined]  # All of them have one.
    outcome = Outcome(transaction=TransactionId(bytes(32)), contract=contract, code=code, command=0)
    rejected = TransactionRejected(
        Receipt(TransactionId(bytes(32)), 1, 0, 1, outcome, "no signer may")
    )
    with compose.open_ledger(shell.ledger) as ledger:
        wallet = compose.open_wallet(shell.ledger, ledger.id)
        signers: list[PublicKey] = []
        for role in ROLES[name]:
            assert f"--sign {role.value}" == advice(rejected, ledger, wallet, signers)
            signers.append(wallet.role_key(role))
        assert "" == advice(rejected, ledger, wallet, signers)


def test_an_issuer_of_a_class(shell: Shell) -> None:
    """Where an id is named, whoever acts for what it names is looked up."""
    shell.on_ledger("keys", "new")
    words = "--name hour --unit h --scale 0 --kind fungible --issuer receive/0 --supply-cap 0"
    words += " --last-mint-at 0 --transferable true --burners owner --sign asset-issuer"
    asset = shell.on_ledger("asset", "define", *words.split()).json["events"][0]["asset"]
    mint = ["asset", "mint", "--asset", asset, "--owner", "registrar", "--amount", "5"]
    mint += ["--evidence", "", "--project", "", "--nonce", "0"]
    said = shell.refused(*mint, "--sign", "publisher")
    assert said.err.endswith(": give --sign receive/0\n")


def test_nothing_is_said_of_keys_that_are_not_here(shell: Shell) -> None:
    """Somebody else's key is somebody else's affair."""
    owner = "key_02" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    made = shell.on_ledger(
        "measurement", "publish", "--owner", owner, "--begin", BEGIN, "--end", END,
        "--sector", "village", "--kind", "production", "--amount", "10",
        "--quality", "measured", "--sign", "publisher",
    ).json  # fmt: skip
    id = made["events"][0]["measurement"]
    shell.on_ledger(
        "certificate", "issue", "--measurement", id, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "issuing-body",
    )  # fmt: skip
    said = shell.refused(
        "certificate", "transfer", "--certificate", id, "--owner", "registrar",
        "--sign", "publisher",
    )  # fmt: skip
    assert said.err.endswith(f"certificate: its owner {owner} has not signed; sign with its key\n")
    assert "--sign" not in said.err


def test_what_no_signature_mends_gets_no_advice(shell: Shell) -> None:
    """A second publication is refused whoever signs."""
    name, _ = publish(shell, "production", 1_000)
    said = shell.refused(
        "measurement", "publish", "--owner", name, "--begin", BEGIN, "--end", END,
        "--sector", "village", "--kind", "production", "--amount", "10",
        "--quality", "measured", "--sign", "publisher",
    )  # fmt: skip
    assert (1, False) == (said.code, "--sign" in said.err)
