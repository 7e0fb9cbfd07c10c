"""What the program is made of is read from what is installed."""

from importlib.metadata import distribution

from app.about import about, licence_of


def test_libraries_with_versions_and_licences() -> None:
    found = {one.name.lower(): one for one in about().components}
    assert found["numpy"].version
    assert "pytest" not in found
    assert all(one.licence for one in found.values())


def test_the_licence_is_a_few_words() -> None:
    assert licence_of(distribution("lark")) == "MIT"
    assert len(licence_of(distribution("numpy"))) <= 60
