"""Links that work only for their sender, lead elsewhere, say nothing, or tell on somebody. Addresses in, hits out; no server is asked.

Entries that are no address at all are found while the drafts are read (FM004); here nothing is said of them twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks import hosts
from pipeline.checks.addresses import Address, addresses, is_of
from pipeline.checks.gather import gathered
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity


def _of(sheet: Sheet) -> tuple[Address, ...]:
    """The addresses that are judged as they stand: those that mail security has rewritten are told once, by their own rule."""
    return tuple(address for address in addresses(sheet) if not hosts.listed(address, "rewritten"))


def _shown(address: Address) -> str:
    return address.url if len(address.url) <= 60 else address.url[:57] + "…"


def rewritten(sheet: Sheet) -> Iterator[Hit]:
    """An address that the sender's mail security or a click counter put in the place of the real one."""
    for address in addresses(sheet):
        if hosts.listed(address, "rewritten"):
            real = hosts.unwrapped(address)
            message = f"「{_shown(address)}」は、メールの安全対策や開封の集計のために書き換えられたURLです。"
            hint = f"もとのURLは {real} のようです。開いて確かめ、" if real else "リンク先を開き、"
            hint += "ブラウザに表示されたもとのURLに替えてください（書き換えられたURLには、受け取った職員のアドレスなどが入っています）。"
            yield address.passage.hit(address.span, message, hint, instead=real or None)


def editing(sheet: Sheet) -> Iterator[Hit]:
    """A page for editing, for looking before publication, or in the sender's own folder."""
    for address in _of(sheet):
        screen = hosts.habit(address, hosts.EDITING)
        if screen:
            message = f"「{_shown(address)}」は{screen}のURLです。"
            hint = "公開されたページのURLに替え、ログインしていないブラウザで開けるか確かめてください（Googleフォームは /viewform で終わるもの）。"
            yield address.passage.hit(address.span, message, hint)


def closed(sheet: Sheet) -> Iterator[Hit]:
    """A page that asks for a name and a password, or opens only in its office."""
    for address in _of(sheet):
        screen = hosts.habit(address, hosts.CLOSED)
        if screen and not hosts.habit(address, hosts.EDITING):
            message = f"「{_shown(address)}」は{screen}のURLで、読者は開けないおそれがあります。"
            yield address.passage.hit(address.span, message, "ログインしていないブラウザで開けるページのURLに替えてください。")


_FILE = re.compile(
    r"(?<![A-Za-z])(?:blob:https?:|chrome-extension:|moz-extension:|view-source:|about:blank)[^\s、。）)]*|file:/{1,3}[^\s、。）)]*"
    r"|(?<![A-Za-z])[A-Za-z]:\\[^\s、。）)]*|(?<!\\)\\\\[\w.-]+\\[^\s、。）)]*|(?<![\w/])smb://[^\s、。）)]*"
)


def inner(sheet: Sheet) -> Iterator[Hit]:
    """An address of one machine or one office's network, a file on a disk, a site for trying out."""
    for address in _of(sheet):
        if hosts.is_inner(address):
            message = f"「{_shown(address)}」は、発信元の中でしか開けない場所です。"
            yield address.passage.hit(address.span, message, "公開されたページのURLに替えてください。")
        elif hosts.is_staging(address):
            message = f"「{_shown(address)}」は、試験用のサイトのようです。"
            yield address.passage.hit(address.span, message, "公開されたサイトのURLかどうかを確かめてください。", severity=Severity.WARNING)
    for passage in sheet.passages:
        if "\\" in passage.raw or "file:" in passage.raw or re.search("smb:|blob:|extension:|source:|about:", passage.raw):
            for match in _FILE.finditer(passage.raw):
                message = f"「{match[0][:40]}」は、発信元のパソコンや庁内のファイルの場所です。"
                yield passage.hit(match.span(), message, "公開されたページのURLに替えるか、消してください。")


def short(sheet: Sheet) -> Iterator[Hit]:
    """A shortened address: nobody sees where it leads, and filters of offices distrust it."""
    for address in _of(sheet):
        if hosts.listed(address, "short") and not is_of(address.host, "maps.app.goo.gl", "app.goo.gl"):
            message = f"「{_shown(address)}」は短縮URLです。"
            hint = "短縮URLを開き、ブラウザに表示されたもとのURLに替えてください（迷惑メールと判定されやすく、期限もあります）。"
            yield address.passage.hit(address.span, message, hint)


