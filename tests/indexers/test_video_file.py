import pytest

from indexers.video_file import cover, moving_pictures, opened
from search.errors import MediaError


def test_a_play_list_opens_no_other_file(tmp_path, save_film, picture):
    inner = save_film(tmp_path / "inner.ts", [picture(1)], 0.5)
    lists = {
        "a.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{inner.as_uri()}\n#EXT-X-ENDLIST\n",
        "a.ffconcat": f"ffconcat version 1.0\nfile '{inner}'\n",
        "a.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    }
    for name, text in lists.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(MediaError, match="cannot be opened"), opened(tmp_path / name) as container:
            assert moving_pictures(container) is None


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MediaError, match="No such file"), opened(tmp_path / "none.mp4"):
        pass


def test_names_of_any_letters(tmp_path, save_film, picture):
    path = save_film(tmp_path / "a.mp4", [picture(1)], 0.5).rename(tmp_path / "fête: 'ja'?#1%.mp4")
    with opened(path) as container:
        assert moving_pictures(container) is not None
        assert cover(container) is None
