"""Issues made by hand, one of each edition, with everything that the HTML edition can show: invented items belong to みほん市 and example.jp."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

from pipeline.config import read_masthead
from pipeline.model import Article, Correction, EarlierIssue, Issue, Moment, Origin, Picture, Place, Section
from pipeline.render import page_of
from pipeline.render.outline import Page

ROOT = Path(__file__).parents[2]
TEMPLATES = (ROOT / "templates",)
MASTHEAD = read_masthead(ROOT)
PLACE = Place(path="issues/2025-01/10-mihon.md")

PROSE = (
    "みほん市は、市民や事業者の皆様とともに、資源循環と生物多様性の保全を一体で進める取組を始めました。学校給食の食べ残しを減らす工夫や、"
    "地域の農家と連携した堆肥づくりなど、身近なところから暮らしを見直す活動が広がっています。"
)
MORE = (
    "当日は、自治体の担当者や研究者など約80名が参加し、各地の事例をもとに意見を交わしました。今後は、得られた知見を取りまとめ、"
    "会員自治体の皆様に共有する予定です。詳しくは https://www.example.jp/report をご覧ください。"
)


def moment(day: date, text: str, begins: time | None = None, ends: time | None = None) -> Moment:
    """A moment as the front matter would give it."""
    return Moment(text=text, first=day, last=day, begins=begins, ends=ends)


def article(slug: str, title: str, section: str, **more: object) -> Article:
    """An item of みほん市 with two paragraphs, unless told otherwise."""
    values: dict[str, object] = {"body": f"{PROSE}\n\n{MORE}", "municipalities": ("みほん市",), **more}
    return Article(slug=slug, title=title, section=section, place=PLACE, **values)  # type: ignore[arg-type]


def picture(name: str, width: int = 560, height: int = 315, credit: str = "図：編集部") -> Picture:
    """A prepared picture ``name`` that a draft calls ``images/<name>.png``."""
    return Picture(
        file=f"{name}-0a1b2c3d.jpg",
        path=f"issues/2025-01/images/web/{name}-0a1b2c3d.jpg",
        width=width,
        height=height,
        bytes=60_000,
        alt="みほん市の取組を表した図",
        credit=credit,
        source=f"images/{name}.png",
        place=PLACE,
    )


def origin(**more: object) -> Origin:
    """A reviewed case of an overseas office."""
    values: dict[str, object] = {
        "feed": "europe",
        "entry_id": "x",
        "url": "https://iclei-europe.example.org/news/?a=1&b=2",
        "title": "Closing the loop: food and <circular> cities",
        "publisher": "ICLEI Europe",
        "language": "en",
        "country": "フィンランド",
        "city": "トゥルク市",
        "published": date(2024, 12, 10),
        "source_digest": "",
        "translator": "イクレイ日本",
        "reviewer": "編集部",
        "licence": "",
        "visibility": "public",
        "machine": True,
        "state": "校閲済",
    }
    return Origin(**{**values, **more})  # type: ignore[arg-type]


SUMMARY = (
    "トゥルク市は、食と資源循環を都市政策の柱に据え、給食の調達から食品廃棄物の活用までを一つの計画で結びました。市内の学校では量り売りと"
    "予約制を組み合わせ、食べ残しを減らしています。担当部局を越えた小さな会議体が、計画と現場をつないでいます。"
)
CASE_BODY = f"""## 要点

- 学校給食の食べ残しを計量し、月ごとに公開
- 調達と廃棄物の担当が同じ会議体で予算を決定

## 背景

{PROSE}

| 年度 | 食べ残し（t） | 参加校 |
| --- | ---: | ---: |
| 2022 | 120 | 14 |
| 2023 | 96 | 22 |

## 成果と課題

