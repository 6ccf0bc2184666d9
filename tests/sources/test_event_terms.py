"""A conference's own glossary counts for case studies too: in the checks beside their sources, on worksheets and with machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import casedesk, desk
from pipeline.config import MASTHEAD, read_masthead
from pipeline.model import Finding
from pipeline.sources.casework import review_case
from pipeline.sources.events import ruled
from pipeline.sources.glossary import GLOSSARY, parse_glossary
from tests.builders import ROOT, workspace
from tests.sources.test_cases import DAY, edit
from tests.test_build import enews

ID = "x/2025-11-12-mutirao"
SOURCE = (
    "---\n配信元: x\n原題: Mutirao\n出典: X\n言語: en\n公開日: 2025-11-12\n原文: https://x.example/1\n原文の版: 1\n---\n\n"
    "The ministerial meeting praised the Global Mutirao.\n"
)
NAMES = "wrong,right,note\n大臣会合,閣僚会合,\nGlobal Mutirao,グローバル・ムチラン,\nG7,G7,そのまま\n"
HOUSE = "en,ja,yomi,kind,from,to,note\nMinisterial Meeting,大臣会合,,term,,,\nGlobal Mutirao,世界の共同作業,,term,,,\n"
ISSUE = "---\n版: {edition}\n発行日: 2025-11-14\n{event}導入文: 今号：見本\n事例: {case}\n---\n\n1. 一つ目です。\n"


def desk_with(root: Path, *, edition: str = "special", event: str = "会議: cop30\n", case: str = ID) -> desk.Workspace:
    """A workspace with one case, which a report of COP30 lists; that office shows cases in its special editions."""
    workspace(root, {"issue.md": ISSUE.format(edition=edition, event=event, case=case)}, slug="2025-11-cop30")
    masthead = (ROOT / MASTHEAD).read_text("utf-8").replace('sections = ["conference", ', 'sections = ["conference", "overseas", ')
    (root / MASTHEAD).write_text(masthead, "utf-8")
    files = {f"issues/cases/{ID}.source.md": SOURCE, "issues/events/cop30/glossary.csv": NAMES, GLOSSARY: HOUSE}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return desk.open_workspace(root)


def missing(opened: desk.Workspace, body: str) -> list[Finding]:
    """The terms that a reviewed translation with this body lacks."""
    path = casedesk_start(opened)
    edit(path, "（ここに訳文を書き、この行を消してください）", body)
    edit(path, "（邦題）", "協働")
    review_case(opened.root, opened.masthead, ID, by="校閲太郎", today=DAY)
    return [finding for finding in desk.check(opened, "2025-11-cop30").findings if finding.code == "GLO001"]


def casedesk_start(opened: desk.Workspace) -> Path:
    """The Japanese file of the case."""
    return desk.start_case(opened, ID)


def test_the_events_names_are_the_ones_that_a_translation_must_have(tmp_path: Path) -> None:
    """What the event decided is right though the house's glossary says otherwise; a foreign name of the event's table is a term."""
    assert missing(desk_with(tmp_path), "閣僚会合は、グローバル・ムチランを評価しました。") == []


def test_what_the_house_says_elsewhere_is_missed_in_a_report_of_the_event(tmp_path: Path) -> None:
    """The expected form is the event's, and so is the table that is named."""
    opened = desk_with(tmp_path)
    first, second = sorted(missing(opened, "大臣会合は、世界の共同作業を評価しました。"), key=lambda finding: finding.message)
    assert "「global mutirao」にあたる「グローバル・ムチラン」" in first.message
    assert "issues/events/cop30/glossary.csv" in first.hint
    assert "「ministerial meeting」にあたる「閣僚会合」" in second.message


def test_elsewhere_the_house_decides(tmp_path: Path) -> None:
    """The same case in a monthly without an event keeps to the house's glossary."""
    opened = desk_with(tmp_path, edition="monthly", event="")
    assert missing(opened, "大臣会合は、世界の共同作業を評価しました。") == []


def test_the_worksheet_gives_the_events_terms_to_a_case_that_its_report_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By command, and in JSON; a case that no report lists gets the house's."""
    opened = desk_with(tmp_path)
    assert enews(tmp_path, "translate", ID, "--json") == 0
    assert f'"worksheet": "build/worksheets/{ID}.html"' in capsys.readouterr().out
    page = (tmp_path / f"build/worksheets/{ID}.html").read_text("utf-8")
    assert "Global Mutirao → グローバル・ムチラン" in page
    assert "Ministerial Meeting → 閣僚会合" in page
    issue = tmp_path / "issues/2025-11-cop30/issue.md"
    issue.write_text(issue.read_text("utf-8").replace(f"事例: {ID}\n", ""), "utf-8")
    assert [outcome.error for outcome in casedesk.translate(opened, [ID])] == [""]
    assert "Ministerial Meeting → 大臣会合" in (tmp_path / f"build/worksheets/{ID}.html").read_text("utf-8")


def test_without_names_the_glossary_stays_as_it_is(tmp_path: Path) -> None:
    """No event, or one that has decided nothing."""
    terms = parse_glossary(HOUSE, path=GLOSSARY)[0]
    event = read_masthead(ROOT).event("cop30")
    assert ruled(tmp_path, terms, None) is terms
    assert ruled(tmp_path, terms, event) is terms


def test_a_case_in_an_edition_without_a_place_for_it_is_said(tmp_path: Path) -> None:
    """The special edition of the sample masthead shows no cases: an error, not a heading that nobody expected."""
    workspace(tmp_path, {"issue.md": ISSUE.format(edition="special", event="会議: cop30\n", case=ID)}, slug="2025-11-cop30")
    path = tmp_path / f"issues/cases/{ID}.source.md"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, "utf-8")
    codes = [finding.code for finding in desk.check(desk.open_workspace(tmp_path), "2025-11-cop30").findings]
    assert "SEC002" in codes
