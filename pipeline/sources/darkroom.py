"""One original in (hostile bytes), one picture fit for a mail out: upright, sRGB, small, with nothing in it but pixels.

The only file that imports Pillow, because that takes longer than a whole build. It reads and writes no file, and it must never let metadata
through (phones write the place into it) nor make a picture larger than it came.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageCms, ImageOps

from pipeline.errors import PictureError

MAX_BYTES = 200_000
MAX_PIXELS = 80_000_000
QUALITIES = (85, 80, 75, 70, 65, 60)
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
# What Pillow's decoders are known to raise on files that lie about themselves.
BROKEN = (
    *(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, MemoryError, NotImplementedError),
    *(SyntaxError, EOFError, struct.error, zlib.error),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_HEIC_HELP = (
    "は iPhone の HEIC 形式で、メールに使えません。JPEG に変えてください。"
    "Windows：写真を「フォト」で開き「…」→「名前を付けて保存」で種類を .jpg にする。"
    "iPhone：「設定」→「カメラ」→「フォーマット」で「互換性優先」を選ぶか、写真を自分あてにメールで送る。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """The finished file: its bytes, ``.jpg`` or ``.png``, its own size in pixels, and a Japanese word on what a person should know."""

    data: bytes
    suffix: str
    width: int
    height: int
    note: str = ""


def develop(data: bytes, name: str, *, width: int) -> Developed:
    """The picture at most ``width`` pixels wide and ``MAX_BYTES`` heavy; ``PictureError`` names ``name`` and says how to get a usable one.

    Transparent parts become white: in a dark mail a logo with black letters would vanish.
    """
    refuse_heic(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _developed(data, name, width)
    except Image.DecompressionBombError:
        raise PictureError(_too_large(name)) from None
    except BROKEN:
        raise PictureError(
            f"{name} を画像として読めません（壊れているか、途中までしか届いていません）。"
            "ペイントなどで開けるか確かめ、開けなければ送り直してもらってください。"
        ) from None


def refuse_heic(data: bytes, name: str) -> None:
    """Raise for a HEIC or AVIF file, whatever it is called: phones and mail programs rename them to .jpg."""
    if data[4:8] != b"ftyp":
        return
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(len(data), 64), 4))}
    if brands & {b"avif", b"avis"}:
        raise PictureError(f"{name} は AVIF 形式で、メールに使えません。ペイントで開き、「名前を付けて保存」で JPEG にしてください。")
    if brands & _HEIF_BRANDS:
        raise PictureError(f"{name} {_HEIC_HELP}")
    raise PictureError(f"{name} は動画です。メールには載せられないため、静止画にするか、動画のページへのリンクにしてください。")


def _developed(data: bytes, name: str, width: int) -> Developed:
    with Image.open(io.BytesIO(data), formats=FORMATS) as original:
        if original.width * original.height > MAX_PIXELS:
            raise PictureError(_too_large(name))
        lossy = original.format in {"JPEG", "MPO"}
        moves = original.format != "MPO" and getattr(original, "n_frames", 1) > 1
        original.draft(None, (width, width))
        picture = _fitted(_flat(_upright(original)), width)
    file, suffix, size = _lightest(picture, lossy=lossy)
    note = "動く画像（または複数ページ）のため、最初の1枚だけを使います。" if moves else ""
    return Developed(data=file, suffix=suffix, width=size[0], height=size[1], note=note)


def _too_large(name: str) -> str:
    return f"{name} は画素が多すぎます（上限 {MAX_PIXELS // 1_000_000}00万画素）。ペイントの「サイズ変更」などで横 4000 ピクセルくらいにしてください。"


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:  # broken metadata is no reason to lose the picture; broken pixels fail again when they are read
        return image


def _flat(image: Image.Image) -> Image.Image:
    """The same picture as 8-bit sRGB on white, carrying no metadata at all."""
    profile = image.info.get("icc_profile")
    image = _eight_bits(image)
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(_in_srgb(image, profile), mask=alpha)
    return canvas


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scans of 16 or 32 bits a pixel, which Pillow would cut off at 255, spread over 8."""
    if image.mode[0] not in "IF":
        return image
    floats = image.convert("F")
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else cast("tuple[float, float]", floats.getextrema())
    scale = 255 / ((high - low) or 1)
    return floats.point(lambda value: value * scale - low * scale).convert("L")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in {"RGB", "CMYK", "L", "LAB"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, *BROKEN):
            converted = None  # a broken or foreign profile: the plain conversion below is better than no picture
        if converted:
            return converted
    return image.convert("RGB")


def _fitted(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _lightest(image: Image.Image, *, lossy: bool) -> tuple[bytes, str, tuple[int, int]]:
    """PNG for what was drawn (letters stay sharp) unless JPEG is far smaller; then less quality, then fewer pixels."""
    if not lossy and len(_saved(image, "PNG")) <= min(MAX_BYTES, 2 * len(_jpeg(image, QUALITIES[0]))):
        return _saved(image, "PNG", optimize=True), ".png", image.size
    while True:
        for quality in QUALITIES:
            data = _jpeg(image, quality)
            if len(data) <= MAX_BYTES:
                return data, ".jpg", image.size
        image = image.resize((max(1, image.width * 4 // 5), max(1, image.height * 4 // 5)), Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    return _saved(image, "JPEG", quality=quality, optimize=True, progressive=False)


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