{MORE}
"""


def case(slug: str, title: str, pathway: str, **more: object) -> Article:
    """A case study with all its parts."""
    values: dict[str, object] = {"body": CASE_BODY, "summary": SUMMARY, "pathway": pathway, "municipalities": (), "origin": origin(), **more}
    return article(slug, title, "overseas", **values)


def monthly() -> Issue:
    """Fifteen items in seven sections."""
    photo, drawing = picture("event", credit="©みほん市"), picture("circle", 480, 300)
    activities = (
        article("10-cafe", "第4回イクレイカフェを開催（1月15日）", "activities", prefix="", municipalities=(), tag="開催報告", image=photo, pictures=(photo,)),
        article("11-forum", "都市の自然フォーラムに参加", "activities", prefix="イクレイ会員4自治体", link="https://www.example.jp/forum/", link_note="英語"),
    )
    members = (
        article(
            "20-mihon",
            "市民会議「みほんリボーン！ミーティング」を開催（3月14日）",
            "members",
            body=f"{PROSE}\n\n![循環の図](images/circle.png)\n\n{MORE}\n\n- 午前：講演\n- 午後：**分科会**\n",
            pictures=(drawing,),
            tag="参加者募集",
            start=moment(date(2025, 3, 14), "2025年3月14日（金）13:30～16:00", time(13, 30), time(16)),
            venue="みほん市民会館／オンライン併用",
            fee="無料",
            deadline=moment(date(2025, 2, 14), "2月14日（金）17:00", time(17)),
            host="みほん市（後援：イクレイ日本）",
            contact="脱炭素社会推進課　03-0000-0000",
            link="https://www.example.jp/event/2025/",
            apply="https://www.example.jp/apply/2025/form?lang=ja&id=42",
            department="みほん市 生活環境部 脱炭素社会推進課",
        ),
        article("21-plan", "地域気候変動適応計画の素案に意見を募集", "members", tag="意見募集", municipalities=("みほん市", "ひがしみほん市"),
                deadline=moment(date(2025, 2, 7), "2025年2月7日（金）"), link="https://www.example.jp/plan/", apply="https://www.example.jp/plan/"),
        article("22-school", "給食の食べ残しを半分に", "members", link="https://www.example.jp/school/", department="みほん市 教育委員会"),
        article("23-river", "川辺の生きもの調査の結果を公開", "members", link="https://www.example.jp/river/"),
    )
    cases = (
        case("europe/a", "食と循環をつなぐ", "循環型発展"),
        case("east-asia/b", "都市どうしの学び合いで進む脱炭素", "ゼロカーボン発展",
             origin=origin(country="台湾", city="高雄市", visibility="members", machine=False, publisher="ICLEI 東アジア事務局")),
        case("usa/c", "公園から始める防災", "レジリエントな発展", origin=origin(country="アメリカ合衆国", city="サンプル市", publisher="ICLEI USA")),
    )
    events = (
        article("50-study", "生物多様性オンライン勉強会", "calendar", body="", municipalities=(), host="みほん省", venue="オンライン",
                start=moment(date(2025, 2, 19), "2025年2月19日（水）14:00～16:00", time(14), time(16)),
                deadline=moment(date(2025, 2, 12), "2月12日（水）"), link="https://www.example.jp/study/"),
        article("51-expo", "みほん循環フェア", "calendar", body="", venue="みほん市", start=moment(date(2025, 3, 8), "2025年3月8日（土）～9日（日）")),
    )
    world = (
        article("40-global", "世界の都市ネットワークが共同声明を発表", "world", municipalities=(), link="https://www.example.jp/statement/", link_note="英語, PDF"),
        article("41-un", "国連の会議で自治体の役割を議論", "world", municipalities=()),
    )
    notices = (article("60-call", "実証事業の参加自治体を募集", "notices", municipalities=(), host="みほん財団", apply="事務局へメールでお申し込みください"),)
    editorial = (article("90-note", "編集後記", "editorial", municipalities=(), body="新年最初の号をお届けしました。本年もよろしくお願いいたします。（編集部）"),)
    parts = {"activities": activities, "members": members, "overseas": cases, "world": world, "calendar": events, "notices": notices, "editorial": editorial}
    return Issue(
        slug="2025-01", edition="monthly", name="2025年1月号", date=date(2025, 1, 31), place=PLACE,
        subject="イクレイ日本e-News 2025年1月号｜第4回イクレイカフェ報告ほか",
        lead_line="今号：第4回イクレイカフェ報告／海外事例3件／2～3月のイベント",
        greeting="新しい年を迎え、会員自治体の皆様の取組はますます広がりを見せています。今号では、年初の情報交換会の報告と、海外の三つの事例をお届けします。\n\nどうぞご覧ください。",
        corrections=(Correction(where="2024年12月号「1-2」の締切日", wrong="1月16日（水）", right="1月16日（木）"),),
        sections=sections("monthly", parts), next_date=date(2025, 2, 28), next_copy_deadline=date(2025, 2, 14),
    )


def sections(edition: str, parts: dict[str, tuple[Article, ...]]) -> tuple[Section, ...]:
    """The edition's sections in the masthead's order, filled with ``parts``."""
    specs = [spec for key in MASTHEAD.edition(edition).sections if (spec := MASTHEAD.section(key))]
    return tuple(Section(key=s.key, title=s.title, shows=s.shows, by_day=s.by_day, articles=parts.get(s.key, ())) for s in specs)


def special() -> Issue:
    """A second report from a conference, with day headings, a schedule, terms and a note from the venue."""
    acts = tuple(
        article(f"3{n}-act", title, "member_actions", start=moment(date(2024, 11, day), f"11月{day}日（{week}）10:00～11:00", time(10), time(11)), venue="LGMAパビリオン")
        for n, (day, week, title) in enumerate([(12, "火", "都市連合の役割をめぐる会合を主催"), (12, "火", "適応策の会合で登壇"), (13, "水", "若者との対話に参加")])
    )
    schedule = (
        article("40-urban", "都市化と気候変動に関する閣僚会合", "schedule", body="", municipalities=(), start=moment(date(2024, 11, 20), "11月20日（水）15:00", time(15))),
        article("41-end", "閉会の全体会合", "schedule", body="", municipalities=(), start=moment(date(2024, 11, 22), "11月22日（金）20:00", time(20)), venue="全体会議場"),
    )
    parts = {
        "conference": (article("10-talks", "資金目標をめぐる交渉が本格化", "conference", municipalities=()), article("11-text", "議長が文案を提示", "conference", municipalities=())),
        "locals": (article("20-lgma", "LGMAが共同ポジションを発表", "locals", prefix="COP29", link="https://www.example.jp/lgma/", link_note="英語"),),
        "member_actions": acts,
        "schedule": schedule,
        "terms": (article("50-terms", "用語", "terms", body="LGMA\n:   自治体・地方行政府グループ。\n\nNDC\n:   国が決定する貢献。"),),
        "onsite": (article("60-onsite", "現地から", "onsite", body="会場は毎朝、長い列ができます。明日も早くから取材します。（編集部）"),),
    }
    return Issue(
        slug="2024-12-cop29", edition="special", name="COP29特集号（第2報）", date=date(2024, 11, 20), place=PLACE, subject="イクレイ日本e-News COP29特集号（第2報）",
        lead_line="第2報：LGMA共同ポジション／みほん市の登壇", greeting="1. 資金目標をめぐる交渉が本格化しました。\n2. LGMAが共同ポジションを発表しました。\n3. 会員自治体が三つの会合に参加しました。",
        event=MASTHEAD.event("cop29"), report="第2報", as_of="11月19日18時現在", sections=sections("special", parts),
        earlier=(EarlierIssue(slug="2024-11-cop29", edition="special", date=date(2024, 11, 14), name="COP29特集号（第1報）", event="cop29", report="第1報"),),
        next_date=date(2024, 11, 25),
    )


def cases() -> Issue:
    """Two whole cases and a request for wishes."""
    whole = (replace(case("europe/a", "トゥルク市：食と循環をつなぐ", "循環型発展"), section="cases"),
             replace(case("asia/b", "高雄市：学び合いで進む脱炭素", "ゼロカーボン発展", origin=origin(country="台湾", city="高雄市", machine=False)), section="cases"))
    wishes = (article("90-wishes", "ご意見", "requests", body="次号で取り上げてほしい分野・都市を、このメールへの返信でお知らせください。"),)
    return Issue(
        slug="2025-01-cases", edition="cases", name="2025年1月", date=date(2025, 1, 20), place=PLACE, subject="イクレイ海外事例便り 2025年1月",
        lead_line="今月の事例：トゥルク市、高雄市", greeting="", sections=sections("cases", {"cases": whole, "requests": wishes}), next_date=date(2025, 2, 20),
    )


ISSUES = {"2025-01": monthly, "2024-12-cop29": special, "2025-01-cases": cases}


def page(slug: str, **options: bool) -> Page:
    """The page of one of ``ISSUES``."""
    return page_of(ISSUES[slug](), MASTHEAD, **options)
