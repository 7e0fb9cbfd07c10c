"""`crossfind people`: who is in the pictures; every edit can be undone."""

import json
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import cli_options as options

if TYPE_CHECKING:
    from app.people import Album
    from search.people.records import Edit

app = typer.Typer(
    name="people",
    help="Who is in the pictures: name, merge, split and move faces. Every edit can be undone.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
Who = Annotated[str, typer.Argument(metavar="PERSON", help="A name, or the number that `list` shows.")]
Faces = Annotated[
    list[int], typer.Argument(metavar="FACE...", help="Numbers of faces, as `list PERSON` shows.")
]
LEAST = 2
"""Groups of fewer faces are listed only when all are asked for."""


@app.command("list")
def list_(
    person: Annotated[
        str | None, typer.Argument(metavar="[PERSON]", help="Show the faces of this one.", show_default=False)
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also who was seen only once.")] = False,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """List the people, those with a name first, or the faces of one.

    Examples: crossfind people list --all      crossfind people list Ada
    """
    with _album(library) as album:
        if person is not None:
            _list_faces(album, person, json_)
            return
        people = album.people.people()
        shown = [one for one in people if everybody or one.name or one.faces >= LEAST]
        album.look_up(one.best for one in shown)
        if json_:
            print(json.dumps([album.person_json(one) for one in shown], ensure_ascii=False))
            return
        for one in shown:
            print(album.person_line(one))
        if left := len(people) - len(shown):
            print(f"{left} more {'was' if left == 1 else 'were'} seen only once: crossfind people list --all")
        if not people:
            print("No face is known yet. Find faces with: crossfind index FOLDER")


def _list_faces(album: "Album", person: str, json_: bool) -> None:
    number = album.people.find(person)
    faces = album.people.faces(number)
    name = album.names().get(number)
    album.look_up(faces)
    if json_:
        told = {"id": number, "name": name, "faces": [album.face_json(one) for one in faces]}
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{name or 'without a name'} ({number}), {len(faces)} face{'' if len(faces) == 1 else 's'}")
    for one in faces:
        print(album.face_line(one))


@app.command("name")
def name_(
    person: Who,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Their name from now on.")],
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Give a person a name. Who gets a name that somebody has already becomes one with them.

    Example: crossfind people name 12 "Ada Lovelace"
    """
    _edit(library, json_, lambda album: album.people.name(album.people.find(person), name))


@app.command("merge")
def merge(
    person: Who,
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Who is the same person.")],
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Say that others are the same person. Two who are seen in one picture never are.

    Example: crossfind people merge Ada 12 40
    """

    def work(album: "Album") -> "Edit | None":
        find = album.people.find
        return album.people.merge(find(person), [find(other) for other in others])

    _edit(library, json_, work)


@app.command("split")
def split(
    person: Who,
    faces: Faces,
    name: Annotated[str | None, typer.Option("--name", help="Who these are.", show_default=False)] = None,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Say that some faces of a person are somebody else. The two are not taken for one again.

    Example: crossfind people split Ada 341 342 --name Grace
    """
    _edit(library, json_, lambda album: album.people.split(album.people.find(person), faces, name))


@app.command("move")
def move(person: Who, faces: Faces, library: options.Library = None, json_: options.Json = False) -> None:
    """Say that faces, wherever they are now, are this person's.

    Example: crossfind people move Grace 341
    """
    _edit(library, json_, lambda album: album.people.move(faces, album.people.find(person)))


@app.command("reject")
def reject(
    faces: Faces,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="They are no faces, or nobody's: posters, statues, strangers.")
    ] = False,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Say that faces are not who they were taken for.

    Example: crossfind people reject 341
    """

    def work(album: "Album") -> "Edit | None":
        return album.people.hide(faces) if nobody else album.people.reject(faces)

    _edit(library, json_, work)


@app.command("apart")
def apart(
    person: Who,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Who somebody else is.")],
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Say that two are not the same person, so that it is not suggested again.

    Example: crossfind people apart 12 Ada
    """
    _edit(
        library, json_, lambda album: album.people.part(album.people.find(person), album.people.find(other))
    )


@app.command("undo")
def undo(library: options.Library = None, json_: options.Json = False) -> None:
    """Take the last edit back; again for the one before."""
    _edit(library, json_, lambda album: album.people.undo(), "Undone: ")


@app.command("redo")
def redo(library: options.Library = None, json_: options.Json = False) -> None:
    """Do again what was undone last."""
    _edit(library, json_, lambda album: album.people.redo(), "Done again: ")


@app.command("history")
def history(library: options.Library = None, json_: options.Json = False) -> None:
    """Show the edits that can be undone, the last one first."""
    with _album(library) as album:
        done, names = album.people.history().done[::-1], album.names()
        told = [{"edit": edit.n, "at": edit.at.isoformat(), "did": album.told(edit, names)} for edit in done]
        if json_:
            print(json.dumps(told, ensure_ascii=False))
            return
        for edit in told:
            print(f"{edit['edit']:>5}  {str(edit['at'])[:16].replace('T', ' ')}  {edit['did']}")


@app.command("suggest")
def suggest(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many.")] = 20,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Show who may be the same person, the surest first. Nothing is ever joined unasked.

    Then: crossfind people merge Ada 12      or: crossfind people apart 12 Ada
    """
    with _album(library) as album:
        found = album.people.suggestions(limit)
        names = album.names()
        if json_:
            print(json.dumps([album.suggestion_json(one) for one in found], ensure_ascii=False))
            return
        for one in found:
            other = names.get(one.other) or one.other
            alike = f"{album.path(album.people.face(one.face)).name} is like "
            alike += album.path(album.people.face(one.like)).name
            print(f"{names.get(one.person) or one.person} may be {other}, {one.certainty:.0%} sure: {alike}")
        if not found:
            print("Nobody looks like somebody else.")


@app.command("forget")
def forget(
    person: Annotated[
        str | None, typer.Argument(metavar="[PERSON]", help="Whose name.", show_default=False)
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Delete all face data of the library, for good.")
    ] = False,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Forget the name of a person (which can be undone), or all that was learned of faces (which cannot).

    Examples: crossfind people forget Ada      crossfind people forget --all
    """
    if everything == (person is not None):
        raise typer.BadParameter("Name a person, or say --all.")
    if person is not None:
        _edit(library, json_, lambda album: album.people.forget(album.people.find(person)))
        return
    from app import bootstrap
    from search.people.records import FACE, REGIONS

    with closing(bootstrap.open_library(options.settings(library))) as opened, opened.writer() as writer:
        writer.switch_off(opened.switched_off | {bootstrap.FACES})
        found = [writer.drop_space(space) for space in (FACE, REGIONS)]
        count = max(writer.forget_people(), *found)
    if json_:
        print(json.dumps({"faces": count}))
        return
    print(
        f"{count} face{'' if count == 1 else 's'} deleted, with all names and edits; faces are switched off."
    )
    print("To find faces again: crossfind modalities on faces")


def _album(library: options.Library) -> Any:
    from app import people

    return people.opened(options.settings(library))


def _edit(
    library: options.Library, json_: bool, work: "Callable[[Album], Edit | None]", before: str = ""
) -> None:
    """Make one edit and tell what it did."""
    with _album(library) as album:
        edit = work(album)
        told = album.told(edit, album.names()) if edit else "It is so already."
    if json_:
        print(json.dumps({"edit": edit.n if edit else None, "did": told}, ensure_ascii=False))
        return
    way_back = "" if before or not edit else " Take it back with: crossfind people undo"
    print(f"{before}{told}{way_back}")
