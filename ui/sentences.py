"""Sentences that the program says and the window shows: marked here, so that they are translated, too.

Only whole ones stand here. What names a file or a value in its midst is shown in English, as it is said.
"""

from ui.language import mark

SENTENCES = (
    mark("No model for scene search is installed."),
    mark("No model for meaning search is installed."),
    mark("No model for text in pictures is installed."),
    mark("No model for speech search is installed."),
    mark("No model for sound search is installed."),
    mark("No model for object search is installed."),
    mark("No model for face search is installed."),
    mark("No model for the best order is installed."),
    mark("No model for faces is installed."),
    mark("No file has been indexed for speech search."),
    mark("No face is known in this library."),
    mark("The search was cancelled."),
    mark("The query is empty."),
    mark("Type what you are looking for."),
    mark("This cannot be read."),
    mark("This bracket is not closed."),
    mark("Add a ) at its end."),
    mark("This quote is not closed."),
    mark('Add a " at its end.'),
    mark("This closing bracket has no opening one."),
    mark("There is nothing between these brackets."),
    mark("There is nothing between these quotes."),
    mark("Take some brackets away."),
    mark("Leave one of them away."),
    mark("Wait until it is done, or stop it."),
    mark("Make the library's folder writable."),
    mark("Take another name."),
    mark("A name is one line of text."),
    mark("These are all faces of this person."),
    mark("Leave out those that are right."),
)
