"""A seed in, a whole workspace with a 25-item Japanese issue on disk out: drafts, five reviewed case studies, thirteen prepared pictures.

The same seed gives the same bytes. It writes what an editor would write (soft line breaks, bare URLs, a table, bullets) and prepares and
reviews it through the pipeline's own doors, so that it builds without a finding. It must never be fitted to what the pipeline is quick at.
"""

from __future__ import annotations

import hashlib
import io
import random
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from pipeline.config import MASTHEAD, read_masthead
from pipeline.model import PATHWAYS, japanese_date
from pipeline.sources.casework import review_case
from pipeline.sources.frontmatter import ARTICLE, CASE, ISSUE, Keys, compose
from pipeline.sources.pictures import prepare_pictures
from tests.bench.words import CITIES, COUNTRIES, CREDITS, ENGLISH, HEADLINES, SENTENCES, TOWNS, WORDS
from tests.builders import ROOT

SLUG = "2025-01"
DAY = date(2025, 1, 31)
FEED = "bench-office"
CASES = 5
PICTURES = 13
CASE_PICTURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a section of the issue holds: how many items, and of which kind."""

    section: str
    items: int
    kind: str
    pictures: int = 0


PLANS = (
    Plan(section="イクレイ日本の活動", items=4, kind="report", pictures=3),
    Plan(section="会員自治体ニュース", items=6, kind="invitation", pictures=5),
    Plan(section="国内外の動き", items=4, kind="report", pictures=2),
    Plan(section="イベントカレンダー", items=3, kind="event"),
    Plan(section="募集・お知らせ", items=2, kind="notice"),
    Plan(section="編集後記", items=1, kind="note"),
)

Fields = dict[str, str | tuple[str, ...]]


class Writer:
    """Sentences, headlines and addresses from one seed; no headline and no address comes twice."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311  # no secret: the same seed must give the same words
        self._used: set[str] = set()
        self.city, self.host = CITIES[0]

    def move(self) -> None:
        """Speak of another municipality from here on."""
        self.city, self.host = self._dice.choice(CITIES)

    def day(self, first: int, last: int) -> date:
        """A day between ``first`` and ``last`` days after the issue."""
        return DAY + timedelta(days=self._dice.randint(first, last))

    def fill(self, pattern: str) -> str:
        """The pattern with every gap filled."""
        words = {name: self._dice.choice(choices) for name, choices in WORDS.items()}
        for name in ("who", "theme"):
            words[name], words[f"{name}2"] = self._dice.sample(WORDS[name], 2)
        numbers = {"n": self._dice.randint(11, 980), "k": self._dice.randint(2, 9)}
        words["effect"] = words["effect"].format(**numbers)
        return pattern.format(city=self.city, day=japanese_date(self.day(2, 50), year=False), **numbers, **words)

    def sentences(self, count: int) -> list[str]:
        """That many sentences, no two of one pattern."""
        return [self.fill(pattern) for pattern in self._dice.sample(SENTENCES, count)]

    def headline(self) -> str:
        """A title that no other item has."""
        return self._new(lambda: self.fill(self._dice.choice(HEADLINES)))

    def english(self) -> str:
        """A title of a foreign post."""
        return self._new(lambda: " ".join(self._dice.sample(ENGLISH, 7)))

    def url(self) -> str:
        """An address at the municipality, short or long as they come."""
        number, parts = self._dice.randint(1000, 9999), self._dice.choice(("kankyo", "kankyo/seisaku/project", "news/2025", "event"))
        return self._new(lambda: f"https://www.example.jp/{self.host}/{parts}/{number + self._dice.randint(0, 999)}.html")

    def _new(self, make: object) -> str:
        assert callable(make)
        text = str(next(text for text in iter(make, None) if text not in self._used))
        self._used.add(text)
        return text


