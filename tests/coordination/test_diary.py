"""What was written is there, what was cut off is gone, and what is broken is not passed over."""

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.contracts.exchange.model import Outcome, Part
from tallystick.coordination.diary import HEADER, Diary, DiaryUnusable, Forgetful
from tallystick.coordination.entries import ChangeBegun, ChangeEnded, Entry, Intent
from tallystick.coordination.joint_change import plan
from tallystick.testing.keys import key

PASSPHRASE = b"k" * 32
LEDGER = LedgerId(b"\x01" * 32)


def opened(path: Path) -> Diary:
    """Open a diary that needs no stretching."""
    return Diary.open(path, PASSPHRASE, work_bits=1)


def begun(n: int) -> ChangeBegun:
    """Return an entry."""
    owner: PublicKey = key(n + 1)
    part = Part(LEDGER, "asset", RecordId(bytes(32)), owner, n, owner)
    change = plan([part], deciding=LEDGER, deadline=1_000 + n)
    return ChangeBegun(Intent(bytes([n]) * 16, (part,), LEDGER, 1_000, 1), 1, change)


def ended(n: int) -> ChangeEnded:
    """Return the entry that closes another."""
    return ChangeEnded(bytes([n]) * 16, 1, Outcome.COMMITTED, final=True)


def write(path: Path, *entries: Entry) -> None:
    """Write entries, each in a frame that is synced alone."""
    with opened(path) as diary:
        for entry in entries:
            with diary.exclusive():
                diary.add([entry])


def read(path: Path) -> list[Entry]:
    """Return what stands in a diary."""
    with opened(path) as diary, diary.exclusive() as entries:
        return entries


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Entries come back in their order, to whoever opens the file."""
    path = tmp_path / "diary"
    entries: list[Entry] = [begun(1), ended(1), begun(2)]
    write(path, *entries)
    assert entries == read(path)


def test_nothing_in_it_can_be_read_without_the_passphrase(tmp_path: Path) -> None:
    """Another passphrase opens nothing, and the bytes give away no key of anybody's."""
    path = tmp_path / "diary"
    write(path, begun(1))
    with pytest.raises(DiaryUnusable, match="passphrase is wrong"):
        Diary.open(path, b"other" * 8, work_bits=1)
    with pytest.raises(DiaryUnusable, match="empty"):
        Diary.open(path, "")
    assert bytes(key(2)) not in path.read_bytes()
    assert 0o600 == path.stat().st_mode & 0o777


def test_a_text_is_stretched(tmp_path: Path) -> None:
    """However a keyboard composes it, the passphrase is the same."""
    with Diary.open(tmp_path / "diary", "Z\u00fcrich", work_bits=1) as diary, diary.exclusive():
        diary.add([begun(1)])
    with Diary.open(tmp_path / "diary", "Zu\u0308rich") as diary, diary.exclusive() as entries:
        assert [begun(1).intent.id] == [each.intent.id for each in entries]  # type: ignore[union-attr]


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    """A value out of bounds would spoil the file for good, so nothing of that write is kept."""
    path = tmp_path / "diary"
    first, spoilt = begun(1), replace(ended(2), attempt=0)
    write(path, first)
    with pytest.raises(Malformed, match="attempt"), opened(path) as diary, diary.exclusive():
        diary.add([begun(2), spoilt])
    assert [first] == read(path)


def test_each_reader_sees_what_others_wrote_since(tmp_path: Path) -> None:
    """Two that hold one file take turns and miss nothing."""
    with opened(tmp_path / "diary") as one, opened(tmp_path / "diary") as other:
        first, second, third = begun(1), begun(2), begun(3)
        with one.exclusive() as news:
            assert [] == news
            one.add([first])
        with other.exclusive() as news:
            assert [first] == news
            other.add([second, third])
        with one.exclusive() as news:
            assert [second, third] == news
        with other.exclusive() as news:
            assert [] == news


def test_many_write_at_once(tmp_path: Path) -> None:
    """No entry is lost or torn by another's."""

    def work(number: int) -> None:
        write(tmp_path / "diary", *(begun(10 * number + n) for n in range(10)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [each.intent.id[0] for each in read(tmp_path / "diary")]  # type: ignore[union-attr]
    assert list(range(50)) == sorted(found)


def test_a_write_that_was_cut_off_is_taken_back(tmp_path: Path) -> None:
    """At whatever byte it ended, what was synced before is there, and writing goes on."""
    path = tmp_path / "diary"
    entries: list[Entry] = [begun(1), ended(1)]
    write(path, entries[0])
    before = len(path.read_bytes())
    write(path, entries[1])
    whole = path.read_bytes()
    for length in range(before, len(whole)):
        for rest in (b"", bytes(len(whole) - length)):
            path.write_bytes(whole[:length] + rest)
            assert entries[:1] == read(path)
            assert before == path.stat().st_size
    write(path, ended(2))
    assert [entries[0], ended(2)] == read(path)


def test_a_file_whose_first_frame_was_cut_off_begins_anew(tmp_path: Path) -> None:
    """Nothing was announced in it yet."""
    path = tmp_path / "diary"
    write(path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        write(path, ended(1))
        assert [ended(1)] == read(path)


def test_what_is_broken_further_up_is_not_passed_over(tmp_path: Path) -> None:
    """A changed byte before the last frame is damage, wherever it is."""
    path = tmp_path / "diary"
    write(path, begun(1))
    last = len(path.read_bytes())
    write(path, ended(1))
    whole = path.read_bytes()
    for at in range(0, last, 11):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(DiaryUnusable):
            read(path)
        assert len(whole) == path.stat().st_size
    path.write_bytes(whole)
    assert 2 == len(read(path))


def test_what_is_no_entry_is_refused(tmp_path: Path) -> None:
    """A whole frame that the key doesn't open was written by nobody of ours."""
    path = tmp_path / "diary"
    write(path, begun(1))
    write(tmp_path / "other", begun(1))
    stranger = (tmp_path / "other").read_bytes()
    _, length, _, _ = HEADER.unpack(stranger[: HEADER.size])
    with path.open("ab") as file:
        file.write(stranger[HEADER.size + length :])
    with pytest.raises(DiaryUnusable, match="no entry of this release"):
        read(path)


def test_it_is_written_only_while_others_are_kept_out(tmp_path: Path) -> None:
    """Whoever forgets the lock is told."""
    with opened(tmp_path / "diary") as diary, pytest.raises(AssertionError, match="exclusive"):
        diary.add([begun(1)])


def test_the_forgetful_forgets() -> None:
    """It is a book like any other, and nothing stays in it."""
    book = Forgetful()
    with book.exclusive() as entries:
        assert [] == entries
        book.add([begun(1)])
    with book.exclusive() as entries:
        assert [] == entries
