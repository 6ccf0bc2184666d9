"""What is known of hosts and addresses without asking anyone: ``data/hosts.csv`` and the habits of services. Addresses in, words out.

Kinds of the table: ``rewritten`` (mail security and click counters), ``short``, ``english``. A row may name a host with the start of a path.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from pipeline.checks.addresses import Address, is_of

_TABLE = Path(__file__).parent / "data" / "hosts.csv"
EDITING = (
    (r"docs\.google\.com/.*/(?:edit|prefill|closedform|viewanalytics|copy|htmlview)\b|sites\.google\.com/.*/edit\b", "Googleの編集画面"),
    (r"docs\.google\.com/forms/d/(?!e/)[\w-]+/?(?:[?#]|$)", "Googleフォームの編集画面"),
    (r"[?&](?:edit2=|edit_requested=|mode=edit|action=edit|do=edit|a=edit)", "編集画面"),
    (r"[?&](?:preview(?:_id|_nonce)?=|draft=|is_preview|previewmode)|[?&]p=\d+&(?:.*&)?preview|/preview/?(?:[?#]|$)|/_preview/", "公開前の確認画面"),
    (r"//(?:logoform\.jp|[\w.-]*e-tumo\.jp|[\w.-]*graffer\.jp)/(?:preview|admin|draft)|/preview\.(?:cgi|php|aspx?|do)\b", "公開前の確認画面"),
    (r"//(?:www\.)?(?:peatix|connpass|eventbrite|doorkeeper)\.\w+/.*/(?:edit|dashboard|manage|attendees)\b", "催しの管理画面"),
    (r"//select-type\.com/.*/edit|form\.run/(?:admin|@[\w-]+/edit)|[?&](?:cmd|act|view)=(?:edit|preview)\b", "編集画面"),
    (r"/wp-admin\b|/wp-login\b|/(?:administrator|admin|cms)/", "サイトの管理画面"),
    (r"(?:sharepoint\.com|sharepoint-df\.com)/:\w:/|-my\.sharepoint\.com/|sharepoint\.com/(?:.*/)?_layouts/", "SharePointの共有ファイル"),
    (r"onedrive\.live\.com/|//1drv\.ms/", "OneDriveの共有ファイル"),
    (r"sharepoint\.com/(?:sites|teams|personal)/", "SharePointの共有ファイル"),
    (r"office\.com/.*(?:Design|Analysis)Page|forms\.(?:office|microsoft|cloud\.microsoft).*[Dd]esign", "Microsoft Formsの編集画面"),
    (r"canva\.com/design/.*/edit\b|canva\.com/design/[^?]*$", "Canvaの編集画面"),
    (r"//(?:www\.)?notion\.so/|//app\.notion\.com/", "Notionの編集画面"),
    (r"figma\.com/(?:file|design|proto)/|miro\.com/app/|app\.(?:box|asana)\.com/|trello\.com/|app\.mural\.co/", "作業用の画面"),
    (r"admin\.mailchimp\.com|mailchimp\.com/campaigns/|surveymonkey\.com/(?:create|collect|summary|analyze)", "配信や管理の画面"),
    (r"studio\.youtube\.com", "配信や管理の画面"),
    (r"dropbox\.com/(?:home|work)|drive\.google\.com/drive/(?:u/\d+|my-drive|home|recent|shared-with-me)", "自分だけのフォルダー"),
    (r"(?:gigafile|firestorage|xgf|datadeliver|filesend|bitsend|transfernow|wetransfer|we\.tl)\.?", "期限のあるファイル便"),
    (r"//[\w.-]*(?:okurin\.bitpark|directcloud|send-anywhere|fromsmash|tenpu|file-post|acrossmail)\.", "期限のあるファイル便"),
    (r"//[\w.-]*(?:gigacc|smoothfile|filestorage|fileforce|getuploader|axfc)\.", "期限のあるファイル便"),
    (r"qiita\.com/drafts|/drafts?/|[?&]status=draft|//[\w.-]*(?:wixsite|editor\.wix)\.com/.*editor", "下書きの画面"),
)  # fmt: skip
CLOSED = (
    (r"accounts\.google\.|login\.microsoftonline\.|login\.live\.com|//sso\.|//login\.|//auth\.|//signin\.|//idp\.|//mypage\.", "ログイン画面"),
    (r"/(?:log-?in|log_in|sign-?in|sign_in|logon|oauth2?|saml2?|sso|authorize)(?:[/.?;#]|$)", "ログイン画面"),
    (r"\.(?:cybozu|kintone|kintoneapp)\.(?:com|cn)/(?!public)|\.cybozu\.com|desknets|/scripts/(?:grn|cbag|dneo)|garoon", "グループウェア"),
    (r"mail\.google\.com|outlook\.(?:office|live|office365)\.|/owa/|mail\.yahoo\.", "自分のメール画面"),
    (r"\.slack\.com/|chatwork\.com|line\.worksmobile|teams\.microsoft\.com/(?!l/(?:meetup-join|meeting))", "職場のチャット"),
    (r"teams\.microsoft\.com/_", "職場のチャット"),
    (r"zoom\.us/(?:s|start)/|[?&]zak=|[?&]role=1\b|[?&]host_?key=", "会議の主催者用の画面"),
    (r"zoom\.us/(?:meeting|recording|profile|webinar)(?:/(?!register)|$)", "会議の主催者用の画面"),
    (r"(?:docs|drive|calendar|meet|sites)\.google\.com/(?:.*/)?u/\d+/|calendar\.google\.com/calendar/(?:r|u)\b", "自分のアカウントの画面"),
    (r"\.webex\.com/.*(?:/host\b|/s\.php)|zoom\.us/w/\d+\?(?:.*&)?tk=|[?&]tk=[\w.-]{20,}", "一人だけに割り当てられた会議の画面"),
    (r"//[\w.-]*box\.com/(?:s|v|folder|file)/|dropbox\.com/(?:s|sh|scl)/", "ファイル共有サービス"),
    (r"drive\.google\.com/(?:open\b|drive/folders/)|drive\.google\.com/.*usp=drivesdk", "Googleドライブの共有フォルダー"),
    (r"youtube\.com/.*[?&]list=(?:WL|LL)\b|youtube\.com/(?:feed|account)", "自分のアカウントの画面"),
    (r"//[\w-]+\.(?:backlog\.(?:jp|com)|atlassian\.net|esa\.io|qiita\.com/team|docbase\.io|kibe\.la)/", "職場の作業用の画面"),
    (r"\.lgwan\.|\.asp\.lgwan|moodle|blackboard|classroom\.google", "庁内や学内の画面"),
)  # fmt: skip
_TRACKING = re.compile(
    r"(?i)^(?:utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|yclid|msclkid|twclid|ttclid|li_fat_id|igshid|igsh|mc_cid|mc_eid|mkt_tok"
    r"|_hsenc|_hsmi|hsctatracking"
    r"|vero_id|oly_enc_id|oly_anon_id|rb_clickid|s_cid|ref_src|ref_url|_ga|_gl|wickedid|trk|trkcampaign|cmpid|spm|elqtrackid"
    r"|elqaid|sc_cid|at_campaign|yj_r|mibextid|cmp|ttclid|s_kwcid|ef_id|hss_channel|pk_campaign|mtm_\w+|matomo_campaign|guccounter|n_cid"
    r"|adid|_branch_match_id)$"
)
_TRACKING_AT = (  # names that count clicks on these hosts only
    (("youtube.com", "youtu.be"), re.compile(r"si|feature|pp|ab_channel")),
    (("twitter.com", "x.com"), re.compile(r"s|t|ref_src")),
    (("tiktok.com",), re.compile(r"_r|_t|is_from_webapp")),
    (("amazon.co.jp", "amazon.com"), re.compile(r"ref|tag|linkCode")),
    (("note.com", "instagram.com", "linkedin.com"), re.compile(r"sub_rt|ig_rid|ig_mid|rcm")),
)
_ONE_PERSON = re.compile(r"(?i)^(?:mc_eid|mkt_tok|_hsenc|vero_id|oly_enc_id|elqtrackid)$")
_PERSONAL = re.compile(
    r"(?i)^(?:token|access_?token|auth(?:key|token)?|api_?key|session(?:_?id)?|sess(?:id|key)?|phpsessid|jsessionid|aspsessionid\w*"
    r"|asp\.net_sessionid|cfid|cftoken|sid|passwd|password|pass|uid"
    r"|user|user_?(?:id|name)|member_?id|email|e-?mail|mail"
    r"|mailaddress|address|name|first_?name|last_?name|tel|phone|signature|sig|secret|otp|invite|invitation|recipient|subscriber)$"
)


@lru_cache(maxsize=1)
def _rows() -> dict[str, list[tuple[str, str]]]:
    """Domain → (kind, start of the path) of each row."""
    found: dict[str, list[tuple[str, str]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            domain, _, path = row["domain"].partition("/")
            found.setdefault(domain, []).append((row["kind"], path))
    return found


def listed(address: Address, kind: str) -> bool:
    """Whether the table lists this address under ``kind``."""
    labels, path = address.host.split("."), address.parts.path.lstrip("/")
    rows = (row for n in range(len(labels)) for row in _rows().get(".".join(labels[n:]), ()))
    return any(row == kind and path.startswith(start) for row, start in rows)


def unwrapped(address: Address) -> str:
    """The address that a rewritten one leads to, "" if that cannot be read from it."""
    query = parse_qs(address.parts.query)
    inner = next((query[key][0] for key in ("url", "q", "u", "target") if key in query), "")
    if "/v3/__" in address.url:
        match = re.search(r"/v3/__(.*?)__;", address.url)
        inner = match[1] if match and "*" not in match[1] else ""
    elif "/v2/" in address.parts.path and inner:
        inner = unquote(inner.replace("-", "%").replace("_", "/"))
    return inner if re.fullmatch(r"https?://[!-~]+", inner) else ""


def habit(address: Address, habits: tuple[tuple[str, str], ...]) -> str:
    """What kind of screen an address opens that readers have not, "" if none of these habits fits."""
    return next((word for pattern, word in habits if re.search(pattern, f"//{address.host}{address.parts.path}{_behind(address)}")), "")


def _behind(address: Address) -> str:
    return (f"?{address.parts.query}" if address.parts.query else "") + (f"#{address.parts.fragment}" if address.parts.fragment else "")


def tracking(address: Address) -> tuple[str, ...]:
    """The names of parameters that only count clicks."""
    return tuple(name for name, _ in parse_qsl(address.parts.query, keep_blank_values=True) if _counts(address, name))


def _counts(address: Address, name: str) -> bool:
    return bool(_TRACKING.match(name)) or any(is_of(address.host, *domains) and names.fullmatch(name) for domains, names in _TRACKING_AT)


def without_tracking(address: Address) -> str:
    """The address without them; the other parameters keep their order."""
    kept = [part for part in address.parts.query.split("&") if not _counts(address, part.partition("=")[0])]
    return address.parts._replace(query="&".join(kept)).geturl()


def personal(address: Address) -> str:
    """What in an address belongs to one person: a mail address, a key, a name; "" if nothing does."""
    if address.parts.scheme == "mailto":
        return ""
    written = unquote(f"{address.parts.path}?{address.parts.query}")
    mail = re.search(r"[\w.+-]+@[\w-]+\.[\w.-]+", written)
    if mail:
        return mail[0]
    pairs = parse_qsl(address.parts.query, keep_blank_values=False)
    if "viewform" in address.parts.path and any(name.startswith("entry.") for name, _ in pairs):
        return "記入済みの回答（entry.…）"
    session = re.search(r"(?i);(jsessionid|sid|phpsessid)=\w+|/(\(S\(\w+\)\))/", written)
    if address.parts.username:
        return "ログインの名前と合い言葉"
    names = [name for name, value in pairs if (_PERSONAL.match(name) and len(value) >= 2) or _ONE_PERSON.match(name)]
    return (session[1] or session[2]) if session else names[0] if names else ""


def is_english(address: Address) -> bool:
    """Whether a page is surely in English: /en/ in its path, or the site of a body that writes English (its bare home page is just a name)."""
    where = f"{address.parts.path}?{address.parts.query}".lower()
    if re.search(
        r"/(?:en|eng|english|en-[a-z]{2}|en_[a-z]{2})(?:[/?.]|$)|[?&](?:lang|language|hl|locale)=en|[-_]en?\.(?:html?|pdf)"
        r"|_e\.html",
        where,
    ):
        return True
    japanese = re.search(r"/(?:ja|jp|japan|japanese|ja-jp)(?:[/?.]|$)|lang=ja", where) or re.search(r"japan|\.jp$", address.host)
    home = not address.entry and not address.marked and len(address.parts.path) < 2
    return listed(address, "english") and not japanese and not home


def is_inner(address: Address) -> bool:
    """Whether only a machine inside some office can open it: localhost, a bare name, a private or any raw number."""
    host = address.host
    if host in ("", "http", "https") or address.parts.scheme not in ("http", "https", ""):
        return False
    if host == "localhost" or "." not in host.strip("."):
        return True
    if re.match(r"(?:intra|intranet|shanai|chonai|kyonai|gyomu|groupware)[\w-]*\.", host):
        return True
    return bool(
        re.fullmatch(r"[\d.]+|\[?[0-9a-f:]+:[0-9a-f:]*\]?", host)
        or re.search(r"\.(?:local|localdomain|lan|internal|intra|intranet|corp|home|lgwan\.jp)$", host)
    )


def is_staging(address: Address) -> bool:
    """Whether the host's name says that it is for trying out."""
    labels = address.host.split(".")[:-2]
    return any(
        re.fullmatch(
            r"(?:(?:www|web|new|cms|pre)[-_]?)?(?:stg|stage|staging|test|testing|dev|devel|develop|development|demo|preview|uat"
            r"|sandbox|honban-?test|kensho)\d*(?:[-_](?:www|web|new|cms))?|[\w-]+[-_](?:stg|stage|staging|dev|uat|preview)\d*",
            label,
        )
        for label in labels
    )


