"""Domains that people mistype, and what they meant: data only. Words in a refusal, never a silent mending: the editor decides.

A row is worth its place if the wrong spelling has come back from a Japanese list, or is one key away from a domain with millions of mailboxes
and is no office's own.
"""

from __future__ import annotations

_MEANT = {
    "gmail.com": "gmai.com gamil.com gmial.com gmali.com gnail.com gmeil.com gmaill.com gmail.co gmail.cm gmail.con gmail.cpm gmail.vom gmail.comm "
    "gmail.om gmail.cim gmail.jp gmail.co.jp gmail.ne.jp gmil.com gmaio.com gmaik.com gimail.com g-mail.com gmail.coom gmail.xom ggmail.com "
    "gamail.com gemail.com gmaul.com gmsil.com gmailcom.com",
    "googlemail.com": "googlmail.com gogglemail.com",
    "yahoo.co.jp": "yaho.co.jp yahooo.co.jp yahoo.cp.jp yahoo.co.jo yahoo.jp yahoo.ne.jp yhoo.co.jp yahho.co.jp yahoo.co.jpn yahoo.co.jap "
    "yaoo.co.jp yafoo.co.jp yhaoo.co.jp yahoo.coj.p yahoo.c.jp yahoo.o.jp yahoo.xo.jp yahoo.co.com yahool.co.jp yafuu.co.jp yahoo.cojp.com",
    "yahoo.com": "yaho.com yahooo.com yahoo.con yahoo.comm yhoo.com yahoo.cm",
    "docomo.ne.jp": "docomo.co.jp docomo.jp docomo.ne.jo docomo.nejp.com docomo.ne.com docomo.com dokomo.ne.jp docomo.me.jp docomo.or.jp docmo.ne.jp "
    "docoomo.ne.jp decomo.ne.jp docom.ne.jp docono.ne.jp doccomo.ne.jp dcomo.ne.jp",
    "ezweb.ne.jp": "ezweb.co.jp ezweb.jp ezweb.ne.jo ezwebne.jp ezwed.ne.jp ezwev.ne.jp ezweb.me.jp ezewb.ne.jp exweb.ne.jp ezweb.or.jp ezweb.com",
    "au.com": "au.co.jp au.ne.jp au.con au.cpm",
    "softbank.ne.jp": "softbank.co.jp softbank.jp softbank.ne.jo sofbank.ne.jp softbamk.ne.jp softbnk.ne.jp softbank.me.jp softbank.com",
    "i.softbank.jp": "i.softbank.ne.jp isoftbank.jp i.softbank.co.jp i.softbank.com i.softbamk.jp",
    "icloud.com": "icloud.co iclud.com icoud.com icloud.con iclould.com icould.com icloud.jp icloud.co.jp i-cloud.com icloud.ne.jp icliud.com",
    "me.com": "me.con",
    "outlook.com": "outlook.con outlok.com outloook.com outllook.com outlook.co outolook.com",
    "outlook.jp": "outlook.co.jp outlook.ne.jp outlok.jp",
    "hotmail.com": "hotmai.com hotmial.com hotmil.com hotmail.con homail.com hotmeil.com hotamil.com hotmaill.com hotmail.comm",
    "hotmail.co.jp": "hotmail.jp hotmai.co.jp hotmail.ne.jp hotmail.cp.jp",
    "live.jp": "live.co.jp live.ne.jp",
    "nifty.com": "nifty.ne.jp nifty.co.jp nify.com nifty.con niftty.com",
    "biglobe.ne.jp": "biglobe.co.jp bigloge.ne.jp bigrobe.ne.jp biglobe.jp biglove.ne.jp",
    "ocn.ne.jp": "ocn.co.jp ocn.nejp.com ocn.me.jp ocn.ne.jo",
    "so-net.ne.jp": "sonet.ne.jp so-net.co.jp so-net.ne.jo so-net.jp",
    "plala.or.jp": "plala.ne.jp plala.co.jp",
}
DOMAINS: dict[str, str] = {wrong: right for right, row in _MEANT.items() for wrong in row.split()}

# The ends of Japanese and international domains, mistyped; none of these is an end that exists.
ENDS: dict[str, str] = {
    ".con": ".com",
    ".comm": ".com",
    ".cpm": ".com",
    ".vom": ".com",
    ".ogr": ".org",
    ".jpn": ".jp",
    ".jpp": ".jp",
    ".jjp": ".jp",
    ".lg.jo": ".lg.jp",
    ".co.jo": ".co.jp",
    ".or.jo": ".or.jp",
    ".go.jo": ".go.jp",
    ".ac.jo": ".ac.jp",
    ".ne.jo": ".ne.jp",
    ".lgjp": ".lg.jp",
    ".cojp": ".co.jp",
    ".orjp": ".or.jp",
    ".gojp": ".go.jp",
    ".acjp": ".ac.jp",
    ".nejp": ".ne.jp",
    ".1g.jp": ".lg.jp",
    ".ig.jp": ".lg.jp",
}
_ENDS = tuple(ENDS)

# Carriers that gave out addresses which no RFC allows: dots side by side or before the @ (docomo, au until about 2009). They get mail.
CARRIERS = ("docomo.ne.jp", "ezweb.ne.jp", "au.com", "ido.ne.jp", "d.vodafone.ne.jp", "softbank.ne.jp", "disney.ne.jp")


def meant(domain: str) -> str:
    """What a mistyped domain (ASCII, lower case) should have been, "" if it is in no table."""
    if domain in DOMAINS:
        return DOMAINS[domain]
    if not domain.endswith(_ENDS):
        return ""
    return next(domain.removesuffix(wrong) + right for wrong, right in ENDS.items() if domain.endswith(wrong))
