import os
from pathlib import Path

from indexers.roots import is_away, is_remounted, plan_walks
from search.store import Root


def plans(given, before=(), excludes=()):
    """Plan walks over POSIX-looking paths; return (root, start) pairs below `/`."""
    made = plan_walks([Path(p) for p in given], [Root(absolute(r)) for r in before], excludes, Path("/lib"))
    return sorted((plan.root.path, plan.start) for plan in made)


def absolute(path: str) -> str:
    return str(Path(path).absolute())


def pairs(*rows: tuple[str, str]) -> list[tuple[str, str]]:
    return sorted((absolute(root), absolute(start)) for root, start in rows)


def test_new_folders_become_roots():
    assert plans(["/a", "/b"]) == pairs(("/a", "/a"), ("/b", "/b"))


def test_a_root_given_twice_or_with_dots_is_walked_once():
    assert plans(["/a", "/a/", "/a/../a"]) == pairs(("/a", "/a"))


def test_a_folder_inside_a_root_is_a_part_of_its_walk():
    assert plans(["/a/b"], before=["/a"]) == pairs(("/a", "/a/b"))
    assert plans(["/a/b", "/a"]) == pairs(("/a", "/a"))
    assert plans(["/a/b", "/a/b/c"], before=["/a"]) == pairs(("/a", "/a/b"))


def test_names_that_only_begin_alike_are_no_relatives():
    assert plans(["/ab"], before=["/a"]) == pairs(("/ab", "/ab"))


def test_roots_inside_a_given_folder_are_walked_with_it():
    assert plans(["/a"], before=["/a/b", "/c"]) == pairs(("/a", "/a"), ("/a/b", "/a/b"))


def test_the_deepest_root_counts():
    assert plans(["/a/b/c"], before=["/a", "/a/b"]) == pairs(("/a/b", "/a/b/c"))


def test_a_hidden_folder_given_explicitly_becomes_a_root():
    assert plans(["/a/.private"], before=["/a"]) == pairs(("/a/.private", "/a/.private"))


def test_patterns_add_up():
    (plan,) = plan_walks([Path("/a")], [Root(absolute("/a"), ("x",))], ("y", "x"), Path("/lib"))
    assert plan.root.excludes == ("x", "y")
    assert plan.known


def test_other_roots_and_the_library_are_boundaries():
    made = plan_walks([Path("/a")], [Root(absolute("/a/b"))], (), Path("/a/lib"))
    plan = next(plan for plan in made if plan.start == absolute("/a"))
    assert plan.boundaries == {absolute("/a/b"), absolute("/a/lib")}


def test_thousands_of_files_given_by_name_do_not_bound_each_other():
    made = plan_walks([Path(f"/a/{n}.jpg") for n in range(3000)], [], (), Path("/lib"))
    assert len(made) == 3000
    assert not any(plan.boundaries for plan in made)


def test_what_is_away(tmp_path):
    assert is_away(str(tmp_path / "gone"))
    assert is_away(str(tmp_path))  # empty: it may be a mount point
    (tmp_path / "file.txt").touch()
    assert not is_away(str(tmp_path))
    assert not is_away(str(tmp_path / "deleted.jpg"))  # a file in a folder that is there
    assert is_away(str(tmp_path / "gone" / "deleted.jpg"))


def test_the_same_place_on_a_drive_that_is_mounted_elsewhere():
    old, new = os.sep + "old", os.sep + "new"
    inside = os.sep + os.path.join("2024", "a.jpg")  # noqa: PTH118
    assert is_remounted(new + inside, old + inside, old)
    assert is_remounted(new + os.sep + "disk" + inside, old + inside, old)
    assert not is_remounted(new + os.sep + "a.jpg", old + inside, old)
