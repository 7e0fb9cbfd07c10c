import pickle

from indexers.picture_pieces import picture_pieces
from search.records import Page
from search.spaces import PictureInput

SPACES = {
    "text": None,
    "scene": PictureInput(64, 64),
    "look": PictureInput(64, 64),
    "phash": PictureInput(8, 8),
}


def test_every_space_that_takes_pictures_gets_one(picture):
    pieces = picture_pieces(Page(2), picture(1), SPACES)
    assert [(piece.space, piece.locator, piece.payload.shape) for piece in pieces] == [
        ("scene", Page(2), (64, 64, 3)),
        ("look", Page(2), (64, 64, 3)),
        ("phash", Page(2), (8, 8, 3)),
    ]


def test_spaces_that_take_it_alike_share_the_pixels_on_the_way_to_the_model_too(picture):
    for pieces in (sent := picture_pieces(Page(1), picture(1), SPACES), pickle.loads(pickle.dumps(sent))):
        scene, look, phash = (piece.payload for piece in pieces)
        assert scene is look
        assert scene is not phash
    assert len(pickle.dumps(sent)) < 2 * 64 * 64 * 3
