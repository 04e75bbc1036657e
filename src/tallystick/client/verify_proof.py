"""
Verify the proof file of a claim without Tallystick; needs only `coincurve` and `cryptography`.

Run `python verify_proof.py FILE --ledger ledger_… --key NAME+HASH+KEY`. Exits with 0 if the claim
stands, 1 if not, 2 if misused. Written from docs/reference/proof-file.md.
"""

import argparse
import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from typing import Any

try:
    from coincurve import PublicKey
    from coincurve.ecdsa import cdata_to_der, deserialize_compact
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ModuleNotFoundError as error:
    argparse.ArgumentParser().exit(2, f"{error}: coincurve and cryptography have to be installed\n")

FILE_BYTES_MAX, COUNT_MAX, SECONDS_MAX = 4_194_304, 2**53 - 1, 60 * 2**31 - 1
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
FIELD, GROUP_ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# What fields hold: type, bounds, kind of items; or longest base64, length of a piece; or a pattern.
KINDS: dict[str, Any] = {
    "h": (bytes, 32, 32), "key": (bytes, 33, 33), "nonce": (bytes, 16, 16), "b": (bool, 0, 1),
    "code": (str, 1, 16), "sector": (str, 1, 32), "word": (str, 0, 64), "depth": (int, 0, 255),
    "n": (int, 0, COUNT_MAX), "log_size": (int, 1, COUNT_MAX), "commands": (int, 1, 1_024),
    "s": (int, 0, SECONDS_MAX), "time": (int, 0, 1_000 * SECONDS_MAX + 999),
    "short": (int, 0, 65_535), "ordinal": (int, 0, 2**32 - 1), "parts": (list, 0, 256, "part"),
    "signers": (list, 1, 256, "key"), "addresses": (list, 0, 256, "h"), "note": (65_536, 0),
    "depths": (list, 0, 256, "depth"), "steps": (list, 1, 1_024, "Step"), "header": (65_536, 0),
    "command": (2**19, 0), "outcome": (1_024, 0), "records": (2**18, 0), "path": (63 * 32, 32),
    "siblings": (2**13, 32), "proofs": (2**14, 64), "format": "tallystick-claim-proof/1",
    "born": "ISSUE|TRANSFER|SPLIT|CORRECT|BREAK", "action": "TRANSFER|SPLIT|RETIRE|WITHDRAW",
    "kind": "production|consumption|emission", "holder": "[a-z][a-z-]{0,31}",
    "quality": "measured|calculated|substituted|estimated|missing", "relier": "[a-z-]{0,32}",
}  # fmt: skip
# Fields with their kinds. Objects have a capital; records are arrays, most with their name first.
SHAPES = {
    "File": "format checkpoint:note state:Place claim:Claim transaction:Transaction"
    " receipt:Receipt block:Place certificates:steps consumption:Leaf",
    "Place": "header entry:n path", "Receipt": "outcome index:n path",
    "Claim": "command index:n count:commands path", "Leaf": "records depths siblings",
    "Transaction": "header signatures:proofs entry:n path", "Step": "born ordinal leaf:Leaf",
    "locked-for": "holder lock_id:h until:time", "part": "certificate:h amount_wh:n withdrawn:b",
    "certificate.claim": "certificate:h consumption:h lock_id:?h", "next": "action addresses time",
    "transaction/1": "ledger:h expiry:time nonce signers commands_root:h",
    "outcome/1": "transaction:h contract:word code:short command:short",
    "block/1": "height:n time parent:h transactions_root:h state_root:h receipts_root:h log_size",
    "certificate": "origin:h measurement:h begin:s end:s amount_wh:n sector technology:code"
    " fuel:code owner:key created_at:time lock:?locked-for next:?next withdrawn:b corrected:short"
    " broken:b unclaimed:b", "settlement": "measurement:h parts total_wh:n",
    "measurement": "owner:key begin:s end:s sector kind amount:n quality revision:short relier"
    " published_at:time",
}  # fmt: skip
# First bytes of longer MessagePack values: kind, first and last of them, width, least of a length.
WIDE = (
    ("bytes", 0xC4, 0xC6, 1, 0), ("number", 0xCC, 0xCF, 1, 128), ("negative", 0xD0, 0xD3, 1, 64),
    ("text", 0xD9, 0xDB, 1, 32), ("array", 0xDC, 0xDD, 2, 16),
)  # fmt: skip


def need(holds: object, problem: str) -> None:
    """Refuse the proof unless something holds."""
    if not holds:
        raise ValueError(problem)


