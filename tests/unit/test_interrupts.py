import signal
import time
import weakref

import pytest

from studio import interrupts


class Forgotten:
    pass


def interrupted(_: object) -> None:
    signal.raise_signal(signal.SIGINT)


def forget() -> None:
    """Let go of something whose callback meets a Ctrl-C, then work for a while."""
    forgotten = Forgotten()
    reference = weakref.ref(forgotten, interrupted)
    del forgotten
    time.sleep(5)
    assert reference() is None


@pytest.mark.slow
def test_ctrl_c_in_a_weak_references_callback_is_not_lost() -> None:
    with pytest.raises(KeyboardInterrupt), interrupts.heeded():
        forget()


def test_other_dropped_exceptions_go_where_they_went_before(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type[BaseException]] = []
    monkeypatch.setattr("sys.unraisablehook", lambda dropped: seen.append(dropped.exc_type))

    def failing(_: object) -> None:
        raise ValueError

    forgotten = Forgotten()
    reference = weakref.ref(forgotten, failing)
    with interrupts.heeded():
        del forgotten
    assert (reference(), seen) == (None, [ValueError])


def test_ctrl_c_waits_for_the_end_of_what_must_not_be_left_half_done() -> None:
    done: list[str] = []

    def work() -> None:
        with interrupts.held_back(), interrupts.held_back():
            signal.raise_signal(signal.SIGINT)
            done.append("within")
        done.append("behind")

    with pytest.raises(KeyboardInterrupt), interrupts.heeded():
        work()
    with interrupts.held_back():
        done.append("later")
    assert done == ["within", "later"]
