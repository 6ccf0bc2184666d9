"""Test mails as they come back: our own, Mailchimp's, and what mail security and Japanese gateways make of them.

The services' parts are written after mails seen in public archives (headers, tracking links, the footer ``canspamBarWrapper``, the pixel).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from pipeline.delivery.frozen import Frozen, personalised

OWN = {
    "unsubscribe": "https://www.example.jp/enews/unsubscribe/2025-01.7.abc",
    "preferences": "https://www.example.jp/enews/preferences/2025-01.7.abc",
}
LIST = "https://example.us1.list-manage.com"
KEYS = "u=0618f6a79d6bb9675f313ceb2&id=f918a227f6&e=0708a4e66b"
FOOTER = f"""<center><br><br><table border="0" width="100%" id="canspamBarWrapper"><tr><td align="center"><table id="canspamBar"><tr><td>
This email was sent to <a href="mailto:seed@example.com">seed@example.com</a><br>
<a href="{LIST}/about?{KEYS}"><em>why did I get this?</em></a>&nbsp;&nbsp;<a href="{LIST}/unsubscribe?{KEYS}">unsubscribe from this list</a><br>
Example &middot; Tokyo <a href="http://www.mailchimp.com/email-referral/"><img src="https://cdn-images.mailchimp.com/x.png" alt="Email Marketing Powered by Mailchimp"></a>
</td></tr></table></td></tr></table></center>"""
PIXEL = f'<img src="{LIST}/track/open.php?{KEYS}" height="1" width="1" alt="">'
TAIL = f"\n\n============================================================\n** unsubscribe from this list ({LIST}/unsubscribe?{KEYS})\n"


def own(frozen: Frozen, **values: str) -> dict[str, str]:
    """Subject, HTML and text as one reader gets them from this desk."""
    return personalised(frozen, {**OWN, "name": "見本 花子", **values})


def message(
    parts: dict[str, str], frozen: Frozen, *, charset: str = "utf-8", headers: dict[str, str] | None = None, cte: str = "quoted-printable"
) -> bytes:
    """An ``.eml``: ``parts`` are subject, html, text; a part that is not there is left out."""
    made = EmailMessage(policy=SMTP)
    codec = {"iso-2022-jp": "cp932", "shift_jis": "cp932"}.get(charset, charset)
    name, _, address = frozen.sender.partition(" <")
    lines = {
        "From": f"{Header(name, 'utf-8').encode()} <{address}",
        "Reply-To": frozen.reply_to,
        "Subject": Header(parts["subject"], "utf-8", 200).encode(),
        **(headers or {}),
    }
    for key in ("text", "html"):
        if key in parts:
            data = parts[key].encode(codec, "replace")
            data = _as_jis(data) if charset == "iso-2022-jp" else data
            _add(made, data, "plain" if key == "text" else "html", charset, cte)
    head = "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode()
    return head + made.as_bytes()


def _add(made: EmailMessage, data: bytes, kind: str, charset: str, cte: str) -> None:
    part = EmailMessage(policy=SMTP)
    part.set_content(data, "text", kind, cte="base64" if cte == "base64" else "quoted-printable", params={"charset": charset})
    if not made.is_multipart():
        made["MIME-Version"] = "1.0"
        made["Content-Type"] = 'multipart/alternative; boundary="_----------=_MCPart_433295335"'
        made.set_payload([])
    made.attach(part)


def _as_jis(data: bytes) -> bytes:
    """Shift_JIS of Microsoft's table as ISO-2022-JP, as Japanese gateways write it."""
    made, double, n = bytearray(), False, 0
    while n < len(data):
        wide = 0x81 <= data[n] <= 0x9F or 0xE0 <= data[n] <= 0xFC
        if wide != double:
            made += b"\x1b$B" if wide else b"\x1b(B"
            double = wide
        if wide:
            high, low = data[n], data[n + 1]
            row = (high - (0x70 if high <= 0x9F else 0xB0)) * 2 - (low < 0x9F)
            made += bytes((row, low - (0x7E if low >= 0x9F else 0x1F + (low >= 0x80))))
        else:
            made.append(data[n])
        n += 2 if wide else 1
    return bytes(made + (b"\x1b(B" if double else b""))


def mailchimp(frozen: Frozen, *, pasted: bool = True, tracks: bool = True, test: bool = False) -> dict[str, str]:
    """What Mailchimp makes of it: links counted, pictures kept by itself, a footer, a pixel; its own plain text unless ours was ``pasted``."""
    parts = own(frozen, unsubscribe=f"{LIST}/unsubscribe?{KEYS}", preferences=f"{LIST}/profile?{KEYS}")
    html = re.sub(r"https://[^\"]*/images/[^\"/]*/", "https://mcusercontent.com/0618f6a79d6bb9675f313ceb2/images/", parts["html"])
    html = html.replace(f'href="https://www.example.jp/enews/{frozen.slug}/"', 'href="https://mailchi.mp/example/2025-01?e=0708a4e66b"', 1)
    if tracks:
        html = rewritten(html, lambda url: url if "list-manage" in url or "mailchi.mp" in url else f"{LIST}/track/click?{KEYS}")
    html = html.replace("</body>", f"{FOOTER}{PIXEL}</body>")
    text = parts["text"] + TAIL if pasted else generated(html)
    return {"subject": ("[Test] " if test else "") + parts["subject"], "html": html, "text": text}


def generated(html: str) -> str:
    """A plain text as services make it from a page: tags away, addresses in brackets."""
    text = re.sub(r"(?s)<(style|head).*?</\1>|<!--.*?-->", "", html)
    text = re.sub(r'(?s)<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 (\1)", text)
    return re.sub(r"\n\s*\n+", "\n\n", re.sub(r"<[^>]+>", "\n", text))


def rewritten(html: str, rewrite: Callable[[str], str]) -> str:
    """A page with every web link passed through ``rewrite``."""
    return re.sub(r'href="(https?://[^"]*)"', lambda match: f'href="{rewrite(match[1].replace("&amp;", "&")).replace("&", "&amp;")}"', html)


def safelinks(url: str) -> str:
    """Microsoft Defender's."""
    return (
        f"https://jpn01.safelinks.protection.outlook.com/?url={quote(url, safe='')}&data=05%7C02%7Cmihon%40example.jp&sdata=x%3D&reserved=0"
    )


def urldefense2(url: str) -> str:
    """Proofpoint's second."""
    told = quote(url, safe="").replace("-", "%2D").replace("_", "%5F").replace("%2F", "_").replace("%", "-")
    return f"https://urldefense.proofpoint.com/v2/url?u={told}&d=DwMF&c=x&r=y&m=z&s=a&e="
