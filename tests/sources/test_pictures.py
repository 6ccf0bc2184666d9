"""Pictures as municipalities send them: what comes out is small, upright and says nothing about where it was taken."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest
from PIL import Image, ImageCms, ImageDraw

from pipeline.errors import PictureError
from pipeline.sources.pictures import Prepared, find_picture, prepare_pictures


def photo(width: int, height: int) -> Image.Image:
    """Soft noise that compresses as a photograph does, its top left corner red, so that its way up can be told."""
    grain = Image.effect_noise((max(width // 25, 1), max(height // 25, 1)), 60).resize((width, height), Image.Resampling.BICUBIC)
    image = grain.convert("RGB")
    image.paste("red", (0, 0, width // 4, height // 4))
    return image


def screenshot(width: int, height: int) -> Image.Image:
    """A window with a frame and a few lines of text."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 20, width - 20, 80), fill="#1f5f8b")
    for line in range(120, height - 40, 60):
        pen.text((40, line), "COP29 side event  13:30-16:00", fill="black")
    return image


def lay(issue: Path, name: str, image: Image.Image | bytes, kind: str = "JPEG", **options: object) -> Path:
    """An original as it arrives in ``images/``."""
    path = issue / "images" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(image, bytes):
        path.write_bytes(image)
    else:
        image.save(path, kind, **options)
    return path


def prepared_image(picture: Prepared) -> Image.Image:
    """The prepared file, opened."""
    return Image.open(picture.path)


def only(issue: Path) -> Prepared:
    """The issue's single picture, prepared."""
    (picture,) = prepare_pictures(issue)
    return picture


def test_a_phone_photo_comes_out_upright_without_place_and_twice_the_display_width(tmp_path: Path) -> None:
    """A rotated 12-megapixel photo with GPS becomes an upright baseline JPEG of 1120 pixels, shown at 560, in well under two seconds."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 22.0)
    original = lay(tmp_path, "DSC 0001.JPG", photo(4032, 3024), quality=97, exif=exif, comment=b"SecretComment", dpi=(300, 300))
    assert b"SecretPhone" in original.read_bytes()
    start = time.perf_counter()
    picture = only(tmp_path)
    assert time.perf_counter() - start < 2
    image = prepared_image(picture)
    assert (picture.width, picture.height, image.size) == (560, 746, (1120, 1493))
    assert image.getpixel((1100, 20))[0] > 200 > image.getpixel((20, 20))[0]  # type: ignore[index]
    assert not image.getexif()
    assert set(image.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    data = Path(picture.path).read_bytes()
    assert b"Secret" not in data
    assert len(data) == picture.bytes <= 200_000


def test_small_pictures_are_never_enlarged(tmp_path: Path) -> None:
    """A picture of 300 pixels is kept at 300 and shown at 300."""
    lay(tmp_path, "small.jpg", photo(300, 200))
    picture = only(tmp_path)
    assert (picture.width, picture.height, prepared_image(picture).size) == (300, 200, (300, 200))


def test_a_screenshot_stays_sharp_png_and_a_photo_saved_as_png_becomes_jpeg(tmp_path: Path) -> None:
    """Drawn pictures stay PNG; photographs in a PNG do not weigh what they came with."""
    lay(tmp_path, "1-screen.png", screenshot(800, 500), "PNG")
    lay(tmp_path, "2-photo.png", photo(1200, 900), "PNG")
    screen, shot = prepare_pictures(tmp_path)
    assert screen.file.endswith(".png")
    assert shot.file.endswith(".jpg")
    assert max(screen.bytes, shot.bytes) <= 200_000


def test_even_noise_fits_the_limit(tmp_path: Path) -> None:
    """The most stubborn picture loses quality, then size, until it weighs 200 kB."""
    lay(tmp_path, "noise.png", Image.frombytes("RGB", (700, 700), random.Random(1).randbytes(700 * 700 * 3)), "PNG")  # noqa: S311
    assert only(tmp_path).bytes <= 200_000


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "LA", "RGBA", "I;16", "F"])
def test_every_pixel_format_becomes_eight_bit_srgb(tmp_path: Path, mode: str) -> None:
    """Print files, scans and transparent logos end as RGB with light where there was light."""
    ramp = Image.linear_gradient("L").resize((400, 300))
    image = ramp.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else ramp.convert(mode)
    lay(tmp_path, "scan.tif", image, "TIFF")
    result = prepared_image(only(tmp_path))
    assert result.mode == "RGB"
    low, high = cast("tuple[int, int]", result.convert("L").getextrema())
    assert low < 60
    assert high > 200


def test_a_foreign_colour_profile_is_converted_and_a_broken_one_ignored(tmp_path: Path) -> None:
    """Colours are those the profile means, the profile itself is gone; garbage in its place does no harm."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    lay(tmp_path, "1.jpg", Image.new("RGB", (50, 50), "#3366cc"), icc_profile=lab)
    lay(tmp_path, "2.jpg", Image.new("RGB", (50, 50), "#3366cc"), icc_profile=b"garbage")
    for picture in prepare_pictures(tmp_path):
        assert "icc_profile" not in prepared_image(picture).info


