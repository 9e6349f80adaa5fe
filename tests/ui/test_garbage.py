import gc
import threading


class Chained:
    """Holds itself, so that only the search for garbage ends it; tells in which thread."""

    def __init__(self, ended: list[threading.Thread]) -> None:
        self.chain, self.ended = self, ended

    def __del__(self) -> None:
        self.ended.append(threading.current_thread())


def test_garbage_is_collected_in_the_gui_thread_alone(qtbot, window):
    ended: list[threading.Thread] = []

    def much() -> int:
        Chained(ended)
        return len([[number] for number in range(200_000)])  # Python would look for garbage many times meanwhile

    window.desk.background.ask("much", much, lambda answer: None)
    qtbot.waitUntil(lambda: window.desk.background.is_idle, timeout=5000)
    assert not ended
    qtbot.waitUntil(lambda: len(ended) == 1, timeout=10_000)
    assert ended == [threading.main_thread()]


def test_a_window_that_was_closed_leaves_garbage_to_python_again(desktop):
    assert not gc.isenabled()
    desktop.close()
    assert gc.isenabled()