def compose_drafts(seed: int) -> dict[str, str]:
    """File name → text of everything that an editor writes, pictures apart: ``issue.md``, the articles, and the cases with their sources."""
    writer = Writer(seed)
    drafts = {f"issues/{SLUG}/issue.md": _head(writer)}
    number = 0
    for plan in PLANS:
        for position in range(plan.items):
            number += 1
            writer.move()
            picture = f"images/{_picture_name(_picture_number(plan, position))}" if position < plan.pictures else ""
            drafts[f"issues/{SLUG}/{number * 5:03}-{plan.kind}.md"] = _article(plan, writer, picture, position)
    for position in range(CASES):
        writer.move()
        drafts |= _case(writer, position)
    return drafts


def _picture_number(plan: Plan, position: int) -> int:
    """Pictures are counted through the sections."""
    return sum(other.pictures for other in PLANS[: PLANS.index(plan)]) + position


def _picture_name(number: int) -> str:
    return f"photo{number + 1:02}.jpg"


def _head(writer: Writer) -> str:
    fields: Fields = {
        "edition": "monthly",
        "date": DAY.isoformat(),
        "subject": "イクレイ日本e-News 2025年1月号｜計測用の見本",
        "lead_line": "今号：計測用の見本／海外事例5件／イベント3件",
        "cases": tuple(f"{FEED}/{_stem(position)}" for position in range(CASES)),
    }
    return _text(fields, "".join(writer.sentences(4)), ISSUE)


def _text(fields: Fields, body: str, keys: Keys) -> str:
    return compose({key: value for key, value in fields.items() if value}, body, keys=keys)


def _article(plan: Plan, writer: Writer, picture: str, position: int) -> str:
    title = writer.headline()
    fields: Fields = {"title": title, "section": plan.section, "image": picture}
    if picture:
        fields |= {"alt": f"{writer.city}の{title[:12]}の様子", "credit": CREDITS[position % len(CREDITS)]}
    if plan.kind in ("report", "invitation"):
        fields |= {"municipalities": (writer.city,), "link": writer.url(), "department": f"{writer.city} 環境部 環境政策課"}
    if plan.kind == "report":
        fields["tag"] = "開催報告"
    if plan.kind == "invitation":
        fields |= {
            "tag": "参加者募集",
            "deadline": writer.day(8, 30).isoformat(),
            "apply": writer.url(),
            "fee": "無料",
            "place": "オンライン",
        }
        fields |= {"start": f"{writer.day(31, 55).isoformat()} 13:30～16:00", "contact": f"kankyo@{writer.host}.example.jp"}
    if plan.kind == "event":
        fields |= {"start": writer.day(20, 58).isoformat(), "place": f"{writer.city}民会館", "host": writer.city, "link": writer.url()}
    return _text(fields, _body(plan.kind, writer, position), ARTICLE)


def _body(kind: str, writer: Writer, position: int) -> str:
    """Long for reports and invitations, a few lines for the rest."""
    if kind in ("event", "note", "notice"):
        return {"event": "", "note": "".join(writer.sentences(4))}.get(kind, f"{''.join(writer.sentences(3))}\n\n{writer.url()}")
    blocks = ["\n".join(writer.sentences(4)), "".join(writer.sentences(3)), _extra(writer, position)]
    return "\n\n".join(blocks)


def _extra(writer: Writer, position: int) -> str:
    """What editors put between paragraphs, each kind in turn."""
    lines = writer.sentences(3)
    match position % 6:
        case 0:
            return (
                "\n".join(f"- {line}" for line in lines)
                + f"\n\n資料は[{writer.city}のページ]({writer.url()})と、{writer.url()} にあります。"
            )
        case 1:
            return f"#### {writer.fill('{theme}のこれから')}\n\n**{lines[0]}**{lines[1]}詳しい数字は[報告書（PDF）]({writer.url()})をご覧ください。"
        case 2:
            rows = [
                f"| {japanese_date(writer.day(5, 40), year=False)} | {writer.fill('{action}')} | {writer.fill('{place}')} |" for _ in lines
            ]
            return "\n".join(["| 月日 | 内容 | 場所 |", "|---|---|---|", *rows, "", f"日程の変更は{writer.url()}でお知らせします。"])
        case 3:
            return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) + f"\n\n関連：{writer.url()}、{writer.url()}"
        case 4:
            return f"{lines[0]}\n{lines[1]}\n\n> {lines[2]}\n\n続きは[特集]({writer.url()})で。"
        case _:
            return f"{lines[0]}［1］{writer.url()}　［2］{writer.url()}"


