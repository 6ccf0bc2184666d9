"""The rows of ``make bench``: what is measured, beside what, and which target it is held against. Targets are reported here, never asserted.

Nothing here may help ours: every warm round has another issue, and one whose text no cache has seen where the whole is rendered; the file
system's cache is warm for everybody.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median

import lxml.html

from pipeline.desk import Workspace
from pipeline.render import html, inline, page_of, render, text
from pipeline.render.outline import Page
from pipeline.sources import load_issue
from tests.bench import peers, swapped
from tests.bench.clock import Line, Row, Run, Verdict, ahead_of, at_most, cold, interleave, timed
from tests.bench.counts import count, links_of
from tests.bench.imports import import_costs
from tests.bench.issue import SLUG
from tests.bench.prose import COLUMNS, faults
from tests.builders import ROOT

COLD_ROUNDS = 7
WARM_ROUNDS, WARMUPS = 9, 2
PYTHON, OURS, SWAPPED = "python -c pass", "enews build", "enews build on css-inline"
PREMAILER, CSS_INLINE = "premailer, its defaults", "css-inline"
MJML, MAIZZLE, REACT, JUICE = "mjml", "Maizzle build", "react-email render", "juice"
PACKAGES = {MJML: "mjml", MAIZZLE: "@maizzle/framework", REACT: "@react-email/render", JUICE: "juice"}
MISSING = "not installed: npm could not fetch it here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The material, and ``folder`` for what comes out.

    One workspace for cold builds, ``pages`` for warm rounds with the peers' documents of them, ``fresh`` pages that nothing was made of yet.
    """

    folder: Path
    workspace: Workspace
    pages: tuple[Page, ...]
    fresh: tuple[Page, ...]
    documents: tuple[peers.Documents, ...]

    @property
    def built(self) -> Path:
        """Where ``enews build`` leaves its files."""
        return self.workspace.root / "build" / SLUG

    def mail(self, suffix: str) -> str:
        """The built mail's HTML or text."""
        return next(self.built.glob(f"{SLUG}*{suffix}")).read_text(encoding="utf-8")


def page_in(workspace: Workspace) -> Page:
    """The page of the one issue in a workspace."""
    return page_of(load_issue(workspace.root, SLUG, workspace.masthead)[0], workspace.masthead)


def enews() -> str:
    """The command as it is installed beside this Python."""
    return str(Path(sys.executable).with_name("enews"))


def start_up(bench: Bench) -> Row:
    """``enews --help``: what every command pays before it does anything."""
    help_name = "enews --help"
    runs = {help_name: cold([enews(), "--help"], cwd=bench.folder), PYTHON: cold(peers.python("-c", "pass"), cwd=bench.folder)}
    taken = interleave(runs, rounds=3 * COLD_ROUNDS)
    lines = (
        Line(name=help_name, version=version("enews"), samples=taken[help_name]),
        Line(name=PYTHON, version=sys.version.split()[0], samples=taken[PYTHON]),
    )
    row = Row(key="start-up", title="START-UP, a new process each time", unit="s", lines=lines, base=PYTHON)
    return _with(row, at_most(f"at most 5 x {PYTHON}", row.ratio(help_name), 5, shown="{:.1f} x"))


def _with(row: Row, *verdicts: Verdict, notes: tuple[str, ...] = ()) -> Row:
    return replace(row, verdicts=verdicts, notes=notes)


def commands(bench: Bench) -> dict[str, tuple[list[str], Path]]:
    """Every way of making the mail in a new process: its command line and the folder it runs in."""
    build, documents = ["build", SLUG, "--workspace", str(bench.workspace.root)], bench.documents[0]
    mjml, maizzle = peers.MODULES / "mjml" / "bin" / "mjml", peers.MODULES / "@maizzle" / "framework" / "bin" / "maizzle.mjs"
    found = {
        OURS: ([enews(), *build], ROOT),
        PYTHON: (peers.python("-c", "pass"), ROOT),
        SWAPPED: (peers.python("-m", "tests.bench.swapped", *build), ROOT),
        REACT: (peers.node(peers.HOME / "react.mjs", documents.react, documents.react.with_name("react.html")), ROOT),
        MJML: (peers.node(mjml, documents.mjml, "-o", documents.mjml.with_name("mjml.html")), ROOT),
        MAIZZLE: (peers.node(maizzle, "build"), documents.maizzle),
    }
    return {name: entry for name, entry in found.items() if name not in PACKAGES or peers.version(PACKAGES[name])}


