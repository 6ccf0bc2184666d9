"""The door of the room: records in, findings out; it never changes anything and reads no file.

Adding a check is a function and a ``Rule`` in its family's ``RULES``. ``waive`` takes out what a named person lets stand (ママ).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.checks import (
    agreement,
    announced,
    asked,
    bounds,
    brackets,
    cases,
    casetext,
    complete,
    contacts,
    counting,
    days,
    deadlines,
    doubles,
    editions,
    event,
    fixed,
    headlines,
    homophones,
    hours,
    items,
    leftovers,
    letters,
    links,
    linktext,
    lookalikes,
    mail,
    mailparts,
    measured,
    mistyped,
    names,
    neighbours,
    notation,
    numbered,
    officials,
    orders,
    people,
    pictures,
    promised,
    prose,
    rates,
    recalled,
    reckoned,
    remains,
    remarks,
    repeats,
    scales,
    schedule,
    sequences,
    spaces,
    spans,
    spelling,
    strays,
    subjects,
    sums,
    targets,
    timewords,
    unfinished,
    wavering,
)
from pipeline.checks.online import PREFIX
from pipeline.checks.passages import all_passages
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.config import Masthead
from pipeline.model import Email, Finding, Issue, Notation, Original, Severity, Term, Waiver

FAMILIES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("日付", (*days.RULES, *hours.RULES, *spans.RULES, *deadlines.RULES, *agreement.RULES, *schedule.RULES, *recalled.RULES)),
    ("時を表す言葉", (*timewords.RULES, *neighbours.RULES)),
    ("会議", event.RULES),
    ("名前", (*names.RULES, *people.RULES, *officials.RULES, *numbered.RULES, *fixed.RULES, *wavering.RULES)),
    (
        "数",
        (
            *counting.RULES,
            *orders.RULES,
            *sums.RULES,
            *sequences.RULES,
            *scales.RULES,
            *rates.RULES,
            *headlines.RULES,
            *bounds.RULES,
            *measured.RULES,
            *reckoned.RULES,
            *announced.RULES,
        ),
    ),
    ("書き漏れ", (*complete.RULES, *asked.RULES, *promised.RULES, *unfinished.RULES)),
    ("記事", (*items.RULES, *repeats.RULES)),
    ("写真", pictures.RULES),
    ("リンク", (*links.RULES, *linktext.RULES, *targets.RULES)),
    ("発信元のメールの残り", (*leftovers.RULES, *remarks.RULES, *mailparts.RULES, *contacts.RULES, *strays.RULES)),
    ("括弧と文字", (*brackets.RULES, *doubles.RULES, *lookalikes.RULES, *letters.RULES, *spaces.RULES, *remains.RULES, *mistyped.RULES)),
    ("表記と言葉", (*notation.RULES, *spelling.RULES, *homophones.RULES, *prose.RULES)),
    ("海外事例", (*cases.RULES, *casetext.RULES)),
    ("メール", (*mail.RULES, *subjects.RULES, *editions.RULES)),
)
NEVER_WAIVED = ("APPR001", "APPR002")  # an approval is given again, or it is none
MOST = 20  # findings of one rule in one file; nobody reads on
RULES = tuple(rule for _, rules in FAMILIES for rule in rules)


def run(
    issue: Issue,
    email: Email,
    *,
    masthead: Masthead,
    glossary: tuple[Term, ...] = (),
    notation: tuple[Notation, ...] = (),
    originals: Mapping[str, Original] | None = None,
) -> tuple[Finding, ...]:
    """Every finding on the issue and its mail (with neutral merge fields), in the order of the rules; ``originals``: slug of a case → source."""
    sheet = Sheet(
        issue=issue,
        email=email,
        masthead=masthead,
        glossary=glossary,
        notation=notation,
        originals=originals or {},
        passages=all_passages([(issue.manuscript, None), *((article.manuscript, article) for article in issue.articles)]),
    )
    return tuple(finding for rule in RULES for finding in findings_of(rule, sheet))


def findings_of(rule: Rule, sheet: Sheet) -> Iterable[Finding]:
    """What one rule finds, as findings with its code; what it finds too often in one file is told with the last one."""
    files: dict[str, list[Hit]] = {}
    for hit in rule.find(sheet):
        files.setdefault(hit.place.path, []).append(hit)
    for hits in files.values():
        for hit in hits[: MOST - 1]:
            yield _finding(rule, hit)
        if len(hits) >= MOST:
            rest = hits[MOST:]
            more = f"（ほか{len(rest):,}か所）" if rest else ""
            fix = tuple(edit for hit in hits[MOST - 1 :] for edit in hit.fix)
            yield _finding(rule, replace(hits[MOST - 1], message=hits[MOST - 1].message + more, fix=fix))


def _finding(rule: Rule, hit: Hit) -> Finding:
    severity = hit.severity or rule.severity
    return Finding(code=rule.code, severity=severity, message=hit.message, hint=hit.hint, place=hit.place, fix=hit.fix)


def waive(
    findings: Iterable[Finding], issue: Issue, house: tuple[Waiver, ...] = ()
) -> tuple[tuple[Finding, ...], tuple[tuple[Finding, Waiver], ...]]:
    """(findings that stay, findings waived with their waiver).

    A waiver in an article covers that article, one in issue.md the issue, one of the masthead (``house``) every issue. A waiver of the first
    two that covers nothing any more becomes a note (WAIV001): it was written for something that has been mended, and would hide the next slip.
    Of links that is not said: whether a server is in a bad mood changes by the hour.
    """
    whole = {waiver.code: waiver for waiver in (*house, *issue.waivers)}
    local = {(waiver.code, article.place.path): waiver for article in issue.articles for waiver in article.waivers}
    kept, waived = [], []
    for finding in findings:
        path = finding.place.path if finding.place else ""
        waiver = local.get((finding.code, path)) or whole.get(finding.code)
        if waiver and finding.code not in NEVER_WAIVED:
            waived.append((finding, waiver))
        else:
            kept.append(finding)
    used = {(waiver.code, waiver.place) for _, waiver in waived}
    written = (*issue.waivers, *local.values())
    kept += [_idle(waiver) for waiver in written if (waiver.code, waiver.place) not in used and not waiver.code.startswith(PREFIX)]
    return tuple(kept), tuple(waived)


def _idle(waiver: Waiver) -> Finding:
    message = f"「ママ：{waiver.code}」（{waiver.reason}、{waiver.name}）に当てはまる指摘は、もうありません。"
    if waiver.code in NEVER_WAIVED:
        message = f"「ママ：{waiver.code}」（{waiver.reason}、{waiver.name}）は使えません。承認についての指摘は、外せません。"
    hint = "「ママ」のその行を消してください。残しておくと、次の間違いを見逃します。"
    return Finding(code="WAIV001", severity=Severity.NOTE, message=message, hint=hint, place=waiver.place)
