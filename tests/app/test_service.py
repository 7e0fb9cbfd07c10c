"""The resident search process: started on demand, shared, only for this user, gone when idle."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from multiprocessing import AuthenticationError, Pipe
from multiprocessing import connection as sockets
from pathlib import Path

import psutil
import pytest

import resources
from app import launch
from app.bootstrap import IndexWishes, start_indexing
from app.client import Client, receive, stop_service
from app.config import Config
from app.contact import Contact
from app.service import _has_turned_away, describe
from indexers.base import LeftOutError
from search.errors import CrossfindError, LibraryMissingError, MediaError, QuerySyntaxError
from search.people.names import PersonError

OPTIONS = {"base": str(Path.cwd())}


@pytest.fixture
def client(home: Path, sample_library: Path) -> Iterator[Client]:
    client = Client(Config(library=str(sample_library)))
    yield client
    client.close()


def test_it_starts_answers_and_stays(client: Client, sample_library: Path) -> None:
    assert client.search("inverters", OPTIONS).hits
    assert [one.text for one in client.suggest("inverter")] == ["inverters"]
    first = Contact.read()
    second = Client(Config(library=str(sample_library)))
    assert second.search("name:galax", OPTIONS).hits
    second.close()
    assert first is not None
    assert Contact.read() == first
    assert psutil.Process(first.pid).is_running()


def test_it_finds_duplicates(home: Path, tmp_path: Path) -> None:
    pictures, config = tmp_path / "pictures", Config(library=str(tmp_path / "library"))
    pictures.mkdir()
    source = next(Path(str(resources.path("samples"))).rglob("*.jpg"))
    for name in ("one.jpg", "two.jpg"):
        (pictures / name).write_bytes(source.read_bytes())
    for _ in start_indexing(config, IndexWishes((pictures,)), threading.Event()).events:
        pass
    client = Client(config)
    (group,) = client.ask("duplicates", kinds=["same"], folder=None)
    assert sorted(Path(one["path"]).name for one in group["files"]) == ["one.jpg", "two.jpg"]
    assert client.ask("duplicates", kinds=["same"], folder=str(tmp_path / "elsewhere")) == []
    with pytest.raises(CrossfindError, match="no kind twin"):
        client.ask("duplicates", kinds=["twin"], folder=None)
    client.close()


def test_it_listens(starter: None, client: Client, media_dir: Path, tmp_path: Path) -> None:
    heard = client.ask("listen", path=str(media_dir / "speech" / "caption_1030985833_b0902ea560.mp3"))
    assert "black" in heard["query"].lower()
    assert {"text", "probability", "unsure"} == set(heard["words"][0])
    assert [fix["kind"] for fix in heard["fixes"]] == ["resample", "trim"]
    with pytest.raises(MediaError, match=r"does not exist|cannot be read"):
        client.ask("listen", path=str(tmp_path / "none.wav"))


def test_errors_arrive_as_what_they_are(client: Client, tmp_path: Path) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        client.search("(boat", OPTIONS)
    assert caught.value.start == 0
    elsewhere = Client(Config(library=str(tmp_path / "none")))
    with pytest.raises(LibraryMissingError):
        elsewhere.search("boat", OPTIONS)
    elsewhere.close()


def test_a_killed_process_is_replaced(client: Client) -> None:
    client.ask("ping")
    contact = Contact.read()
    assert contact is not None
    psutil.Process(contact.pid).kill()
    assert client.search("inverters", OPTIONS).hits
    assert Contact.read() != contact


def test_one_whose_code_is_another_leaves_and_is_started_anew(client: Client) -> None:
    assert client.ask("ping") == launch.program()
    client.close()
    contact = Contact.read()
    assert contact is not None
    replace(contact, version="0.1.0+older").write()
    assert client.ask("ping") == launch.program()
    fresh = Contact.read()
    assert fresh is not None
    assert fresh.pid != contact.pid
    _has_left(contact.pid)


def test_one_that_just_came_does_not_leave_in_place_of_the_one_before(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading whom to dismiss and dismissing it, the next one may have left its contact."""
    client.ask("ping")
    client.close()
    fresh = Contact.read()
    assert fresh is not None
    gone = replace(fresh, address=f"{fresh.address}.gone", version="0.1.0+older")
    answers = iter([gone])
    monkeypatch.setattr(Contact, "read", staticmethod(lambda: next(answers, fresh)))
    assert client.ask("ping") == launch.program()
    time.sleep(1.5)  # the service looks once a second whether it is to leave
    assert psutil.Process(fresh.pid).is_running()
    assert client.ask("ping") == launch.program()


def test_a_contact_that_is_lost_is_left_again(client: Client) -> None:
    client.ask("ping")
    contact = Contact.read()
    Contact.file().unlink()
    deadline = time.monotonic() + 30
    while Contact.read() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert Contact.read() == contact


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_nobody_else_can_read_the_key_or_enter_the_socket(client: Client) -> None:
    client.ask("ping")
    contact = Contact.read()
    assert contact is not None
    assert Contact.file().stat().st_mode & 0o077 == 0
    assert Path(contact.address).parent.stat().st_mode & 0o077 == 0
    with pytest.raises(AuthenticationError):
        sockets.Client(contact.address, authkey=b"a guess")
    client.ask("ping")  # and the attempt did it no harm


def test_it_leaves_when_idle(home: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "app.service", "0.3"], cwd=Path(__file__).parents[2])
    assert process.wait(timeout=60) == 0
    assert Contact.read() is None


def test_what_nobody_waits_for_is_stopped(client: Client, sample_library: Path) -> None:
    """What was asked and taken back at once is not answered, and the connection goes on."""
    client.ask("ping")
    connection = client._connection
    assert connection is not None
    asked = {"op": "search", "config": asdict(Config(library=str(sample_library))), "query": "inverters"}
    connection.send_bytes(json.dumps(asked | {"options": OPTIONS}).encode())
    client.cancel()
    assert json.loads(connection.recv_bytes())["error"]["type"] == "CancelledError"
    assert client.search("inverters", OPTIONS).hits
    client.cancel()  # there is nothing to stop
    assert client.explain("inverters", OPTIONS).legs


def test_a_client_that_hung_up_waits_for_nothing() -> None:
    ours, theirs = Pipe()
    with ours:
        assert not _has_turned_away(ours)
        theirs.close()
        assert _has_turned_away(ours)


def test_it_can_be_told_to_leave(client: Client) -> None:
    client.ask("ping")
    contact = Contact.read()
    assert contact is not None
    assert stop_service()
    _has_left(contact.pid)


def _has_left(pid: int) -> None:
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_takes_a_while_is_told_before_the_answer() -> None:
    ours, theirs = Pipe()
    told: list[str] = []
    with ours, theirs:
        for plain in ({"notice": "Wait a little."}, {"result": {"hits": []}}):
            theirs.send_bytes(json.dumps(plain).encode())
        assert receive(ours, told.append) == {"result": {"hits": []}}
    assert told == ["Wait a little."]


def test_errors_of_other_modules_come_as_the_nearest_that_everybody_knows() -> None:
    told = describe(LeftOutError("It is locked.", "Give it with --password."))
    assert (told["type"], told["remedy"]) == ("MediaError", "Give it with --password.")
    assert describe(PersonError("There is no person 12."))["type"] == "CrossfindError"
    assert describe(QuerySyntaxError("No.", 1, 2))["end"] == 2