def _stem(position: int) -> str:
    return f"2024-12-{position + 10}-bench-case-{position + 1}"


def _case(writer: Writer, position: int) -> dict[str, str]:
    """A source and its Japanese, translated and waiting for review."""
    original = writer.english()
    story = "\n\n".join(" ".join([writer.english() + "." for _ in range(4)]).capitalize() for _ in range(3))
    shared: Fields = {
        "feed": FEED,
        "entry_id": f"urn:bench:{position}",
        "url": f"https://www.example.org/news/{_stem(position)}/",
        "original_title": original,
        "publisher": "見本事務局",
        "country": COUNTRIES[position],
        "language": "en",
        "published": f"2024-12-{position + 10}",
        "source_digest": hashlib.sha256(story.encode()).hexdigest()[:16],
    }
    japanese: Fields = {
        "title": writer.headline(),
        "summary": "".join(writer.sentences(3)),
        "pathway": PATHWAYS[position],
        "city": TOWNS[position],
        "translator": "編集部",
        "visibility": "public",
        **shared,
    }
    if position < CASE_PICTURES:
        name = _picture_name(PICTURES - CASE_PICTURES + position)
        japanese |= {"image": f"images/{name}", "alt": f"{TOWNS[position]}の街並み", "credit": "見本事務局"}
    folder = f"issues/cases/{FEED}/{_stem(position)}"
    body = "\n\n".join("".join(writer.sentences(5)) for _ in range(3))
    return {f"{folder}.source.md": _text(shared, story, CASE), f"{folder}.md": _text(japanese, body, CASE)}


@cache
def draw_picture(number: int) -> bytes:
    """A JPEG like a small photo: a sky, hills, and some noise that keeps it from being compressed to nothing."""
    dice = random.Random(number)  # noqa: S311  # as above
    width, height = 1400, 933
    picture = Image.new("RGB", (width, height), (dice.randint(120, 200), dice.randint(160, 220), dice.randint(200, 250)))
    pen = ImageDraw.Draw(picture)
    for layer in range(60):
        x, y, size = dice.randint(-200, width), height * layer // 60, dice.randint(80, 400)
        pen.ellipse((x, y, x + 3 * size, y + size), fill=(dice.randint(30, 160), dice.randint(80, 200), dice.randint(30, 140)))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(3)).save(out, "JPEG", quality=92)
    return out.getvalue()


def write_pictures(folder: Path) -> None:
    """Draw the originals into ``issues/…/images/`` of the workspace ``folder`` and prepare them as ``enews pictures`` does."""
    for number in range(PICTURES):
        owner = folder / "issues" / (SLUG if number < PICTURES - CASE_PICTURES else f"cases/{FEED}")
        (owner / "images").mkdir(parents=True, exist_ok=True)
        (owner / "images" / _picture_name(number)).write_bytes(draw_picture(number))
    prepare_pictures(folder / "issues" / SLUG)
    prepare_pictures(folder / "issues" / "cases" / FEED)


def write_workspace(folder: Path, seed: int, *, pictures: Path | None = None) -> Path:
    """Write the whole workspace anew, with the checkout's masthead; ``pictures`` is a workspace whose prepared pictures are taken over."""
    shutil.rmtree(folder, ignore_errors=True)
    if pictures:
        shutil.copytree(pictures / "issues", folder / "issues", ignore=shutil.ignore_patterns("*.md"))
    else:
        write_pictures(folder)
    for name, text in compose_drafts(seed).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / MASTHEAD).write_bytes((ROOT / MASTHEAD).read_bytes())
    masthead = read_masthead(folder)
    for position in range(CASES):
        review_case(folder, masthead, f"{FEED}/{_stem(position)}", by="見本花子", today=DAY)
    return folder
