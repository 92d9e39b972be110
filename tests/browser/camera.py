"""A camera for Chromium that sees what we want: a film of QR codes, fed to its fake capture device.

    film = make_video(tmp_path / "tickets.y4m", [Shot(qr.svg(code)), Shot(None)])
    browser = playwright.chromium.launch(args=launch_flags(film))

One browser per film, because the film is a switch at its start. It plays from the beginning each time a camera opens,
and over again when it has ended.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (1280, 720)
# Each is painted and looked at for codes: thirty a second, as bare JPEG pictures are played, keep a core busy for as
# long as the page is open.
FRAMES_PER_SECOND = 5
_STRETCH = re.compile(r"M(\d+) (\d+)h(\d+)v1")
_DESK = (118, 112, 104)


@dataclass(frozen=True)
class Shot:
    """What the camera sees for so many seconds.

    A QR code as the text of our own SVG, as a picture file or as a picture; None is an empty desk.
    """

    qr: str | Path | Image.Image | None
    seconds: float = 1.0


def make_video(path: Path, shots: Iterable[Shot] | str | Path | Image.Image) -> Path:
    """Write the film (a .y4m) and answer its path. A bare QR code is a film of that code alone."""
    if isinstance(shots, (str, Path, Image.Image)):
        shots = [Shot(shots)]
    with path.open("wb") as film:
        film.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (*SIZE, FRAMES_PER_SECOND))
        for shot in shots:
            picture = b"FRAME\n" + _planes(_frame(shot.qr))
            for _ in range(max(1, round(shot.seconds * FRAMES_PER_SECOND))):
                film.write(picture)
    return path


def launch_flags(film: Path | None) -> list[str]:
    """Switches for a Chromium whose camera plays this film; without a film it has a camera that nobody may use."""
    usual = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    usual += ["--disable-sync", "--disable-component-update"]
    usual += ["--use-fake-device-for-media-stream"]
    if film is None:
        return [*usual, "--deny-permission-prompts"]
    return [*usual, "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]


def qr_picture(svg: str, *, pixels_per_module: int = 12) -> Image.Image:
    """The picture that eventapp.documents.qr drew as SVG, quiet zone included. Refuses other SVG with ValueError."""
    side = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    stretches = _STRETCH.findall(svg)
    if side is None or not stretches:
        raise ValueError("not a QR code of ours")
    picture = Image.new("L", (int(side[1]), int(side[1])), 255)
    pen = ImageDraw.Draw(picture)
    for column, row, length in (map(int, found) for found in stretches):
        pen.line([(column, row), (column + length - 1, row)], fill=0)
    return picture.resize([pixels_per_module * n for n in picture.size], Image.Resampling.NEAREST)


def _frame(qr: str | Path | Image.Image | None) -> Image.Image:
    """The code held before the camera, in the middle and as high as two thirds of the picture."""
    frame = Image.new("RGB", SIZE, _DESK)
    if qr is None:
        return frame
    if isinstance(qr, str):
        qr = qr_picture(qr)
    picture = Image.open(qr) if isinstance(qr, Path) else qr
    side = SIZE[1] * 2 // 3
    picture = picture.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    frame.paste(picture, ((SIZE[0] - side) // 2, (SIZE[1] - side) // 2))
    return frame


def _planes(picture: Image.Image) -> bytes:
    """Light of each point, then both colours of each four points."""
    light, *colours = picture.convert("YCbCr").split()
    half = (picture.width // 2, picture.height // 2)
    return b"".join([light.tobytes(), *(colour.resize(half).tobytes() for colour in colours)])
