"""The collector waits while it is told to, and is left as it was found."""

import gc

import pytest

from tallystick.store.collection import collection_paused


def test_collection_is_paused_and_goes_on() -> None:
    """Inside it is off, afterwards on again, even after an error."""
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collection_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_who_switched_it_off_finds_it_off() -> None:
    """A program that runs without automatic collection is not given any."""
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
