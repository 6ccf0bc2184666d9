"""Pages made from the code. ``docs/reference.md``: every command and option, every entry of the front matter, every masthead key; ``docs/checks.md``: every finding.

``python -m tests.docs.reference`` (``make docs``) writes them; ``test_docs.py`` holds the files against the code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from pipeline import cli, config
from pipeline.checks import FAMILIES
from pipeline.checks.reasons import ONLINE, READING
from pipeline.checks.rule import Example, Rule
from pipeline.model import Event
from pipeline.sources.frontmatter import ARTICLE, CASE, ISSUE, Keys
from tests.builders import ROOT

PATH = ROOT / "docs" / "reference.md"
CHECKS = ROOT / "docs" / "checks.md"
TABLES = (
    ("[sender]", config.Sender, "発行者"),
    ("[web]", config.Web, "Web版・写真・手続きのURLと、配信サービス別の書式"),
    ("[[editions]]", config.Edition, "版（定期号・特集号・海外事例便り）"),
    ("[[sections]]", config.SectionSpec, "欄"),
    ("[[feeds]]", config.Feed, "海外事務所の配信"),
    ("[[events]]", Event, "会議"),
    ("[[dialects]]", config.Dialect, "配信サービス別の書式（差し込み項目ごとに一つ）"),
    ("[translate]", config.Translate, "海外事例の下訳（鍵は環境変数 `ENEWS_DEEPL_KEY`、`ENEWS_OPENAI_KEY` で渡します）"),
    ("[checks]", config.Limits, "点検の上限（バイト）"),
)


def reference() -> str:
    """The whole page."""
    return "\n".join([*_commands(), *_entries(), *_masthead(), ""])


def _commands() -> Iterator[str]:
    yield "# 命令・項目・指摘の一覧\n\nこのページはプログラムから作っています。手順は [guide.md](guide.md) をご覧ください。\n"
    yield "## 命令\n"
    yield "終了コードは、0＝済んだ、1＝原稿などを直す必要がある、2＝命令の書き方が違う、3＝配信が途中（もう一度実行する）です。\n"
    for name, (_, text, options) in cli.COMMANDS.items():
        yield f"### enews {name}\n\n{text}。\n\n| 指定 | 意味 |\n|---|---|"
        for flags, settings in (*options, cli.WORKSPACE):
            shown = settings.get("metavar", "") if not flags[0].startswith("-") else " ".join([*flags, settings.get("metavar", "")]).strip()
            yield f"| `{shown}` | {settings['help']} |"
        yield ""


def _entries() -> Iterator[str]:
    yield "## 項目欄\n\n日本語と英語のどちらで書いても同じです。\n"
    for keys in (ISSUE, ARTICLE, CASE):
        yield from _keys(keys)


def _keys(keys: Keys) -> Iterator[str]:
    shared = ARTICLE.names if keys is CASE else {}
    yield f"### {keys.kind}\n"
    if shared:
        yield "記事の項目のほかに、次の項目があります（`enews fetch` と `enews cases start` が書き入れます）。\n"
    yield "| 日本語 | 英語 | |\n|---|---|---|"
    for name, japanese in keys.names.items():
        if name not in shared:
            yield f"| {japanese} | `{name}` | {'必須' if name in keys.required else ''} |"
    yield ""


def _masthead() -> Iterator[str]:
    yield "## newsletter.toml\n"
    yield "秘密の値（パスワードや鍵）は書かず、環境変数で渡します。`name` は媒体の名前、`[calendar] closed` は事務所の休業日です。\n"
    for table, record, text in TABLES:
        yield f"### {table}\n\n{text}。\n\n| 項目 | |\n|---|---|"
        for spec in dataclasses.fields(record):
            required = spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING
            yield f"| `{spec.name.rstrip('_')}` | {'' if required or table in ('[sender]', '[web]') else '省けます'} |"
        yield ""


def checks() -> str:
    """The page of all findings, the rules by family."""
    return "\n".join([*_rules(), *_reading(), ""])


def _rules() -> Iterator[str]:
    yield "# 点検の一覧\n\nこのページはプログラムから作っています。`enews check` が何を、なぜ見ているかを、例とともに並べます。"
    yield "例は、2025年1月31日発行の月刊号に書いたものとして読んでください。\n"
    for family, rules in FAMILIES:
        yield f"## {family}\n"
        for rule in rules:
            yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}　{rule.title}（{rule.severity.label}）\n\n{rule.reason}\n\n- 出典：{rule.source}"
    yield f"- 指摘する例：{_shown(rule.bad)}\n- 指摘しない例：{_shown(rule.good)}\n"


def _shown(example: Example) -> str:
    """An example as one line or as a block, long ones cut."""
    text = example if isinstance(example, str) else "\n".join(f"# {name}\n{text.strip()}" for name, text in example.items())
    text = text.strip() if len(text) < 800 else f"{text[:40].strip()} …（{len(text):,}字）"
    return f"`{text}`" if "\n" not in text else "\n\n" + "\n".join(f"      {line}".rstrip() for line in text.split("\n")) + "\n"


def _reading() -> Iterator[str]:
    yield "## ファイルを読むときに分かるもの\n\n| コード | わけ |\n|---|---|"
    for code, reason in sorted(READING.items()):
        yield f"| {code} | {reason} |"
    yield "\n## リンクを開いてみて分かるもの（`enews check 号 --online`）\n\n| コード | わけ |\n|---|---|"
    for code, reason in sorted(ONLINE.items()):
        yield f"| {code} | {reason} |"


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
    CHECKS.write_text(checks(), encoding="utf-8")
