"""Rules about brackets and quotation marks: passages in, findings on those without a partner, in the wrong order or of mixed width out.

A quotation may run over several paragraphs; list marks (「1）」「a)」「①）」) need no partner. It judges marks only, never words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

OPENING = "「『（([［【〔｛{《〈≪“｢＜"
CLOSING = "」』）)]］】〕｝}》〉≫”｣＞"
_FULL = {"(": "（", ")": "）", "[": "［", "]": "］", "{": "｛", "}": "｝", "｢": "「", "｣": "」"}  # fmt: skip
_PARTNER = dict(zip(CLOSING, OPENING, strict=True)) | dict(zip(OPENING, CLOSING, strict=True))
_QUOTES = "「」『』“”"
_SIGN = re.compile(f"[{re.escape(OPENING + CLOSING)}]")
_REACH = 12  # passages that a long quotation may run over

# 1）, a), ①), ア）, (1)… that begin a line or stand behind a mark
_LIST_MARK = re.compile(
    r"(?:[0-9０-９]{1,2}(?:[-－.][0-9０-９]{1,2})?|[a-zA-Zａ-ｚＡ-Ｚ]|[ivxIVX]{1,4}|[ア-ンあ-んァ-ヶ]|[①-⑳]|[一二三四五六七八九十])$"
)
_SMILE = re.compile(r"[:;]-?\)|[:;]-?\((?=\s|$)|[(（][\^＾][^)）]{0,4}[)）]")
_LESS = re.compile(r"[0-9０-９ 　]?[＜＞]{1,2}=?[ 　]?[0-9０-９]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A bracket and where it stands."""

    sign: str
    passage: Passage
    at: int

    @property
    def kind(self) -> str:
        """The sign in full width: （ and ( are one kind."""
        return _FULL.get(self.sign, self.sign)

    @property
    def opens(self) -> bool:
        return self.sign in OPENING

    def hit(self, message: str, hint: str, *, instead: str | None = None) -> Hit:
        return self.passage.hit((self.at, self.at + 1), message, hint, instead=instead)


def unpaired(sheet: Sheet) -> Iterator[Hit]:
    """A mark without its partner, or one that another kind of mark closes."""
    for _, group in groupby(sheet.prose, key=lambda passage: passage.path):
        yield from _lonely(tuple(group))


def widths(sheet: Sheet) -> Iterator[Hit]:
    """（…) and (…）: one of the two is half-width."""
    yield from once(_mixed(sheet))