def cold_build(bench: Bench) -> Row:
    """The whole build as a new process, ``build/<slug>`` deleted, beside what others make of the same issue."""

    def clear() -> None:
        shutil.rmtree(bench.workspace.root / "build", ignore_errors=True)
        shutil.rmtree(bench.documents[0].maizzle / "dist", ignore_errors=True)

    runs = {name: cold(command, cwd=cwd, before=clear) for name, (command, cwd) in commands(bench).items()}
    taken = interleave(runs, rounds=COLD_ROUNDS)
    versions = {OURS: version("enews"), PYTHON: sys.version.split()[0], SWAPPED: version("css-inline")}
    names = (OURS, SWAPPED, REACT, MJML, MAIZZLE, PYTHON)
    lines = tuple(_line(name, taken, versions.get(name) or peers.version(PACKAGES.get(name, ""))) for name in names)
    row = Row(key="cold-build", title="COLD BUILD, build/ deleted, a new process each time", unit="s", lines=lines)
    return _with(
        row,
        *(ahead_of(name, row.ratio(name)) for name in (MJML, MAIZZLE, REACT)),
        at_most(f"at most 35 x {PYTHON}", row.ratio(OURS, PYTHON), 35, shown="{:.1f} x"),
        notes=(
            "Ours reads Markdown, checks, and writes HTML, text, .eml, report, pictures and a page to look at; peers get finished HTML.",
        ),
    )


def _line(name: str, taken: dict[str, tuple[float, ...]], of: str) -> Line:
    return Line(name=name, version=of, samples=taken[name]) if name in taken else Line(name=name, note=MISSING)


def import_row(bench: Bench) -> Row:
    """What each library costs a cold build, measured inside it."""
    command = [sys.executable, "-X", "importtime", *commands(bench)[OURS][0]]
    reports = [
        import_costs(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stderr)
        for _ in range(COLD_ROUNDS)
    ]
    names = sorted({name for report in reports for name in report}, key=lambda name: -median(report.get(name, 0) for report in reports))
    every = tuple(sum(report.values()) for report in reports)
    lines = tuple(Line(name=name, samples=tuple(report.get(name, 0) for report in reports)) for name in names)
    dear = tuple(line for line in lines if (line.median or 0) >= 0.0005)
    return Row(
        key="imports", title="IMPORTS of a cold build (python -X importtime, which itself adds to each)", unit="s",
        lines=(Line(name="all imports", samples=every), *dear),
    )  # fmt: skip


def html_bytes(bench: Bench) -> Row:
    """Bytes of the finished HTML, ours and everybody's, and how many of them the reader can see."""
    documents = bench.documents[0]
    pages = {OURS: bench.mail(".html")}
    source = html.source(bench.pages[0], bench.workspace.templates)
    made = {
        REACT: documents.react.with_name("react.html"),
        MJML: documents.mjml.with_name("mjml.html"),
        MAIZZLE: documents.maizzle / "dist" / "issue.html",
    }
    pages |= {
        SWAPPED: swapped.inline(source, kept_in(source)),
        **{name: path.read_text(encoding="utf-8") for name, path in made.items() if path.is_file()},
    }
    lines, notes = [], []
    for name in (OURS, SWAPPED, REACT, MJML, MAIZZLE):
        if name not in pages:
            lines.append(Line(name=name, note=MISSING))
            continue
        found = count(pages[name])
        seen = f"{found.html_bytes / found.text_bytes:.2f} x visible"
        lines.append(Line(name=name, samples=(float(found.html_bytes),), note=seen))
    ours = count(pages[OURS])
    notes = ["Peers' pages lack the contents list, deadlines, addresses in small type and most of the footer: look at x visible text."]
    return _with(
        Row(key="html-bytes", title="BYTES of the HTML", unit="bytes", lines=tuple(lines)),
        at_most("at most 2 x the visible text's UTF-8 bytes", ours.html_bytes / ours.text_bytes, 2, shown="{:.2f} x"),
        at_most("at most 75,000 bytes", ours.html_bytes, 75_000, shown="{:,.0f}"),
        notes=tuple(notes),
    )


def kept_in(source: str) -> tuple[str, ...]:
    """The sheets of a page that stay, as the pipeline hands them to its inliner."""
    return tuple(style.text or "" for style in lxml.html.document_fromstring(source).iter("style") if style.get("data-premailer"))


def warm_inlining(bench: Bench) -> Row:
    """The style sheet written into the elements of a page, in a process that is warm."""
    sources = [html.source(page, bench.workspace.templates) for page in bench.pages]
    for number, source in enumerate(sources):
        source_file(bench, number).write_text(source, encoding="utf-8")
    kept = kept_in(sources[0])
    with peers.Worker(peers.python("-m", "tests.bench.premailed")) as premailer:
        runs: dict[str, Run] = {
            OURS: lambda n: timed(lambda: inline.inline(sources[n], kept)),
            PREMAILER: lambda n: premailer.ask("premailer", source_file(bench, n))["seconds"],
            CSS_INLINE: lambda n: timed(lambda: swapped.inline(sources[n], kept)),
        }
        taken = interleave(runs, rounds=WARM_ROUNDS, warmups=WARMUPS)
    ours = "enews (premailer held right)"
    lines = (
        Line(name=ours, version=version("premailer"), samples=taken[OURS]),
        Line(name=PREMAILER, version=version("premailer"), samples=taken[PREMAILER]),
        Line(name=CSS_INLINE, version=version("css-inline"), samples=taken[CSS_INLINE]),
    )
    row = Row(key="warm-inlining", title="WARM INLINING, another issue each round", unit="s", lines=lines)
    return _with(row, at_most("at most 10 ms", _milliseconds(row), 10, shown="{:.1f} ms"))


