import gc

import pytest

from studio import starting


def test_garbage_is_looked_for_again_once_everything_is_imported():
    with starting.imports():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ImportError), starting.imports():
        raise ImportError
    assert gc.isenabled()


def test_where_nobody_looks_for_garbage_nobody_begins_to():
    gc.disable()
    try:
        with starting.imports():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