def _mixed(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.prose:
        for first, last in _pairs(passage)[0]:
            half = next((mark for mark in (first, last) if mark.sign in _FULL), None)
            if half and (first.sign in _FULL) != (last.sign in _FULL):
                message = f"括弧「{first.sign}…{last.sign}」の全角と半角が混ざっています。"
                yield half.hit(message, f"全角の「{half.kind}」にそろえてください。", instead=half.kind)


def crossed(sheet: Sheet) -> Iterator[Hit]:
    """「…『…」…』: the inner mark is closed after the outer one."""
    for passage in sheet.prose:
        _, opened, closed = _pairs(passage)
        later = _by_partner(closed)
        for mark in opened:
            partner = _later(mark, later)
            if partner:
                message = f"「{mark.sign}」と、それを囲む括弧の閉じる順序が入れ違っています。"
                yield mark.hit(message, f"内側の「{mark.sign}」を先に「{partner.sign}」で閉じてください。")


def doubled(sheet: Sheet) -> Iterator[Hit]:
    """「「…」」: quotation marks pressed twice."""
    for passage in sheet.prose:
        for match in re.finditer(r"「「[^「」]*」」|『『[^『』]*』』|【【[^【】]*】】|“{2}[^“”]*”{2}", passage.text):
            yield passage.hit(match.span(), f"括弧「{match[0][:2]}」が重なっています。", "一つにしてください。中の引用には『』を使います。")


def _lonely(passages: tuple[Passage, ...]) -> Iterator[Hit]:
    found = [_pairs(passage)[1:] for passage in passages]
    over = _over_paragraphs(passages, found)
    for opened, closed in found:
        later = _by_partner(closed)
        crossed_by = [(mark, other) for mark in opened if (other := _later(mark, later))]
        silent = {id(mark) for pair in crossed_by for mark in pair} | {id(mark) for mark in (*opened, *closed) if id(mark) in over}
        wrong = _mismatched(opened, closed, silent)
        for mark, other in wrong:
            message = f"「{mark.sign}」が「{other.sign}」で閉じられています。"
            yield other.hit(message, f"「{_PARTNER[mark.sign]}」で閉じるか、始めを「{_PARTNER[other.sign]}」にしてください。")
        silent |= {id(mark) for pair in wrong for mark in pair}
        yield from (_alone(mark) for mark in (*opened, *closed) if id(mark) not in silent)


def _alone(mark: _Mark) -> Hit:
    partner = _PARTNER[mark.sign]
    around = mark.passage.raw[max(mark.at - 8, 0) : mark.at + 9].strip()
    if mark.opens:
        return mark.hit(
            f"「{mark.sign}」が閉じていません（{around}）。", f"対になる「{partner}」を補うか、「{mark.sign}」を消してください。"
        )
    message = f"「{mark.sign}」に対になる「{partner}」がありません（{around}）。"
    return mark.hit(message, f"始めの「{partner}」を補うか、「{mark.sign}」を消してください。")


@lru_cache(maxsize=1024)
def _pairs(passage: Passage) -> tuple[list[tuple[_Mark, _Mark]], list[_Mark], list[_Mark]]:
    """(pairs, marks that nothing closes, marks that close nothing) of one passage."""
    pairs: list[tuple[_Mark, _Mark]] = []
    stack: list[_Mark] = []
    opened: list[_Mark] = []
    closed: list[_Mark] = []
    for mark in _marks(passage):
        if mark.opens:
            stack.append(mark)
            continue
        wanted = _PARTNER[mark.kind]
        partner = next((number for number in range(len(stack) - 1, -1, -1) if stack[number].kind == wanted), None)
        if partner is None:
            closed.append(mark)
        else:
            pairs.append((stack[partner], mark))
            opened.extend(stack[partner + 1 :])
            del stack[partner:]
    unclosed = sorted((*opened, *stack), key=lambda mark: mark.at)
    return pairs, unclosed, [mark for mark in closed if not _is_list_mark(mark)]


def _marks(passage: Passage) -> Iterator[_Mark]:
    text = passage.text
    spared = {n for pattern in (_SMILE, _LESS) for match in pattern.finditer(text) for n in range(*match.span())}
    ticks = _curly(text)
    links = "](" in text
    for match in _SIGN.finditer(text):
        at, sign = match.start(), match[0]
        if at in spared or (links and sign in "[]()") or (sign in "“”" and not ticks):
            continue
        if not (sign == "＞" and not text[:at].strip("＞ 　")):  # ＞ that begins a line is a quotation or a bullet
            yield _Mark(sign=sign, passage=passage, at=at)


def _curly(text: str) -> bool:
    """Whether “ and ” are used as a pair: ”…” alone is how some machines write both."""
    return "“" in text or text.count("”") % 2 == 1


def _is_list_mark(mark: _Mark) -> bool:
    if mark.kind != "）":
        return False
    text = mark.passage.text
    token = _LIST_MARK.search(text, max(mark.at - 5, 0), mark.at)  # no token has more than five letters
    if not token:
        return False
    start = token.start()
    offsets = mark.passage.offsets
    begins = start == 0 or offsets[start] - offsets[start - 1] > 1  # a line of the file begins here
    return begins or text[start - 1] in " 　、。，：:；;・（(「『【】|｜＜＞－―～※）)\ue000"


def _by_partner(closed: list[_Mark]) -> dict[str, list[_Mark]]:
    """Closing marks by the sign that would open them, in order."""
    found: dict[str, list[_Mark]] = {}
    for mark in closed:
        found.setdefault(_PARTNER[mark.sign], []).append(mark)
    return found


def _later(mark: _Mark, closed: dict[str, list[_Mark]]) -> _Mark | None:
    """The next mark behind this one that would close it."""
    others = closed.get(mark.sign, [])
    number = bisect_right(others, mark.at, key=attrgetter("at"))
    return others[number] if number < len(others) else None


def _mismatched(opened: list[_Mark], closed: list[_Mark], spared: set[int]) -> list[tuple[_Mark, _Mark]]:
    """An opening mark and the next closing one of another kind: 「…』."""
    pairs = []
    free = deque(mark for mark in closed if id(mark) not in spared)
    for mark in opened:
        while free and free[0].at <= mark.at:
            free.popleft()
        other = free[0] if free else None
        if id(mark) not in spared and other and (other.sign in _QUOTES) == (mark.sign in _QUOTES) and other.kind != _PARTNER[mark.sign]:
            pairs.append((mark, free.popleft()))
    return pairs


def _over_paragraphs(passages: tuple[Passage, ...], found: list[tuple[list[_Mark], list[_Mark]]]) -> set[int]:
    """Marks of a quotation or a remark that runs over several paragraphs of one body; each of them may begin with the mark anew."""
    paired: set[int] = set()
    closing = [{sign: deque(marks) for sign, marks in _by_partner(closed).items()} for _, closed in found]
    opening = [{sign: list(marks) for sign, marks in groupby(sorted(opened, key=_sign), key=_sign)} for opened, _ in found]
    for number, (opened, _) in enumerate(found):
        if passages[number].kind == "field":
            continue
        for mark in opened:
            waiting = [mark]
            for later in range(number + 1, min(number + _REACH, len(found))):
                if passages[later].kind in ("field", "heading"):
                    break
                if closes := closing[later].get(mark.sign):
                    paired.update(id(one) for one in (*waiting, closes.popleft()))
                    break
                again = opening[later].get(mark.sign, [])
                if again and again[-1].at > 0:
                    break
                waiting.extend(again)
                if again and any(_closes_itself(passages[later], other) for other in again):
                    break
    return paired | _begun_anew(passages, found)


def _sign(mark: _Mark) -> str:
    return mark.sign


def _closes_itself(passage: Passage, mark: _Mark) -> bool:
    return _PARTNER[mark.sign] in passage.text[mark.at :]


def _begun_anew(passages: tuple[Passage, ...], found: list[tuple[list[_Mark], list[_Mark]]]) -> set[int]:
    """「 at the head of each paragraph of a long quotation, of which only the last is closed."""
    anew = set()
    for number, (opened, _) in enumerate(found[:-1]):
        following = passages[number + 1]
        for mark in opened:
            alike = following.kind == passages[number].kind != "field"
            if mark.at == 0 and mark.sign in "「『" and alike and following.text.startswith(mark.sign):
                anew.add(id(mark))
    return anew


RULES = (
    Rule(
        code="BRK001",
        title="相手のない括弧",
        severity=Severity.WARNING,
        reason="閉じていない括弧や始まりのない括弧は、どこまでが引用や注記なのかを分からなくします。",
        source="公用文作成の考え方 Ⅰ-5（括弧）、実際に配信された誤り",
        bad="『湿地都市の市長会議で名古屋市が発表しました。",
        good="1）会場は市民会館、2）定員は40人（先着順）です。",
        find=unpaired,
    ),
    Rule(
        code="BRK002",
        title="全角と半角の括弧",
        severity=Severity.WARNING,
        reason="片方だけ半角の括弧は、字間がそろわず、検索でも見つからなくなります。",
        source="公用文作成の考え方 Ⅰ-5（括弧）",
        bad="第29回締約国会議（UNFCCC-COP29)が開かれました。",
        good="第29回締約国会議（UNFCCC-COP29）が開かれました。",
        find=widths,
    ),
    Rule(
        code="BRK003",
        title="括弧の順序",
        severity=Severity.WARNING,
        reason="内側の括弧を先に閉じないと、引用の範囲が読み取れません。",
        source="公用文作成の考え方 Ⅰ-5（括弧）",
        bad="市は「手引き『食と循環」』を公表しました。",
        good="市は「手引き『食と循環』」を公表しました。",
        find=crossed,
    ),
    Rule(
        code="BRK004",
        title="重なった括弧",
        severity=Severity.WARNING,
        reason="二重に打った括弧は、変換や貼り付けの残りです。",
        source="公用文作成の考え方 Ⅰ-5（括弧）",
        bad="「「食と循環」」をテーマに話し合いました。",
        good="「『食と循環』の手引き」を公表しました。",
        find=doubled,
    ),
)
