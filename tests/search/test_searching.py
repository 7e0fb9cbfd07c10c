from search.people.records import FACE
from search.plan import MEANING, OBJECT, PAGES, QUIET
from search.searching import SEARCHING, searching


def test_every_leg_of_a_query_is_called_what_a_person_understands() -> None:
    assert {*QUIET, *PAGES, MEANING, OBJECT, FACE} <= SEARCHING.keys()
    assert searching("page-look") == searching("page_look") == "searching pages by their look"
    assert searching("dance") == "dance"
