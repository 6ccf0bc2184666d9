"""``make bench``: make the material, run the rows, print the table, keep every sample in ``build/bench/``. About five minutes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pipeline.desk import open_workspace
from pipeline.render.outline import Page
from tests.bench import feedrows, peers, readerrows, rows, sendrows
from tests.bench.checkrows import check_row
from tests.bench.clock import Row
from tests.bench.counts import count
from tests.bench.feeds import make_feeds
from tests.bench.issue import CASES, SLUG, write_workspace
from tests.bench.table import table, write_row
from tests.builders import ROOT

SEED = 2025
ROUNDS = rows.WARM_ROUNDS + rows.WARMUPS
FOLDER = ROOT / "build" / "bench"


def prepare() -> rows.Bench:
    """Write the workspaces and the peers' documents, and build once, so that nothing is measured that does not work."""
    first = write_workspace(FOLDER / "ws", SEED)
    workspace = open_workspace(first)
    others = tuple(_another(first, SEED + number) for number in range(1, 2 * ROUNDS))
    pages, fresh = (rows.page_in(workspace), *others[: ROUNDS - 1]), others[ROUNDS - 1 :]
    documents = tuple(peers.documents(page, FOLDER / f"peers-{number}") for number, page in enumerate(pages))
    bench = rows.Bench(folder=FOLDER, workspace=workspace, pages=pages, fresh=fresh, documents=documents)
    for name, (command, cwd) in rows.commands(bench).items():
        done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise SystemExit(f"{name} does not work, so nothing was measured:\n{done.stdout}{done.stderr}")
    return bench


def _another(first: Path, seed: int) -> Page:
    """The page of an issue like the first one, with the same pictures and other words."""
    return rows.page_in(open_workspace(write_workspace(FOLDER / "ws-other", seed, pictures=first)))


def material(bench: rows.Bench) -> dict[str, object]:
    """What the built mail holds, counted on it, and what it was measured on."""
    found = count(bench.mail(".html"))
    issue = bench.pages[0].issue
    shows = {section.shows: len(section.articles) for section in issue.sections if section.shows in ("case", "event")}
    return {
        "seed": SEED,
        "items": len(issue.articles),
        "visible_characters": found.characters,
        "links": found.links,
        "pictures": len(list((bench.built / "images").iterdir())),
        "case_cards": shows["case"],
        "events": shows["event"],
        "machine": rows.machine(),
    }


def measured(bench: rows.Bench) -> Iterator[Row]:
    """The rows, each as soon as it is there."""
    yield rows.start_up(bench)
    yield rows.cold_build(bench)
    yield rows.import_row(bench)
    yield rows.html_bytes(bench)
    yield rows.warm_inlining(bench)
    yield rows.warm_render(bench)
    yield from rows.text_edition(bench)
    yield check_row(bench.folder)
    feeds = make_feeds(SEED)
    yield feedrows.reading(feeds)
    yield feedrows.fetching(feeds, bench.folder)
    yield from readerrows.reader_rows(bench.folder)
    yield from sendrows.rows(bench.workspace, bench.pages[0], bench.folder)


def main() -> None:
    """Measure and print."""
    bench = prepare()
    facts = material(bench)
    assert facts["case_cards"] == CASES
    busy = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start"
    print(f"enews bench: medians of interleaved runs; absolute times drift with the machine, ratios less ({busy})")
    print(", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in facts.items() if isinstance(value, int)))
    print(", ".join(f"{name} {value}" for name, value in facts["machine"]["libraries"].items()), end="\n\n")  # type: ignore[index]
    for row in measured(bench):
        print("\n".join(table(row)), flush=True)
        write_row(row, FOLDER, facts)
    print(f"Every sample: {(FOLDER / SLUG).parent.relative_to(ROOT)}/*.json")


if __name__ == "__main__":
    main()