def fit(value: Any, kind: str) -> Any:
    """Return a value of JSON or MessagePack if it is of a kind: base64 as bytes, fields by name."""
    if kind.startswith("?"):
        return None if value is None else fit(value, kind[1:])
    if kind in SHAPES:
        fields = [each.split(":") for each in SHAPES[kind].split()]
        head = [field[0] for field in fields] if kind.istitle() else [kind]
        if kind not in {"next", "part"}:
            need(type(value) is (dict if kind.istitle() else list), f"{kind}: of another kind")
            need([*value][: len(head)] == head, f"{kind}: other names")
            value = [*value.values()] if kind.istitle() else value[1:]
        return {of[0]: fit(v, of[-1]) for of, v in zip(fields, value, strict=True)}
    if isinstance(KINDS[kind], str):
        need(isinstance(value, str) and re.fullmatch(KINDS[kind], value), f"{kind}: unknown")
        return value
    of, least, *rest = KINDS[kind]
    if not isinstance(of, type):
        return unbase64(value, of, least)
    need(type(value) is of, f"{kind}: it is a {type(value).__name__}")
    need(least <= (value if of in {int, bool} else len(value)) <= rest[0], f"{kind}: out of bounds")
    return [fit(each, rest[1]) for each in value] if of is list else value


def unbase64(value: Any, most: int, piece: int = 0) -> Any:
    """Return the bytes of the one standard base64, in pieces if a length of them is given."""
    data = b64decode(value, validate=True)
    need(b64encode(data).decode() == value and len(data) <= most, "not base64, or too long")
    return [data[at : at + piece] for at in range(0, len(data), piece)] if piece else data


def unpack(stream: BytesIO, levels: int = 32) -> Any:
    """Return the next MessagePack value, in its shortest form and not nested more than that."""
    (head,) = stream.read(1)
    if head <= 0x7F or head >= 0xE0 or head in {0xC0, 0xC2, 0xC3}:
        return {0xC0: None, 0xC2: False, 0xC3: True}.get(head, (head ^ 0x80) - 0x80)
    if 0x90 <= head <= 0xBF:
        kind, count = ("array", head & 0x0F) if head <= 0x9F else ("text", head & 0x1F)
    else:
        ((kind, first, _, width, least),) = [row for row in WIDE if row[1] <= head <= row[2]]
        digits = stream.read(width << head - first)
        count = int.from_bytes(digits, "big", signed=kind == "negative")
        least = least if head == first else 1 << 4 * len(digits)
        short = -2 * count > least if kind == "negative" else count >= least
        need(short and len(digits) == width << head - first, "not in its shortest form")
    if kind in {"number", "negative"} or (kind == "array" and levels):
        return [unpack(stream, levels - 1) for _ in range(count)] if kind == "array" else count
    piece = stream.read(count)
    need(len(piece) == count and kind != "array", "a record ends too early, or nests too deeply")
    return piece.decode() if kind == "text" else piece


def decode(data: bytes, kind: str = "") -> Any:
    """Return the value, of a record its fields by name, that bytes are the encoding of."""
    stream = BytesIO(data)
    value = unpack(stream)
    need(not stream.read(1), "bytes are left over after a record")
    return fit(value, kind) if kind else value


def tagged(tag: str, *parts: bytes) -> bytes:
    """Return the tagged hash of some parts."""
    name = f"tallystick/{tag}/1".encode()
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return sha256(bytes([len(name)]) + name + framed).digest()


def climb(place: dict[str, Any], entry: bytes, size: int, root: bytes, step: str) -> None:
    """Refuse an entry unless its inclusion path leads to the RFC 6962 root (RFC 9162, 2.1.3.2)."""
    index = place["index"] if "index" in place else place["entry"]
    node, last = sha256(b"\0" + entry).digest(), size - 1
    need(0 <= index <= last, f"{step}: its index lies outside of the tree")
    for sibling in place["path"]:
        need(last, f"{step}: its inclusion path is too long")
        left = index & 1 or index == last
        node = sha256(b"\1" + (sibling + node if left else node + sibling)).digest()
        while left and index and not index & 1:
            index, last = index >> 1, last >> 1
        index, last = index >> 1, last >> 1
    need(last == 0 and node == root, f"{step}: its inclusion path does not lead to the root")