def test_transparency_becomes_white(tmp_path: Path) -> None:
    """A logo with black letters stays readable in a dark mail."""
    lay(tmp_path, "logo.png", Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG")
    assert prepared_image(only(tmp_path)).getpixel((5, 5)) == (255, 255, 255)


def test_of_an_animation_the_first_frame_is_used_and_said_so(tmp_path: Path) -> None:
    """An animated GIF becomes a still, with a note that says so and is kept."""
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("blue", "red")]
    lay(tmp_path, "film.gif", frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = only(tmp_path)
    assert prepared_image(picture).convert("RGB").getpixel((5, 5)) == (0, 0, 255)
    assert "最初の1枚" in picture.note
    assert find_picture(tmp_path, "images/film.gif") == picture


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("IMG_0001.HEIC", HEIC, "HEIC 形式"),
        ("renamed.jpg", HEIC, "HEIC 形式"),
        ("new.avif", b"\0\0\0\x1cftypavif\0\0\0\0mif1" + bytes(100), "AVIF"),
        ("film.jpg", b"\0\0\0\x18ftypisom\0\0\0\0mp42" + bytes(100), "動画"),
        ("text.png", b"not a picture at all", "読めません"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "読めません"),
        ("empty.jpg", b"", "空のファイル"),
        ("ちらし.PDF", b"%PDF-1.7", "写真に使えない形式"),
    ],
)
def test_what_cannot_be_used_is_named_with_a_way_out(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    """HEIC (also when renamed), films, rubbish and half-synced files stop with the file's name and what to do."""
    lay(tmp_path, name, data)
    with pytest.raises(PictureError) as caught:
        prepare_pictures(tmp_path)
    assert f"images/{name}" in str(caught.value)
    assert words in str(caught.value)


def test_a_truncated_photo_is_refused(tmp_path: Path) -> None:
    """Half a photo never goes out with a grey lower half."""
    original = lay(tmp_path, "half.jpg", photo(800, 600))
    original.write_bytes(original.read_bytes()[: original.stat().st_size // 2])
    with pytest.raises(PictureError, match="途中まで"):
        prepare_pictures(tmp_path)


@pytest.mark.parametrize("side", [9_500, 14_000])
def test_a_decompression_bomb_is_refused(tmp_path: Path, side: int) -> None:
    """A file of a few kilobytes that claims a billion pixels is refused before it is unpacked."""
    lay(tmp_path, "bomb.png", Image.new("1", (side, side)), "PNG")
    with pytest.raises(PictureError, match="画素が多すぎます"):
        prepare_pictures(tmp_path)


def test_flipped_bytes_end_in_a_picture_or_in_a_picture_error(tmp_path: Path) -> None:
    """Whatever a damaged file makes the decoder do, the editor is told, and no other exception gets out."""
    dice = random.Random(7)  # noqa: S311
    for kind in ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"):
        sound = io.BytesIO()
        photo(40, 30).save(sound, kind)
        for turn in range(25):
            data = bytearray(sound.getvalue())
            for _ in range(dice.randint(1, 12)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            issue = tmp_path / f"{kind}{turn}"
            lay(issue, "x.jpg", bytes(data))
            try:
                prepare_pictures(issue)
            except PictureError as error:
                assert "images/x.jpg" in str(error)  # noqa: PT017


def test_one_bad_picture_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """All good pictures are ready when the bad ones are named."""
    lay(tmp_path, "a.jpg", photo(100, 80))
    lay(tmp_path, "b.jpg", b"broken")
    lay(tmp_path, "c.heic", HEIC)
    with pytest.raises(PictureError) as caught:
        prepare_pictures(tmp_path)
    assert "images/b.jpg" in str(caught.value)
    assert "images/c.heic" in str(caught.value)
    assert find_picture(tmp_path, "images/a.jpg") is not None


def test_japanese_names_become_safe_ones_that_stay_apart(tmp_path: Path) -> None:
    """Names with kana, spaces and brackets become ASCII for URLs; the digest keeps them unique; the original's name still finds them."""
    lay(tmp_path, "会場の様子（1）.jpg", photo(100, 80))
    lay(tmp_path, "会場の様子（2）.jpg", photo(90, 80))
    lay(tmp_path, "Ｃａｆé 第4回 '25.jpg", photo(80, 80))
    files = {picture.source: picture.file for picture in prepare_pictures(tmp_path)}
    assert len(set(files.values())) == 3
    assert all(name.isascii() and " " not in name and name == name.lower() for name in files.values())
    assert files["images/Ｃａｆé 第4回 '25.jpg"].startswith("cafe-4-25-")
    found = find_picture(tmp_path, "images/会場の様子（2）.jpg")
    assert found is not None
    assert found.file == files["images/会場の様子（2）.jpg"]


@pytest.mark.parametrize(
    "source", ["ガイド.jpg", "images/ガイド.JPG", "./images/ガイド.jpg", "images\\ガイド.jpg", "images/%E3%82%AC%E3%82%A4%E3%83%89.jpg"]
)
def test_a_picture_is_found_as_editors_write_it(tmp_path: Path, source: str) -> None:
    """Case, Windows separators, composed kana and percent signs do not matter."""
    lay(tmp_path, "カ\u3099イト\u3099.jpg", photo(50, 40))
    prepare_pictures(tmp_path)
    assert find_picture(tmp_path, source) is not None


@pytest.mark.parametrize(
    "source",
    ["../secret.jpg", "images/../../secret.jpg", "/etc/passwd", "images/web/x.jpg", "", "https://example.jp/a.jpg", "a\0.jpg", "C:\\a.jpg"],
)
def test_names_that_lead_out_find_nothing(tmp_path: Path, source: str) -> None:
    """A draft cannot reach a file outside its own pictures."""
    lay(tmp_path / "issue", "a.jpg", photo(50, 40))
    lay(tmp_path, "../secret.jpg", photo(50, 40))
    prepare_pictures(tmp_path / "issue")
    assert find_picture(tmp_path / "issue", source) is None


def test_links_out_of_the_issue_are_refused(tmp_path: Path) -> None:
    """Neither an original nor a prepared file may be a link to somewhere else."""
    issue = tmp_path / "issue"
    outside = lay(tmp_path, "outside.jpg", photo(50, 40))
    lay(issue, "a.jpg", photo(60, 40))
    picture = only(issue)
    Path(picture.path).unlink()
    Path(picture.path).symlink_to(outside)
    assert find_picture(issue, "a.jpg") is None
    (issue / "images" / "link.jpg").symlink_to(outside)
    with pytest.raises(PictureError, match="リンク"):
        prepare_pictures(issue)


def test_an_index_that_somebody_changed_is_refused(tmp_path: Path) -> None:
    """The index is a file like any other: names with folders in it, or half a file, stop with the way out."""
    lay(tmp_path, "a.jpg", photo(60, 40))
    prepare_pictures(tmp_path)
    index = tmp_path / "images/web/pictures.json"
    rows = json.loads(index.read_text(encoding="utf-8"))
    for text in (json.dumps([{**rows[0], "file": "../../../x.jpg"}]), json.dumps([{**rows[0], "source": "../a.jpg"}]), "[{", "[1]", "{}x"):
        index.write_text(text, encoding="utf-8")
        with pytest.raises(PictureError, match="enews pictures"):
            find_picture(tmp_path, "a.jpg")


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    """Kept means kept: no file is touched, so no synced folder carries it around."""
    lay(tmp_path, "a.jpg", photo(600, 400))
    first = prepare_pictures(tmp_path)
    stamps = {}
    for path in (tmp_path / "images").rglob("*"):
        os.utime(path, ns=(1, 1))
        stamps[path] = path.stat().st_mtime_ns
    assert prepare_pictures(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "images").rglob("*")} == stamps


def test_the_bytes_depend_on_the_original_only(tmp_path: Path) -> None:
    """The same originals laid in another order elsewhere give the same files and the same index."""
    jobs = [("b.jpg", photo(300, 200)), ("a.png", screenshot(400, 300))]
    trees = []
    for folder, order in (("one", jobs), ("two", jobs[::-1])):
        for name, image in order:
            lay(tmp_path / folder, name, image, "PNG" if name.endswith("png") else "JPEG")
        prepare_pictures(tmp_path / folder)
        web = tmp_path / folder / "images/web"
        trees.append({path.name: path.read_bytes() for path in web.iterdir()})
    assert trees[0] == trees[1]
    assert len(trees[0]) == 3


def test_a_changed_original_is_stale_until_prepared_again(tmp_path: Path) -> None:
    """A photo that was replaced under the same name is told apart, even at the same size in bytes; a removed one is not missed."""
    original = lay(tmp_path, "a.bmp", Image.new("RGB", (50, 40), "red"), "BMP")
    before = only(tmp_path)
    assert not before.stale
    lay(tmp_path, "a.bmp", Image.new("RGB", (50, 40), "blue"), "BMP")
    found = find_picture(tmp_path, "a.bmp")
    assert found is not None
    assert found.stale
    after = only(tmp_path)
    assert not after.stale
    assert after.file != before.file
    original.unlink()
    kept = find_picture(tmp_path, "a.bmp")
    assert kept is not None
    assert not kept.stale


def test_a_prepared_file_that_somebody_edited_is_stale(tmp_path: Path) -> None:
    """Cropping the prepared file by hand would leave wrong measures on the page."""
    lay(tmp_path, "a.jpg", photo(60, 40))
    Path(only(tmp_path).path).write_bytes(b"x")
    found = find_picture(tmp_path, "a.jpg")
    assert found is not None
    assert found.stale


def test_looking_up_a_picture_does_not_import_pillow(tmp_path: Path) -> None:
    """A build only looks pictures up, and pays nothing for Pillow; preparing does import it, so the question can be answered no."""
    lay(tmp_path, "a.jpg", photo(60, 40))
    prepare_pictures(tmp_path)
    code = (
        "import sys, pathlib; from pipeline.sources.pictures import find_picture as f, prepare_pictures as p; d = pathlib.Path(sys.argv[1]);"
        "assert f(d, 'a.jpg'); p(d); print('PIL' in sys.modules, end=' ');"
        "(d / 'images/b.gif').write_bytes((d / 'images/a.jpg').read_bytes()); p(d); print('PIL' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert result.stdout.split() == ["False", "True"]