def unsafe(sheet: Sheet) -> Iterator[Hit]:
    """http: what is sent through it can be read on the way; most sites answer on https as well."""
    yield from gathered(
        (
            address.passage.hit(
                address.span,
                f"「{_shown(address)}」は http:// で始まります。",
                "https:// で始まるURLで開けるかを確かめ、開けるなら直してください。",
            )
            for address in _of(sheet)
            if address.parts.scheme.lower() == "http" and not hosts.is_inner(address)
        ),
        whole=True,
    )


def odd_views(sheet: Sheet) -> Iterator[Hit]:
    """A page as it looked in its finder's browser: printed, on a telephone, translated, marked, cached; an address of a manual."""
    yield from gathered(
        address.passage.hit(
            address.span,
            f"「{_shown(address)}」は、{screen}のURLです。",
            "ふつうのパソコンの画面でページを開き、そのURLに替えてください。",
        )
        for address in _of(sheet)
        if (screen := hosts.habit(address, hosts.VIEWS))
    )


_ADDRESS_LIKE = re.compile(
    r"(?i)(?:https?://)?(?:[a-z0-9-]+\.)+(?:jp|com|org|net|int|eu|info|io|de|uk|fr|kr|tw|us|br|az)(?:/[!-~]*)?(?:…|\.\.\.)?"
)


def disguised(sheet: Sheet) -> Iterator[Hit]:
    """A link that shows one address and leads to another."""
    for address in _of(sheet):
        label = address.label.strip("<>（）() 　")
        if address.marked and "@" in label and address.url.startswith("mailto:"):
            differs: object = label.lower() != address.url[7:].partition("?")[0].strip().lower() and re.fullmatch(
                r"[\w.+-]+@[\w.-]+", label
            )
        else:
            differs = address.marked and _ADDRESS_LIKE.fullmatch(label) and not hosts.same_place(label, address.url)
        if differs:
            message = f"表示は「{label}」ですが、リンク先は「{_shown(address)}」です。"
            yield address.passage.hit(address.span, message, "正しいほうにそろえるか、表示をページの名前にしてください。")


def tracked(sheet: Sheet) -> Iterator[Hit]:
    """Parameters that count clicks for somebody else."""
    for address in _of(sheet):
        names = hosts.tracking(address)
        if names and not hosts.personal(address):
            bare = hosts.without_tracking(address)
            message = f"「{_shown(address)}」に、アクセスを集計するための文字列（{'、'.join(names)}）が付いています。"
            yield address.passage.hit(address.span, message, f"「{bare}」で開けるかを確かめて、直してください。", instead=bare)


def personal(sheet: Sheet) -> Iterator[Hit]:
    """A mail address, a key, a name within an address."""
    for address in _of(sheet):
        found = hosts.personal(address)
        if found:
            message = f"「{_shown(address)}」に、特定の人に結び付く情報（{found}）が入っています。"
            hint = "その部分を除いたURLで開けるかを確かめて、直してください。"
            severity = Severity.ERROR if "@" in found else None
            yield address.passage.hit(address.span, message, hint, severity=severity)


def unmarked(sheet: Sheet) -> Iterator[Hit]:
    """A page in English or a PDF, and nothing says so: readers would open it in vain."""
    for kind, word, is_kind, said in (
        ("英語のページ", "（英語）", hosts.is_english, re.compile(r"英|English|EN(?![A-Za-z])|原文|原題")),
        ("PDFのファイル", "（PDF）", _is_pdf, re.compile(r"(?i)PDF|ＰＤＦ")),
    ):
        yield from gathered(
            (_unmarked(address, kind, word) for address in _of(sheet) if is_kind(address) and not said.search(_words(address))), whole=True
        )


def _unmarked(address: Address, kind: str, word: str) -> Hit:
    hint = (
        f"「詳細の注記：{word.strip('（）')}」と書いてください。" if address.entry else f"リンクの言葉か、その後に{word}と添えてください。"
    )
    return address.passage.hit(address.span, f"「{_shown(address)}」は{kind}ですが、そのことが書かれていません。", hint)


def _is_pdf(address: Address) -> bool:
    return address.parts.path.lower().endswith(".pdf") and bool(address.entry or address.marked)


def _words(address: Address) -> str:
    """What readers see around an address: the note and the title of an item, or the words about a link in its body."""
    article = address.passage.article
    if address.entry == "url" or (article and article.origin):
        return "原文"
    if address.entry and article:
        return f"{article.link_note} {article.title}"
    raw, (start, end) = address.passage.raw, address.span
    around = raw[max(0, start - 30 - len(address.label)) : start] + raw[end : end + 20]
    return "English" if address.label and address.label.isascii() and not address.label.startswith("http") else around