def _milliseconds(row: Row) -> float | None:
    middle = row.lines[0].median
    return None if middle is None else middle * 1000


def source_file(bench: Bench, number: int) -> Path:
    """Where the page before inlining lies, for tools in other processes."""
    return bench.folder / f"source-{number}.html"


def warm_render(bench: Bench) -> Row:
    """The whole issue, HTML and text, in a process that is warm; juice only inlines a finished page, mjml makes HTML only."""
    pages, templates, masthead = bench.fresh, bench.workspace.templates, bench.workspace.masthead
    ours = "enews: HTML and text from Markdown"
    runs: dict[str, Run] = {ours: lambda n: timed(lambda: render(pages[n].issue, masthead, templates))}
    present = [name for name in (JUICE, MJML) if peers.version(PACKAGES[name])]
    with peers.Worker(peers.node(peers.HOME / "warm.mjs") if present else peers.python("-c", "pass")) as worker:
        if present:
            runs[JUICE] = lambda n: worker.ask(JUICE, source_file(bench, n))["seconds"]
            runs[MJML] = lambda n: worker.ask(MJML, bench.documents[n].mjml)["seconds"]
        taken = interleave(runs, rounds=WARM_ROUNDS, warmups=WARMUPS)
    others = tuple(_line(name, taken, peers.version(PACKAGES[name])) for name in (JUICE, MJML))
    lines = (Line(name=ours, version=version("enews"), samples=taken[ours]), *others)
    row = Row(key="warm-render", title="WARM RENDER of the whole issue, a new one each round", unit="s", lines=lines)
    notes = ("juice only writes the style sheet into our finished page; mjml is given finished paragraphs and makes no text edition.",)
    return _with(row, at_most("at most 30 ms", _milliseconds(row), 30, shown="{:.1f} ms"), notes=notes)


def text_edition(bench: Bench) -> tuple[Row, Row]:
    """The text edition (fragments already made for the HTML, as in a build) beside html2text on our own HTML; and what each gets wrong."""
    html2text = importlib.import_module("html2text")
    templates, page = bench.workspace.templates, bench.mail(".html")
    mails = [html.compose(each, templates) for each in bench.pages]
    runs: dict[str, Run] = {
        "enews": lambda n: timed(lambda: text.compose(bench.pages[n], templates)),
        "html2text": lambda n: timed(lambda: html2text.html2text(mails[n], bodywidth=COLUMNS)),
    }
    taken = interleave(runs, rounds=WARM_ROUNDS, warmups=WARMUPS)
    release = {"enews": version("enews"), "html2text": version("html2text")}
    lines = tuple(Line(name=name, version=release[name], samples=taken[name]) for name in runs)
    speed = Row(key="text-edition", title="TEXT EDITION, warm, another issue each round", unit="s", lines=lines)
    texts = {"enews": bench.mail(".txt"), "html2text": html2text.html2text(page, bodywidth=COLUMNS)}
    found = {name: faults(written, links_of(page)) for name, written in texts.items()}
    told = {
        f"lines over {COLUMNS} columns": "long",
        "leaked Markdown marks": "marks",
        "addresses broken or glued to Japanese": "urls",
        "lines that begin with 、。」 and the like": "starts",
    }
    wrong = tuple(
        Line(name=f"{name}: {what}", samples=(float(getattr(found[name], key)),))
        for what, key in told.items()
        for name in ("enews", "html2text")
    )
    total = tuple(f"{name}: {found[name].lines} lines, {len(texts[name].encode()):,} bytes" for name in texts)
    return (
        _with(speed, at_most("at most 10 ms", _milliseconds(speed), 10, shown="{:.1f} ms")),
        Row(key="text-faults", title="TEXT EDITION, what is wrong in Japanese", unit="count", lines=wrong, notes=total),
    )


def machine() -> dict[str, object]:
    """What the figures were taken on, without its name."""
    return {
        "python": sys.version.split()[0],
        "node": peers.version("mjml")
        and subprocess.run(peers.node("--version"), check=True, capture_output=True, text=True).stdout.strip(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "libraries": {
            name: version(name) for name in ("premailer", "cssutils", "lxml", "jinja2", "markdown", "nh3", "css-inline", "html2text")
        },
        "peers": {name: peers.version(package) for name, package in PACKAGES.items()},
    }
