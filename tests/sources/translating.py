"""What the tests of ``enews translate`` share: a service on this machine, a long case, and a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import Translate
from pipeline.sources.translate import Translation, translate_cases
from pipeline.sources.translators import DEEPL_KEY, OPENAI_KEY, choose
from pipeline.sources.translators.patience import Patience
from pipeline.sources.worksheet import TermsOf, no_terms
from tests.sources.fake_translators import FakeTranslator
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import ID, desk

SECRET = "geheim-0123456789"  # noqa: S105 (no secret at all)
STEADY = Patience(answer=60.0, times=6, wait=0.01, longest=0.2)  # a busy machine may take its time to answer
QUICK = replace(STEADY, answer=1.0, times=3, longest=0.05)  # for services that never will
LONG = replace(
    TURKU,
    html="<h2>Why</h2><p>Bread is <strong>not</strong> waste. See the <a href='/plan'>plan</a>.</p><ul><li>Flour of the <em>city</em></li>"
    "<li>Yeast</li></ul><p>The end of the story.</p>",
)
BODY = (
    "## 訳「Why」です。\n\n訳「Bread is **not** waste. See the [plan](https://feeds.example/plan).」です。\n\n"
    "- 訳「Flour of the *city*」です。\n- 訳「Yeast」です。\n\n訳「The end of the story.」です。"
)


def run(
    root: Path,
    fake: FakeTranslator,
    name: str = "deepl",
    *,
    key: str = SECRET,
    cases: tuple[str, ...] = (ID,),
    terms: TermsOf = no_terms,
    patience: Patience = STEADY,
) -> list[Translation]:
    """Translate with one of the services."""
    settings = Translate(deepl_server_url=fake.server.url(""), openai_base_url=fake.server.url("/v1/"), openai_model="mihon-7b")
    machine = choose(settings, name, environment={DEEPL_KEY: key, OPENAI_KEY: key}, patience=patience)
    return list(translate_cases(root, desk(), cases, translator=machine, terms=lambda _case: terms))


def one(root: Path, fake: FakeTranslator, name: str = "deepl") -> Translation:
    """The outcome of the one case."""
    (outcome,) = run(root, fake, name)
    return outcome


BOTH = pytest.mark.parametrize("name", ["deepl", "openai"])