VIEWS = (
    (r"//(?:[\w-]+\.)?(?:translate\.goog|translate\.google\.[\w.]+|webcache\.googleusercontent\.com)/", "機械翻訳や検索サービスの写し"),
    (r"cdn\.ampproject\.org/|google\.[\w.]+/amp/|[?&](?:amp|outputType)=(?:1|amp|true)?(?:&|$)|/amp/?(?:[?#]|$)", "携帯電話用の簡易な写し（AMP）"),
    (r"//(?:google\.(?:com|co\.jp)|www\.google\.(?:com|co\.jp)|www\.bing\.com|search\.yahoo\.co\.jp)/search\b", "検索結果の画面"),
    (r"//(?:m|mobile|sp|touch)\.(?:facebook|youtube|twitter|yahoo|nikkei|asahi|city|pref|town)\.|//\w+\.m\.wikipedia\.org/", "携帯電話用の画面"),
    (r"(?i)[?&](?:print(?:able|mode|view)?|printer)=(?:1|true|yes|on)?(?:&|$)|/print(?:er|view)?\.\w+|/print/", "印刷用の画面"),
    (r"[?&](?:mode|view|layout|format|tmpl|disp|type)=print", "印刷用の画面"),
    (r"#:~:text=", "文字を選んだ跡（#:~:text=）の付いた形"),
)  # fmt: skip


def same_place(shown: str, real: str) -> bool:
    """Whether a shown address is the real one, or its beginning, or the host that it lies under; scheme, www and a last slash do not count."""
    first, second = _bare(shown), _bare(real)
    head, cut = re.subn(r"(?:…|\.\.\.|・・・)$", "", first)
    if first == second or (second.startswith(head) and (cut or "/" not in head)):
        return True
    host = urlsplit(f"//{second}").hostname or ""
    return "/" not in head and is_of(host, head)


def _bare(url: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", unquote(url.strip()), flags=re.IGNORECASE).rstrip("/").lower()
