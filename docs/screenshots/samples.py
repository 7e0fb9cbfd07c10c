"""Makes a folder with every kind of file for the screenshots, out of the samples that ship with the program.

    python docs/screenshots/samples.py DIR

Photos and documents are copied; variants of them stand for further shots. The film is a slide show of them with
titles, a rumble and subtitles; the sounds are computed. Nothing comes from elsewhere.
"""

import shutil
import sys
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

sys.path.insert(0, str(Path(__file__).parents[2]))
import resources

SIZE = (640, 480)
FPS, RATE = 10, 16_000
SCENES = (
    ("portraits/astronaut.jpg", 6, "Commander Collins", "Good morning from the pad. The crew is ready."),
    ("trips/rocket launch.jpg", 8, "LIFTOFF", "Three, two, one, and liftoff of the shuttle."),
    ("sky/moon.jpg", 5, "Day 2", "Outside the window, the moon is rising."),
    ("sky/galaxies.jpg", 6, "Deep field", "Every speck of light here is a galaxy."),
)
FACE = "portraits/astronaut.jpg"


def main(folder: Path) -> None:
    """Make the folder; what is in it already stays."""
    samples = resources.path("samples")
    shutil.copytree(samples, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.md"))
    portraits(samples / FACE, folder / "portraits")
    (folder / "films").mkdir(exist_ok=True)
    (folder / "sounds").mkdir(exist_ok=True)
    film(samples, folder / "films" / "launch day.mp4")
    for name, sound in (("rain on the roof", rain(6)), ("church bell", bell(6)), ("engine", rumble(6))):
        write_sound(folder / "sounds" / f"{name}.wav", sound)


def portraits(path: Path, folder: Path) -> None:
    """Further shots of one face: closer, mirrored, darker, without colours."""
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    width, height = whole.size
    near = whole.crop((width // 5, 0, width * 4 // 5, height * 3 // 5))
    shots = {
        "press photo": near,
        "mirror": ImageOps.mirror(whole),
        "evening": ImageEnhance.Brightness(near).enhance(0.6),
        "album, page 3": ImageOps.grayscale(whole).convert("RGB"),
    }
    for name, shot in shots.items():
        shot.save(folder / f"{name}.jpg", quality=90)


def film(samples: Path, path: Path) -> None:
    """A film of all scenes with titles, sound and subtitles beside it."""
    seconds = sum(length for _, length, _, _ in SCENES)
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=FPS)
        pictures.width, pictures.height, pictures.pix_fmt, pictures.bit_rate = *SIZE, "yuv420p", 2_000_000
        sounds = container.add_stream("aac", rate=RATE, layout="mono")
        for picture in frames(samples):
            container.mux(pictures.encode(av.VideoFrame.from_image(picture)))
        container.mux(pictures.encode())
        samples_ = rumble(seconds)
        for first in range(0, len(samples_), 1024):
            piece = av.AudioFrame.from_ndarray(samples_[None, first : first + 1024], "fltp", "mono")
            piece.rate, piece.pts, piece.time_base = RATE, first, Fraction(1, RATE)
            container.mux(sounds.encode(piece))
        container.mux(sounds.encode())
    path.with_suffix(".vtt").write_text("\n".join(subtitles()), encoding="utf-8")


def frames(samples: Path) -> Iterator[Image.Image]:
    """The frames: each scene is slowly drawn nearer, its title below."""
    font = ImageFont.load_default(34)
    for name, length, title, _ in SCENES:
        with Image.open(samples / name) as opened:
            scene = ImageOps.fit(opened.convert("RGB"), (SIZE[0] * 5 // 4, SIZE[1] * 5 // 4))
        for number in range(length * FPS):
            share = 1 - 0.12 * number / (length * FPS)
            width, height = round(scene.width * share), round(scene.height * share)
            left, top = (scene.width - width) // 2, (scene.height - height) // 4
            shown = scene.crop((left, top, left + width, top + height)).resize(SIZE)
            draw = ImageDraw.Draw(shown)
            draw.text((24, SIZE[1] - 60), title, "white", font, stroke_width=2, stroke_fill="black")
            yield shown


def subtitles() -> Iterator[str]:
    """The lines of a WebVTT file."""
    yield "WEBVTT\n"
    begin = 0
    for _, length, _, said in SCENES:
        yield f"00:00:{begin:02}.500 --> 00:00:{begin + length - 1:02}.500\n{said}\n"
        begin += length


def rumble(seconds: float) -> NDArray[np.float32]:
    """A deep noise that swells and fades."""
    noise = np.random.default_rng(5).normal(0, 1, round(seconds * RATE))
    deep = np.convolve(noise, np.ones(120) / 120, "same")
    return np.float32(2.5 * deep * (0.4 + 0.6 * np.sin(np.linspace(0, np.pi, len(deep)))))


def rain(seconds: float) -> NDArray[np.float32]:
    """Steady noise with single drops."""
    generator = np.random.default_rng(6)
    noise = 0.08 * generator.normal(0, 1, round(seconds * RATE))
    drops = (generator.random(len(noise)) > 0.998) * generator.random(len(noise))
    return np.float32(noise + np.convolve(drops, np.exp(-np.arange(200) / 30), "same"))


def bell(seconds: float) -> NDArray[np.float32]:
    """Partials of a bell that is struck every two seconds."""
    t = np.arange(round(seconds * RATE)) / RATE
    struck = t % 2
    partials = ((220, 1.0, 1.2), (440, 0.8, 0.9), (528, 0.6, 0.7), (660, 0.5, 0.5), (880, 0.4, 0.4), (1190, 0.2, 0.2))
    return np.float32(0.2 * sum(a * np.sin(2 * np.pi * f * t) * np.exp(-struck / d) for f, a, d in partials))


def write_sound(path: Path, sound: NDArray[np.float32]) -> None:
    """Write 16 bits, mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32_000).astype("<i2").tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
