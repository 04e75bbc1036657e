"""Who was told that a signature is missing, and has the key, is told its name."""

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
    assert (1, True) == (said.code, said.err.endswith(f" has not signed; give --sign {owner}\n"))
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
    assert said.err.endswith(f"; give --sign {owner}\n")
    shell.on_ledger(*claim, "--sign", owner)


def test_a_role(shell: Shell) -> None:
    """Where a role is missing, its key is named."""
    _, id = publish(shell, "production", 1_000)
    said = shell.refused(
        "certificate", "issue", "--measurement", id, "--technology", "T010000",
        "--fuel", "F01040100", "--sign", "publisher",
    )  # fmt: skip
    assert said.err.endswith("; give --sign issuing-body\n")


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
    assert said.err.endswith(f"the owner {owner} has not signed\n")
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
