import pytest

from studio.jobs.wire import Broken, Changed, Hello, Message, Ready, Stop, Take, Working, decode, encode


@pytest.mark.parametrize(
    "message",
    [
        Take(["a", "b"]),
        Stop(),
        Hello("p.w"),
        Ready(),
        Changed("a", "done"),
        Working("a", "extract", 0.5),
        Broken("Disk full", "/home/caf\udce9\n is full.", "Free some space."),
    ],
)
def test_every_message_survives_the_pipe_as_one_line(message: Message) -> None:
    line = encode(message)
    assert line.count(b"\n") == 1
    assert decode(line) == message