def leaf(part: dict[str, Any], id: bytes, root: bytes) -> dict[str, Any]:
    """Return the records by tag that stand under an id in the state with this root."""
    need(sorted({*part["depths"]}) == part["depths"], "state: depths do not increase")
    node = sha256(b"\2" + id + sha256(part["records"]).digest()).digest()
    for depth, sibling in [*zip(part["depths"], part["siblings"], strict=True)][::-1]:
        right = id[depth >> 3] >> (7 - (depth & 7)) & 1
        node = sha256(bytes((3, depth)) + (sibling + node if right else node + sibling)).digest()
    need(node == root, f"state: the records of {id.hex()} do not lead to the state root")
    items = decode(part["records"])
    tags = ["", *(item[0] if isinstance(item, list) else "" for item in items)]
    need(all(a < b for a, b in pairwise(tags)), "state: record order")
    return {item[0]: item for item in items}


def checkpoint(note: bytes, origin: str, keys: Any) -> tuple[int, bytes]:
    """Return size and root of the log in a note that a known key has signed."""
    body, gap, lines = note.decode().rpartition("\n\n")
    need(gap and lines.endswith("\n") and lines.count("\n") <= 100, "checkpoint: not a note")
    known = False
    for line in lines[:-1].split("\n"):
        row = re.fullmatch(r"— ([^\s+\x00-\x1f]+) (.+)", line) or ["", "", ""]
        data = unbase64(row[2], len(note))
        need(len(data) > 4, "checkpoint: a signature line is malformed")
        for _, _, public in [key for key in keys if key[:2] == (row[1], data[:4])]:
            ys = {int.from_bytes(point, "little") % 2**255 for point in (public, data[4:36])}
            weak = max(ys) >= FIELD or bool(ys & {0, 1, FIELD - 1, EIGHT, FIELD - EIGHT})
            weak = weak or int.from_bytes(data[36:], "little") >= GROUP_ORDER
            need(not weak, "checkpoint: a point or scalar is not strictly canonical")
            Ed25519PublicKey.from_public_bytes(public).verify(data[4:], f"{body}\n".encode())
            known = True
    need(known, "checkpoint: not signed by a key that was given")
    head, size, root, *more = body.split("\n")
    need(head == origin, f"checkpoint: its origin is {head:.80}, another ledger")
    plain = re.fullmatch("0|[1-9][0-9]{0,18}", size) and re.fullmatch(r"[^\0-\t\v-\x1f]*", body)
    need(plain and all(more) and len(unbase64(root, 32)) == 32, "checkpoint: malformed")
    return int(size), unbase64(root, 32)


def execution(file: dict[str, Any], ledger: str, size: int, root: bytes) -> tuple[Any, ...]:
    """Return claim, signers, block and state block, all bound to the checkpoint."""
    _, _, state, claim, part, place, block, *_ = file.values()
    header, outcome = decode(part["header"], "transaction/1"), decode(place["outcome"], "outcome/1")
    id = tagged("transaction-id", part["header"])
    need(ledger == f"ledger_{header['ledger'].hex()}", "transaction: signed for another ledger")
    need(sorted({*header["signers"]}) == header["signers"], "transaction: signers out of order")
    for signer, proof in zip(header["signers"], part["signatures"], strict=True):
        held = PublicKey(signer).verify(cdata_to_der(deserialize_compact(proof)), id, None)
        low = int.from_bytes(proof[32:], "big") <= HALF_ORDER
        need(held and low, f"transaction: the signature of {signer.hex()} does not hold")
    entry = b"\1" + tagged("transaction-entry", part["header"], b"".join(part["signatures"]))
    climb(part, entry, size, root, "transaction")
    climb(claim, claim["command"], claim["count"], header["commands_root"], "command")
    before, after = decode(block["header"], "block/1"), decode(state["header"], "block/1")
    for name, each, head in (("block", block, before), ("state", state, after)):
        need(head["log_size"] == each["entry"] + 1, f"{name}: another place in the log")
        climb(each, b"\2" + tagged("block", each["header"]), size, root, name)
    need(state["entry"] == size - 1, "state: not the last entry under the checkpoint")
    accepted = {"transaction": id, "contract": "", "code": 0, "command": 0}
    need(outcome == accepted, "receipt: it is of another transaction, or a rejection")
    count = block["entry"] - part["entry"] + place["index"]
    timely = place["index"] < count <= 65_536 and before["time"] < header["expiry"]
    need(timely, "receipt: the transaction is not in the block, or had expired")
    climb(place, place["outcome"], count, before["receipts_root"], "receipt")
    return decode(claim["command"], "certificate.claim"), header["signers"], before, after