RULES = (
    Rule(
        code="LINK001",
        title="書き換えられたURL",
        severity=Severity.ERROR,
        reason="書き換えられたURLには受け取った職員のアドレスが入り、庁外では開けないこともあります。",
        source="実際に起きた残りもの、個人情報の保護",
        bad="https://jpn01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.jp%2F&data=05%7Cmihon%40example.jp",
        good="https://www.example.jp/mihon/",
        find=rewritten,
    ),
    Rule(
        code="LINK002",
        title="編集・確認用の画面",
        severity=Severity.ERROR,
        reason="編集や公開前の確認のための画面は、読者には開けないか、書き換えられてしまいます。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="https://docs.google.com/forms/d/1aB2cD3/edit",
        good="https://docs.google.com/forms/d/e/1FAIpQLSd/viewform",
        find=editing,
    ),
    Rule(
        code="LINK003",
        title="ログインの要るページ",
        severity=Severity.WARNING,
        reason="発信元の職員だけが開けるページは、読者には開けません。",
        source="点検項目23",
        bad="https://mihon.cybozu.com/o/ag.cgi?page=1",
        good="https://www.example.jp/blog/in-the-city/",
        find=closed,
    ),
    Rule(
        code="LINK004",
        title="中でしか開けない場所",
        severity=Severity.ERROR,
        reason="庁内のサーバーやパソコンの中のファイルは、読者には開けません。",
        source="点検項目22・24",
        bad="http://192.168.1.10/kankyo/",
        good="https://www.example.jp/test/",
        find=inner,
    ),
    Rule(
        code="LINK005",
        title="短縮URL",
        severity=Severity.WARNING,
        reason="短縮URLは行き先が分からず、自治体のメールでは止められることがあります。",
        source="点検項目24、迷惑メールの判定",
        bad="https://bit.ly/3abcDEF",
        good="https://www.example.jp/mihon/",
        find=short,
    ),
    Rule(
        code="LINK006",
        title="http:// のURL",
        severity=Severity.WARNING,
        reason="http:// のページには、ブラウザが「保護されていない通信」と表示します。",
        source="点検項目22",
        bad="http://www.example.jp/mihon/",
        good="https://www.example.jp/mihon/",
        find=unsafe,
    ),
    Rule(
        code="LINK007",
        title="表示と違うリンク先",
        severity=Severity.ERROR,
        reason="表示と違うところへ行くリンクは、なりすましのメールと同じ形です。",
        source="点検項目24、迷惑メールの判定",
        bad="[https://www.example.jp/a/](https://www.example.org/b/)",
        good="[www.example.jp](https://www.example.jp/a/)",
        find=disguised,
    ),
    Rule(
        code="LINK018",
        title="印刷用や携帯用の画面",
        severity=Severity.WARNING,
        reason="印刷用や翻訳の画面を配ると、読者には表示が崩れ、後から開けなくなることもあります。",
        source="点検項目22・25",
        bad="https://www.example.jp/mihon/1.html?print=1",
        good="https://www.example.jp/mihon/1.html?page=1",
        find=odd_views,
    ),
    Rule(
        code="LINK012",
        title="集計用の文字列",
        severity=Severity.WARNING,
        reason="集計用の文字列は、読者の行動を発信元の別の宣伝に結び付けます。",
        source="点検項目25、個人情報の保護に関する法律",
        bad="https://www.example.jp/mihon/?utm_source=mail&utm_medium=email",
        good="https://www.example.jp/mihon/?id=12",
        find=tracked,
    ),
    Rule(
        code="LINK013",
        title="URLの中の個人情報",
        severity=Severity.WARNING,
        reason="個人のアドレスや鍵の入ったURLを配ると、その人の情報が約1,400名に渡ります。",
        source="点検項目25、個人情報の保護に関する法律",
        bad="https://www.example.jp/form/?email=mihon@example.jp",
        good="https://www.example.jp/form/?event=20250214",
        find=personal,
    ),
    Rule(
        code="LINK011",
        title="英語・PDFの断り",
        severity=Severity.WARNING,
        reason="英語のページやPDFは、開く前に分かるように断ります。",
        source="編集者の慣行（「詳細（英語）」）、JIS X 8341-3",
        bad="計画は[計画のページ](https://www.example.jp/en/plan/)と[概要](https://www.example.jp/plan.pdf)にあります。",
        good="計画は[計画のページ（英語）](https://www.example.jp/en/plan/)と[概要（PDF）](https://www.example.jp/plan.pdf)にあります。",
        find=unmarked,
    ),
)
