"""Sentences of one kind about people, places and things, and what can be asked of them."""

VALUES = {
    "who": (
        "baker",
        "sailor",
        "teacher",
        "farmer",
        "singer",
        "doctor",
        "painter",
        "soldier",
        "child",
        "king",
    ),
    "look": ("old", "tired", "happy", "angry", "young", "quiet", "tall", "lonely"),
    "thing": ("boat", "clock", "horse", "piano", "letter", "hat", "bicycle", "lamp", "drum", "kite", "cake"),
    "colour": ("red", "blue", "green", "yellow", "black", "white", "golden", "brown"),
    "place": ("river", "church", "station", "forest", "market", "beach", "castle", "bridge", "garden"),
}
FACTS = (
    (
        "The {look} {who} sold a {colour} {thing} near the {place}.",
        "near which {place} did a {look} {who} sell the {thing} that was {colour}",
    ),
    (
        "At the {place} a {colour} {thing} was lost by the {look} {who}.",
        "who lost a {thing}, {colour}, at the {place}: the {look} {who}",
    ),
    (
        "Behind the {place} the {look} {who} repaired the {colour} {thing}.",
        "{look} {who} mending the {colour} {thing} behind a {place}",
    ),
)
FILLER = (
    "The minutes of the meeting were read and nobody objected.",
    "Rain fell on most days of the month, and the river rose.",
    "A committee was asked to look into the matter again.",
    "Visitors are kindly asked to leave their umbrellas at the door.",
    "The report of the treasurer was heard with attention.",
)