def check_chain(chain: list[dict[str, Any]], made: dict[str, Any]) -> None:
    """Refuse certificates that did not come from each other and, at first, from what was made."""
    issued = chain[-1]
    for child, parent in pairwise(chain):
        born, n, next = child["born"], child["ordinal"], parent["next"]
        id = tagged("child-id", parent["id"], born.encode(), n.to_bytes(4, "big"))
        named = next and (next["action"], next["addresses"][n : n + 1]) == (born, [id])
        added = born == "CORRECT" and parent is issued
        named = named or added or (born in {"CORRECT", "BREAK"} and parent["broken"])
        grown = child["amount_wh"] > parent["amount_wh"] and not child["corrected"]
        need(named and id == child["id"] and not grown, "chain: a link does not hold")
    told = {**issued, **made, "measurement": issued["id"]}
    names = ("begin", "end", "sector", "technology", "fuel", "measurement")
    same = all(each[name] == told[name] for each in chain for name in names)
    first = (issued["born"], issued["ordinal"], issued["origin"]) == ("ISSUE", 0, issued["id"])
    need(same and first, "chain: it does not begin with what was issued for the production")
    need(chain[0]["amount_wh"] <= made["amount"], "chain: more is claimed than was produced")


def verify(data: bytes, ledger: str, keys: Any) -> str:
    """Return in one line what the file proves, or raise an error that says what fails."""
    parsed = json.loads(data.decode())
    form = json.dumps(parsed, separators=(",", ":"), ensure_ascii=False) + "\n"
    need(len(data) <= FILE_BYTES_MAX and form == data.decode(), "file: too long, or not its form")
    file = fit(parsed, "File")
    size, root = checkpoint(file["checkpoint"], ledger, keys)
    claim, signers, block, state = execution(file, ledger, size, root)
    chain, id = [], claim["certificate"]
    for step in file["certificates"]:
        records = leaf(step["leaf"], id, state["state_root"])
        chain.append({"id": id, **step, **fit(records.get("certificate"), "certificate")})
        id = chain[-1]["origin"]
    used = leaf(file["consumption"], claim["consumption"], state["state_root"])
    settled, own = fit(used.get("settlement"), "settlement"), chain[0]
    made, eaten = (fit(each.get("measurement"), "measurement") for each in (records, used))
    retired = {"action": "RETIRE", "addresses": [claim["consumption"]], "time": block["time"]}
    gone = own["withdrawn"] or own["broken"] or own["unclaimed"] or not own["amount_wh"]
    need(own["next"] == retired and not gone, "certificate: not retired by this, or gone since")
    need({own["owner"], eaten["owner"]} <= {*signers}, "transaction: an owner did not sign")
    mine = [each for each in settled["parts"] if each["certificate"] == own["id"]]
    part = {"certificate": own["id"], "amount_wh": own["amount_wh"], "withdrawn": False}
    total, most = sum(each["amount_wh"] for each in settled["parts"]), eaten["amount"]
    full = mine == [part] and settled["measurement"] == claim["consumption"]
    need(full and total == settled["total_wh"] <= most, "settlement: not in full, or too much")
    ids = {"production": (made, chain[-1]["id"]), "consumption": (eaten, claim["consumption"])}
    for kind, (each, expected) in ids.items():
        found = tagged("measurement-id", each["owner"], each["begin"].to_bytes(8, "big"))
        need(each["kind"] == kind and found == expected, f"{kind}: other kind or other id")
    check_chain(chain, made)
    what = f"{own['amount_wh']} Wh of {own['technology']} from {made['sector']}, {made['begin']} s"
    return f"{what}, claimed for {eaten['owner'].hex()}; as of checkpoint {size}"


def parse_key(text: str) -> tuple[str, bytes, bytes]:
    """Return name, key id and public key of a verifier key."""
    name, key_id, encoded = text.split("+", 2)
    data = unbase64(encoded, 33)
    right = sha256(f"{name}\n".encode() + data).digest()[:4]
    need(right.hex() == key_id and data[0] == 1 and len(data) == 33, "not a verifier key")
    return name, right, data[1:]


def main() -> None:
    """Read the command line, give the verdict in one line and exit."""
    parser = argparse.ArgumentParser(description="Verify the proof file of a claim.")
    parser.add_argument("file", type=argparse.FileType("rb"))
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--key", type=parse_key, action="append", required=True)
    given = parser.parse_args()
    if not re.fullmatch("ledger_[0-9a-f]{64}", given.ledger):
        parser.error("--ledger: not a ledger id")
    try:
        print("valid:", verify(given.file.read(FILE_BYTES_MAX + 1), given.ledger, given.key))
    except (InvalidSignature, ValueError, TypeError, LookupError, RecursionError) as error:
        parser.exit(1, f"invalid: {' '.join(str(error).split())[:200] or 'wrong signature'}\n")


if __name__ == "__main__":
    main()
