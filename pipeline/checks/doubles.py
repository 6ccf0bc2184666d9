"""Rules about what was typed twice: passages in, findings on doubled marks, letters, particles and words out.

Where a list of characters cannot decide (とともに, こととします, 子どもも), the words decide. Emphasis that is meant (一つ一つ, いろいろ) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import Word, words
from pipeline.model import Severity

_MARKS = re.compile(
    r"。{2,}|、{2,}|，{2,}|．{2,}(?![．…])|[、，][。．]|[。．][、，]|(?<!・)・・(?!・)|(?<!・)・[、。]|[、。]・(?=[^\s・])|：{2,}|；{2,}"
    r"|(?<![～〜])[～〜]{2}(?![～〜])|(?<=[一-龯ぁ-んァ-ヶー]),{2,}|(?<=[一-龯ぁ-んァ-ヶー0-9]),(?=[、。])|(?<=[^（「『(])[、,]+(?=[）」』)])"
    r"|(?<=[（「『(])[、。](?![」』）)])|％{2,}|(?<=\d)%{2,}|(?<![/:／])／{2}(?!／)|、(?=[！？])|(?<=[！？])[。、，]"
)
_LETTERS = re.compile(
    r"[をヲ]{2,}|[っッ]{2,}|[んン]{2,}|(?<![ァ-ヶ]ー)ー{2,}(?=[ァ-ヶぁ-ん一-龯。、）」]|$)|々{2,}|ゃ{2,}|ゅ{2,}|ょ{2,}|ャ{2,}|ュ{2,}|ョ{2,}|ゝ{2,}"
)
_CLAUSE = re.compile(
    r"(?P<clause>[^\s、。・「」『』（）()：:\ue000|]{1,12}?[をがはにのでへ])(?P=clause)|(?P<start>[をがにはので](?:[一-龯々]{2,6}|[ァ-ヴー]{3,10}))(?P=start)"
)
_LONG = re.compile(
    r"(?P<word>[一-龯々]{2,6}|(?!(?P<one>[ァ-ヶー])(?P=one))[ァ-ヴー]{3,12}|(?:[一-龯]{2,4}|[ァ-ヶー]{2,8})[ぁ-ん]{1,5}"
    r"|(?:[一-龯][ぁ-ん]{1,2}){2,3}|[一-龯][ぁ-ん]{1,4}(?:ます|した|です)|[一-龯ァ-ヴーA-Z][一-龯ァ-ヴーA-Za-z0-9]{3,11})(?P=word)"
)
_SHORT = re.compile(
    r"(?P<end>です|でした|ため|まで|より|から|こと|もの|という|として|とした|について|において|における|による|により|によって|ている|ており|ました|ません|します|しました"
    r"|される|された|されました|いただき|ください|ならびに|および|または|さらに|しかし|そして|また、|なお、)(?P=end)(?=[、。）」をがはにのでもと一-龯ァ-ヶぁ-ん]|$)"
)
_MANY = re.compile(r"(?<=[ぁ-ん一-龯])ますます(?=[。、）」]|$)")
_ENDING = re.compile(  # endings with a syllable typed twice: 支えまました, くだださい
    r"(?<=[えけげせてねべめれいきぎしちにびみりじ一-龯])(?<!ない)(?P<ま>まま)(?:した|して|せん|しょう|す(?=[。、がのと」]|$))|まし(?P<し>し)+(?=た(?:[。、がのめ」]|$))"
    r"|くだ(?P<だ>だ)さ|く(?P<く>く)ださい|ください(?P<い>い)(?=[。、]|$)|いた(?P<た>た)[だし]|いただ(?P<た2>だ)[きくけいこ]|(?<=[一-龯]ん)でい(?P<い2>い)(?:ま|る)"
    r"|まち(?:づくり(?P<り>り)|づ(?P<づ>づ)くり)"
)
_AGAIN = re.compile(
    r"(?P<数>(?<!\d)(?P<num>\d{1,4}(?:[年月日時分人名円回件％%]|か国))(?P=num))|(?P<約>約約(?![款定束分])|(?<!次)第第|[一-龯]ごとごと)"
    r"|(?<=\d)(?:(?P<人>人人(?![材口事権々気員間生命格類工体物])|名名(?![前簿称古])|円円(?!高安相)|回回(?![答収復路])|件件(?!数名)"
    r"|％％|社社(?![員長会内外])|か国か国)|(?P<名>人名(?![前簿称])))"
    r"|(?P<取り>(?P<stem>(?![思重離生活恐見代飛休行泣返浮切散別隠好楽苦近遠広高深折少])[一-龯][いきぎしちびみりえけげせてねべめれ])(?P=stem)(?=[一-龯ぁ-ん]))"
    r"|(?P<三>(?![あえこはふわうおー])(?P<three>[ぁ-ん])(?P=three){2,}|(?P<thrice>[一-龯]{2})(?P=thrice){2})"
    r"|(?<=[ぁ-ん、。])(?P<方>(?![一二三四五六七八九十〇])(?P<kanji>[一-龯])(?P=kanji))(?=[ぁ-ん、。])"
    r"|(?<=[をがにはで])(?:[一-龯])(?P<し>しし)(?=まし|ます|て|た)"
)
_SAID = re.compile(r"[ぁ-ん]{3}|[ァ-ヴー]{3}|[a-z ]+|[^ぁ-ん]+[とのに]|知らず")
_JOINS = re.compile("[一-龯々ァ-ヶーA-Za-z0-9]")
REACH = 40  # letters between two beginnings of what was pasted twice
_KANA = re.compile(r"(?P<kana>[ぁ-ん])(?P=kana)|(?P<word>です|ます|から|まで|では|には|とは|への|での|する)(?P=word)")
_MEANT = re.compile(
    r"^(?:[一何]|ひと|少し|もっと|ずっと|きっと|やっと|そっと|じっと|ぐっと|どんどん|だんだん|なかなか|まだまだ|わざわざ|いろいろ|それぞれ|とても|いつも|どうも|これは|それは|"
    r"まあ|さあ|ねえ|なんと|どこ|だれ|誰|次から|前へ|先へ|奥へ|上へ|下へ|後から|あと|地域|場面|場所|時代|季節|部分|要所|毎日|毎年|毎月|毎週|毎回|各自|個々|節目|段階|時々|次々|早く|"
    r"遠く|近く|多く|高く|深く|長く|強く|はる|ゆら|きら|わく|どき|にこ|ころ|ぽか|ふわ|さら|すく|のび|いき|ほか|ばら|ちら|ぴか|がや|わい|年々|日々|代々|国々|人々|津々|山々|家々|木々|個人|皆様|目出度|各国|貴重|本当|日に|年に)"
)
_BOUND = frozenset(("助詞", "助動詞"))
_STRAY = frozenset(("動詞", "助動詞", "接頭辞", "接尾辞"))


def marks(sheet: Sheet) -> Iterator[Hit]:
    """。。 、、 、。 ・・ and the like; …… and ―― are how Japanese writes them."""
    yield from once(_marks(sheet))


def _marks(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.holding(_MARKS):
        for match in _MARKS.finditer(passage.text):
            at, found = match.start(), match[0]
            if not passage.text[:at].strip() and found[0] in "・：；～〜／":
                continue  # a bullet or an ornament
            single = found[0] if len(set(found)) == 1 and len(found) > 1 else None
            what = (
                f"「{found}」と句読点や記号が重なっています。"
                if len(found) > 1
                else f"「{_around(passage, at, 1)}」に余分な「{found}」があります。"
            )
            yield passage.hit(
                match.span(), what, "どちらか一つにしてください。" if len(found) > 1 else f"「{found}」を消してください。", instead=single
            )


def letters(sheet: Sheet) -> Iterator[Hit]:
    """Letters that never stand twice: をを, っっ, ッッ, んん, ーー, 々々."""
    for passage in sheet.holding(_LETTERS):
        for match in _LETTERS.finditer(passage.text):
            around = _around(passage, match.start(), len(match[0]))
            message = f"「{around}」の「{match[0]}」は、同じ文字が重なっています。"
            yield passage.hit(match.span(), message, f"「{match[0][0]}」一つにしてください。", instead=match[0][0])


def particles(sheet: Sheet) -> Iterator[Hit]:
    """のの, がが, にに, でで: two particles of one sound, or one ending twice."""
    for passage in sheet.prose:
        for match in (*_SHORT.finditer(passage.text), *_MANY.finditer(passage.text)):
            half = len(match[0]) // 2
            yield _twice(passage, (match.start(), match.end()), match[0][:half])
        for match in _ENDING.finditer(passage.text):
            yield _syllable(passage, match)
        if _KANA.search(passage.text):
            told = {number for match in _SHORT.finditer(passage.text) for number in range(*match.span())}
            yield from (hit for start, hit in _by_words(passage) if start not in told)


def _syllable(passage: Passage, match: re.Match[str]) -> Hit:
    end = match.end(str(match.lastgroup))
    start = end - 1
    message = f"「{_around(passage, match.start(), len(match[0]))}」の「{passage.text[start:end]}」が重なっています。"
    return passage.hit((start, end), message, f"「{passage.text[start:end]}」の一つを消してください。", instead="")


def _by_words(passage: Passage) -> Iterator[tuple[int, Hit]]:
    found = words(passage.text)
    for number in range(len(found) - 1):
        first, second = found[number], found[number + 1]
        if (
            first.text[-1] == second.text[0]
            and "ぁ" <= second.text[0] <= "ん"
            and _clash(first, second, found[number - 1] if number else None)
        ):
            word = min(first.text, second.text, key=len)
            yield first.end - len(word), _twice(passage, (first.end - len(word), first.end + len(word)), word)


def _clash(first: Word, second: Word, before: Word | None) -> bool:
    """Whether two neighbours that end and begin alike cannot both be meant."""
    kinds = {first.kind, second.kind}
    if first.text == second.text:
        if kinds <= _BOUND:
            return (
                before is not None
                and before.kind not in ("補助記号", "空白")
                and not (first.text == "と" and before.kind in ("副詞", "感動詞"))
            )
        if first.text == "し" and kinds <= {"動詞", "助詞"}:
            return before is not None and before.text[0] not in "おご"
        return first.text in ("で", "が", "と") and kinds <= _BOUND | {"接続詞"}
    if len(second.text) == 1:
        return second.text != "し" and second.kind in _STRAY and first.kind in ("動詞", "助動詞", "代名詞", "接続詞")
    return len(first.text) == 1 and first.kind == second.kind == "助動詞" and second.text in ("まし", "ます", "ない")


def clauses(sheet: Sheet) -> Iterator[Hit]:
    """開催を開催を, 自治体自治体: a word or a clause that stands there twice."""
    for passage in sheet.prose:
        told: set[int] = set()
        for match in (*_CLAUSE.finditer(passage.text), *_LONG.finditer(passage.text)):
            if not told & set(range(*match.span())) and not _MEANT.match(_word(match)) and _is_slip(passage.text, match):
                told.update(range(*match.span()))
                yield _twice(passage, match.span(), _word(match))
        for match in _AGAIN.finditer(passage.text):
            kind = str(match.lastgroup)
            yield _twice(passage, match.span(kind), match[kind][-(len(match[kind]) // 2) :])
        for start, end in pasted_twice(passage.text) if passage.kind != "row" else ():
            if not told & set(range(start, end)):
                told.update(range(start, end))
                yield _twice(passage, (start, end), passage.text[start : start + (end - start) // 2])


def pasted_twice(text: str) -> Iterator[tuple[int, int]]:
    """Where a stretch of three letters or more stands twice in a row, a mark between the two or not: 第4回第4回, 市民に対し、市民に対し、."""
    last: dict[str, int] = {}
    done = 0
    for at in range(len(text) - 2):
        head = text[at : at + 3]
        before = last.get(head, -1)
        last[head] = at
        if before < done or not 3 <= at - before <= REACH:
            continue
        again = _without_mark(text[before:at])
        parted = len(again) < at - before
        if text.startswith(again, at) and _is_pasted(again, text[at + len(again) :], parted=parted):
            done = at + len(again)
            yield before, done


def _without_mark(text: str) -> str:
    return text[:-1] if text[-1] in "、，・ 　" else text


def _is_pasted(again: str, behind: str, *, parted: bool) -> bool:
    """Whether it is text that nobody says twice: not 少しずつ少しずつ, 大宮区大宮区役所, 東、西、東、西."""
    if len(again) < (8 if "、" in again else 3) or "|" in again or "。" in again or _MEANT.match(again) or again.endswith("ずつ"):
        return False
    if (
        again[0] in "、。・）」』】：:"
        or re.match("[役駅]所?", behind)
        or _SAID.fullmatch(again)
        or (parted and re.fullmatch(".{2,3}[ないく]", again))
    ):
        return False
    if again.count("「") != again.count("」") or again.count("（") != again.count("）") or re.match("[^「（]*[」）]", again):
        return False
    if re.fullmatch("[A-Z][A-Za-z0-9]+", again):
        return not re.match("[A-Za-z0-9]", behind)
    if (parted or "、" in again) and _JOINS.match(behind) and not re.search("[ぁ-ん]$", again):
        return False  # みほん村、みほん村観光協会
    return bool(re.search("[ぁ-んァ-ヴ一-龯A-Za-z]", again))


def _word(match: re.Match[str]) -> str:
    return match[0][: len(match[0]) // 2]


def _is_slip(text: str, match: re.Match[str]) -> bool:
    """Whether the halves are words: 東京都京都市, 日に日に and ニャーニャー are no slips."""
    word = _word(match)
    if word.endswith("と") or re.fullmatch(r"[ぁ-ん0-9０-９,.]+", word) or (len(word) == 2 and not re.match(r"[一-龯ァ-ヶ]{2}", word)):
        return False
    if re.fullmatch(r"[ァ-ヶー]+", word):
        return len(word) > 3 or not re.search(r"[ァィゥェォャュョ]", word)
    if re.fullmatch(r"[一-龯々]+", word):
        before, behind = text[: match.start()][-1:], text[match.end() :][:1]
        return not re.match(r"[一二三四五六七八九十百千]", word) and not (re.match(r"[一-龯々]", before) and re.match(r"[一-龯々]", behind))
    return True


def _twice(passage: Passage, span: tuple[int, int], word: str) -> Hit:
    around = _around(passage, span[0], span[1] - span[0])
    message = f"「{around}」の「{word}」が重なっています。"
    return passage.hit(span, message, f"「{word}」の一つを消してください。", instead=word)


def _around(passage: Passage, at: int, length: int) -> str:
    return passage.raw[max(at - 4, 0) : at + length + 4].strip(" 　\n|")


RULES = (
    Rule(
        code="CHAR001",
        title="重なった句読点",
        severity=Severity.WARNING,
        reason="重なった句読点は、直した跡や打ち損じです。",
        source="公用文作成の考え方 Ⅰ-5（句読点）",
        bad="会員自治体の皆様に展望をお話ししました。。",
        good="数字は……と続きます。会場――市民会館――では①～③を話しました。",
        find=marks,
    ),
    Rule(
        code="CHAR002",
        title="重なった文字",
        severity=Severity.WARNING,
        reason="「を」「っ」「ー」などは、日本語では二つ続きません。",
        source="編集部の経験（報告書の「メッッセージ」）",
        bad="自治体のメッッセージを発表しました。",
        good="ケーススタディとニュースレターを、後押ししています。",
        find=letters,
    ),
    Rule(
        code="CHAR003",
        title="重なった助詞",
        severity=Severity.WARNING,
        reason="同じ助詞や語尾が二つ続くのは、書き直した跡です。",
        source="編集部の経験、形態素解析（SudachiPy）",
        bad="横浜市がが取組を紹介しました。",
        good="市とともに進めることとします。子どもも大人もものの見方が変わりました。",
        find=particles,
    ),
    Rule(
        code="CHAR004",
        title="重なった語",
        severity=Severity.WARNING,
        reason="同じ語が続けて二度あるのは、切り貼りの残りです。",
        source="編集部の経験",
        bad="セミナーを開催を開催します。",
        good="一つ一つの取組を、いろいろな地域で、何度も何度も話し合いました。",
        find=clauses,
    ),
)
