import errno
import hashlib
import os
import shutil
import sys
import tomllib
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.models import manifest
from app.models.catalogue import Entry, HubSource, UrlSource, WantedFile
from app.models.installed import installed
from app.models.pull import pull
from app.models.spaces import build_spaces
from app.models.verify import problems
from search.errors import ModelError

COMMIT = "c0ffee" * 6 + "c0ff"
WEIGHTS = "open_clip_model.safetensors"
Disk = namedtuple("Disk", "total used free")


def entry(*files: WantedFile, revision: str = "main") -> Entry:
    wanted = files or (WantedFile("open_clip_config.json"), WantedFile(WEIGHTS))
    source = {"kind": "hub", "repository": "tiny/clip", "revision": revision}
    raw = {"id": "tiny-clip", "task": "scene", "engine": "open-clip", "profile": "fast", "licence": "MIT"}
    raw |= {"source": source, "files": {f.name: {} for f in wanted}}
    hub = HubSource("tiny/clip", revision)
    return Entry("tiny-clip", "scene", "open-clip", "fast", "", "MIT", True, (), 1, wanted, hub, raw)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_fetches_checks_and_pins(hub: Any, own: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    model = pull(entry(), own, lambda *progress: told.append(progress))
    assert model.folder == own / "tiny-clip"
    assert (model.folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    raw = tomllib.loads((model.folder / "model.toml").read_text(encoding="utf-8"))
    assert raw["source"] == {"kind": "hub", "repository": "tiny/clip", "revision": COMMIT}
    assert raw["files"] == {name: [len(data), sha(data)] for name, data in hub.files.items()}
    assert (raw["dim"], raw["image"]["resize"], raw["image"]["width"]) == (8, "squash", 32)
    assert (WEIGHTS, len(hub.files[WEIGHTS]), len(hub.files[WEIGHTS])) in told
    assert installed(own=own).get("tiny-clip") == model
    assert list(problems(model.manifest, model.folder, hashes=True)) == []
    (space,) = build_spaces(model, "cpu")
    assert space.fingerprint.dim == 8
    assert [item.name for item in own.iterdir() if not item.name.startswith(".")] == ["tiny-clip"]


TAKEN = HubSource("tiny/clip", "main", ("*.safetensors", "*.json"))


def taking(source: HubSource = TAKEN, **facts: Any) -> Entry:
    """A model of which the hub knows the files."""
    raw: dict[str, Any] = {"kind": "hub", "repository": "tiny/clip", "take": list(source.take)}
    if source.adapter:
        raw["adapter"] = {"repository": "tiny/clip", "take": list(source.adapter.take)}
    plain = entry()
    kept = {key: value for key, value in plain.raw.items() if key != "files"}
    return replace(
        plain, files=(), source=source, bytes_about=0, raw=kept | facts | {"source": raw}, engine="onnx"
    )


def test_the_hub_is_asked_which_files_there_are_and_how_large(hub: Any, own: Path) -> None:
    hub.files = {
        "model.safetensors": b"w" * 5000,
        "config.json": b"{}",
        "README.md": b"read me",
        "pytorch_model.bin": b"p" * 2000,
        "onnx/model.safetensors": b"o" * 2000,
    }
    sizes: list[int] = []
    model = pull(taking(), own, sized=sizes.append)
    assert sizes == [5002]
    assert set(model.manifest.files) == {"model.safetensors", "config.json"}
    assert list(problems(model.manifest, model.folder, hashes=True)) == []
    raw = tomllib.loads((model.folder / "model.toml").read_text(encoding="utf-8"))
    assert raw["source"]["revision"] == COMMIT
    assert {path for _, path, _ in hub.asked if "resolve" in path} == {
        f"/tiny/clip/resolve/{COMMIT}/{name}" for name in model.manifest.files
    }


def test_an_adapter_has_a_folder_of_its_own(hub: Any, own: Path) -> None:
    hub.files = {
        "model.safetensors": b"w" * 5000,
        "config.json": b"{}",
        "adapter_config.json": b"[]",
        "adapter_model.safetensors": b"a" * 3000,
    }
    adapter = HubSource("tiny/clip", "main", ("adapter_*",))
    only = replace(TAKEN, take=("model.safetensors", "config.json"), adapter=adapter)
    model = pull(taking(only), own)
    assert (model.folder / "adapter" / "adapter_model.safetensors").read_bytes() == b"a" * 3000
    assert set(model.manifest.files) == {
        "model.safetensors",
        "config.json",
        "adapter/adapter_config.json",
        "adapter/adapter_model.safetensors",
    }


def test_all_kinds_of_files_that_a_model_is_published_with_are_taken(hub: Any, own: Path) -> None:
    """What wraps up a question may be a template of its own beside the tokenizer."""
    names = ("model.safetensors", "config.json", "chat_template.jinja", "merges.txt", "tokenizer.json")
    hub.files = {name: name.encode() for name in names} | {"modeling.py": b"print('no')"}
    take = ("*.safetensors", "*.json", "*.jinja", "*.txt")
    model = pull(taking(replace(TAKEN, take=take)), own)
    assert set(model.manifest.files) == set(names)
    assert sorted(file.name for file in model.folder.iterdir()) == sorted((*names, "model.toml"))
    with pytest.raises(ModelError, match=r"modeling\.py is no kind of file"):
        pull(replace(taking(replace(TAKEN, take=(*take, "*.py"))), id="other"), own)


def test_a_repository_without_safetensors_is_refused(hub: Any, own: Path) -> None:
    hub.files = {"pytorch_model.bin": b"p" * 2000, "config.json": b"{}"}
    with pytest.raises(ModelError, match="no weights of tiny-clip as safetensors"):
        pull(taking(), own)
    hub.repository = "tiny/other"
    with pytest.raises(ModelError, match="does not have it"):
        pull(taking(), own)


def test_a_known_revision_is_asked_for(hub: Any, own: Path) -> None:
    pull(entry(revision=COMMIT), own)
    assert {path for _, path, _ in hub.asked if "resolve" in path} == {
        f"/tiny/clip/resolve/{COMMIT}/{name}" for name in hub.files
    }


def test_a_connection_that_breaks_is_taken_up_where_it_stopped(hub: Any, own: Path) -> None:
    hub.drop_after = [300_000]
    model = pull(entry(), own)
    assert (model.folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    assert hub.ranges(WEIGHTS) == [None, "bytes=300000-"]


def test_an_interrupted_process_goes_on_where_it_stopped(hub: Any, own: Path) -> None:
    def stop(name: str, done: int, total: int | None) -> None:
        if name == WEIGHTS:
            raise KeyboardInterrupt

    hub.drop_after = [400_000]
    with pytest.raises(KeyboardInterrupt):
        pull(entry(), own, stop)
    assert installed(own=own).models == ()
    (part,) = (own / ".incoming" / "tiny-clip").glob("*.part")
    have = part.stat().st_size
    assert have > 0
    model = pull(entry(), own)
    assert (model.folder / WEIGHTS).read_bytes() == hub.files[WEIGHTS]
    assert hub.ranges(WEIGHTS)[-1] == f"bytes={have}-"
    assert list(model.folder.glob("*.part")) == []


def test_a_file_that_was_complete_is_not_fetched_again(hub: Any, own: Path) -> None:
    del hub.files["open_clip_config.json"]
    reversed_order = entry(WantedFile(WEIGHTS), WantedFile("open_clip_config.json"))
    with pytest.raises(ModelError, match=r"does not have it \(HTTP 404\)"):
        pull(reversed_order, own)
    hub.files["open_clip_config.json"] = b'{"model_cfg": {"embed_dim": 4, "vision_cfg": {}, "text_cfg": {}}}'
    pull(reversed_order, own)
    assert len(hub.ranges(WEIGHTS)) == 1


def test_wrong_bytes_are_refused_and_removed(hub: Any, own: Path) -> None:
    hub.served[WEIGHTS] = bytes(len(hub.files[WEIGHTS]))
    with pytest.raises(ModelError, match=f"{WEIGHTS} from .* has a wrong size or hash; it was removed"):
        pull(entry(), own)
    assert list((own / ".incoming").rglob(f"{WEIGHTS}*")) == []
    assert installed(own=own).models == ()


def test_a_file_whose_hash_nobody_knows_is_refused(hub: Any, own: Path) -> None:
    hub.nameless = True
    with pytest.raises(ModelError, match=f"does not say which hash {WEIGHTS} must have"):
        pull(entry(), own)
    assert hub.ranges(WEIGHTS) == []


def test_a_small_file_is_checked_too(hub: Any, own: Path) -> None:
    name = "open_clip_config.json"
    hub.served[name] = hub.files[name].replace(b"8", b"9")
    with pytest.raises(ModelError, match=f"{name} from .* has a wrong size or hash"):
        pull(entry(), own)


def test_a_hub_that_has_another_file_than_the_catalogue_is_refused_before_anything_is_fetched(
    hub: Any, own: Path
) -> None:
    known = WantedFile(WEIGHTS, len(hub.files[WEIGHTS]), sha(b"another"))
    with pytest.raises(ModelError, match="is not the one that Crossfind knows; nothing was fetched"):
        pull(entry(known), own)
    with pytest.raises(ModelError, match="is not the one that Crossfind knows"):
        pull(entry(replace(known, bytes=5, sha256=None)), own)
    assert hub.ranges(WEIGHTS) == []


def test_a_pinned_hash_is_checked(hub: Any, own: Path) -> None:
    known = WantedFile(WEIGHTS, len(hub.files[WEIGHTS]), sha(hub.files[WEIGHTS]))
    model = pull(entry(WantedFile("open_clip_config.json"), known), own)
    assert model.manifest.files[WEIGHTS].sha256 == known.sha256


@pytest.mark.parametrize(("status", "sentence"), [(404, "does not have it"), (403, "does not have it")])
def test_a_missing_file_is_one_sentence(hub: Any, own: Path, status: int, sentence: str) -> None:
    hub.status = status
    with pytest.raises(ModelError, match=sentence):
        pull(entry(), own)


def test_an_answer_that_is_an_error_says_so(hub: Any, own: Path) -> None:
    hub.status = 500
    with pytest.raises(ModelError, match=r"answers with an error \(HTTP 500\).*same command again"):
        pull(entry(), own)


def test_no_connection_is_one_sentence(hub: Any, own: Path) -> None:
    source = UrlSource("http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"the connection failed or broke.*same command again"):
        pull(replace(entry(WantedFile(WEIGHTS, 5, sha(b"12345"))), source=source), own)


def test_offline_is_respected(hub: Any, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match=r"HF_HUB_OFFLINE is set.*crossfind models import"):
        pull(entry(), own)
    plain = replace(entry(WantedFile(WEIGHTS, 5, sha(b"12345"))), source=UrlSource(f"{hub.address}/files"))
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE is set"):
        pull(plain, own)
    assert hub.asked == []


def test_already_there_is_one_sentence(hub: Any, own: Path) -> None:
    pull(entry(), own)
    with pytest.raises(ModelError, match=r"tiny-clip is already there. Remove it first"):
        pull(entry(), own)


def test_another_process_at_the_same_model_is_one_sentence(hub: Any, own: Path) -> None:
    def second(name: str, done: int, total: int | None) -> None:
        with pytest.raises(ModelError, match="Another process is just getting tiny-clip"):
            pull(entry(), own)

    pull(entry(), own, second)


def test_too_little_room_is_said_before_anything_is_fetched(
    hub: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10, 10, 1000))
    with pytest.raises(ModelError, match=r"needs 0.1 GB more, but only 0.0 GB are free"):
        pull(entry(), own)
    assert hub.ranges(WEIGHTS) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_fills_up_is_one_sentence(hub: Any, own: Path) -> None:
    folder = own / ".incoming" / "tiny-clip"
    folder.mkdir(parents=True)
    (folder / f"{WEIGHTS}.{sha(hub.files[WEIGHTS])[:12]}.part").symlink_to("/dev/full")
    with pytest.raises(ModelError, match=r"The disk that holds .* is full. Make room"):
        pull(entry(), own)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_cannot_be_written_is_one_sentence(hub: Any, own: Path) -> None:
    own.mkdir(parents=True, mode=0o500)
    with pytest.raises(ModelError, match="cannot be used"):
        pull(entry(), own)


def test_a_file_where_the_folder_should_be_is_one_sentence(hub: Any, own: Path) -> None:
    own.parent.mkdir(parents=True)
    own.write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be used") as caught:
        pull(entry(), own)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno in (errno.ENOTDIR, errno.EEXIST)


def test_a_model_of_plain_addresses_works_from_end_to_end(hub: Any, own: Path, models_dir: Path) -> None:
    folder = models_dir / "clip-mini"
    known = manifest.read(folder)
    hub.files = {name: (folder / name).read_bytes() for name in known.files}
    hub.drop_after = [100_000]
    files = tuple(WantedFile(name, fact.bytes, fact.sha256) for name, fact in known.files.items())
    base = f"{hub.address}/files"
    source = {"kind": "url", "base": base}
    made = replace(
        entry(*files), engine=known.engine, source=UrlSource(base), raw={**known.raw, "source": source}
    )
    model = pull(replace(made, id="clip-mini"), own)
    assert model.manifest.files == known.files
    assert model.manifest.revision == known.revision
    (space,) = build_spaces(model, "cpu")
    assert space.encode(["a dog in the snow"]).shape == (1, 256)
    assert model.terms is not None
    assert "not for commercial use" in model.terms
