"""``enews translate`` against services that lose, double and bend placeholders, throttle, run dry and fall silent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.sources.cases import read_cases
from tests.sources import fake_translators as fakes
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import silent, status
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import ID, codes, desk, fetched, japanese
from tests.sources.translating import BODY, BOTH, LONG, QUICK, one, run


@pytest.mark.loopback
@BOTH
@pytest.mark.parametrize(
    ("twist", "said"), [(fakes.lose, "⟦4⟧ が消失"), (fakes.double, "⟦1⟧ が2回"), (fakes.bend, "【1】 に変形"), (fakes.widen, "⟦１⟧ に変形")]
)
def test_a_damaged_segment_is_tried_again_then_left_with_a_finding(
    tmp_path: Path, fake: FakeTranslator, name: str, twist: fakes.Twist, said: str
) -> None:
    """The damaged block stays in the source language, is named by line in translate, check and the list; its neighbours are translated."""
    path = fetched(tmp_path, LONG)
    fake.always = twist
    outcome = one(tmp_path, fake, name)
    bad = "Bread is ⟦1⟧not⟦2⟧ waste. See the ⟦3⟧plan⟦4⟧."
    assert fake.texts.count(bad) == 2
    assert fake.texts.count("Yeast") == 1
    left = outcome.findings[0]
    assert left.code == "TRA001"
    assert said in left.message
    line = path.read_text(encoding="utf-8").split("\n")[left.place.line - 1]
    assert line == "Bread is **not** waste. See the [plan](https://feeds.example/plan)."
    assert "- 訳「Yeast」です。" in japanese(path).body
    assert codes(tmp_path).count("TRA001") == len(outcome.findings) == 2
    assert read_cases(tmp_path, desk())[0].left == 2
    assert any("原文のまま残った所 2か所" in text for text in read_cases(tmp_path, desk())[0].lines())


TABLE = (
    "<table><tr><th>Year</th><th>Trees</th></tr><tr><td>2020</td><td>Many trees</td></tr></table><pre><code>x = yes</code></pre><p>End.</p>"
)


@pytest.mark.loopback
@BOTH
def test_rows_of_a_table_stay_rows_and_code_stays_code(tmp_path: Path, fake: FakeTranslator, name: str) -> None:
    """The bar that closes a row is not the machine's to move, and code that is marked by its indentation is not asked for."""
    path = fetched(tmp_path, replace(TURKU, html=TABLE))
    assert one(tmp_path, fake, name).findings == ()
    rows = [line for line in japanese(path).body.split("\n") if line.startswith("|")]
    assert [(row[0], row[-1], row.count("|")) for row in rows] == [("|", "|", 3)] * 3
    assert "訳「2020 | Many trees」です。 |" in rows[2]
    assert "\n    x = yes\n" in japanese(path).body
    assert not [text for text in fake.texts if "x =" in text]


@pytest.mark.loopback
def test_damage_that_heals_leaves_no_trace(tmp_path: Path, fake: FakeTranslator) -> None:
    """The second try is taken when it is whole; a later run mends what two tries did not, and asks for nothing else."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.lose]
    assert one(tmp_path, fake).findings == ()
    assert japanese(path).body == BODY
    other = fetched(tmp_path / "other", LONG)
    fake.plan = [fakes.lose] * 3
    assert len(one(tmp_path / "other", fake).findings) == 2
    fake.asked.clear()
    assert one(tmp_path / "other", fake).findings == ()
    assert japanese(other).body == BODY
    assert len(fake.texts) == 2


@pytest.mark.loopback
@BOTH
def test_a_busy_service_is_asked_again(tmp_path: Path, fake: FakeTranslator, name: str) -> None:
    """429 twice, then an answer: nobody notices."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.throttle, status(429, **{"Retry-After": "1"})]
    assert one(tmp_path, fake, name).error == ""
    assert japanese(path).body == BODY


FAILURES = [
    (fakes.throttle, "混み合っています（429）"),
    (status(503), "一時的に止まっています（503）"),
    (fakes.quota, "利用枠を使い切りました"),
    (status(403), "鍵を断られました（403）"),
    (status(401), "鍵を断られました（401）"),
    (silent, "時間内に返事がありません"),
    (status(400), "状態 400"),
    (status(404), "状態 404"),
    (fakes.nonsense, "返事を読み取れません"),
    (fakes.page, "返事を読み取れません"),
]


@pytest.mark.loopback
@BOTH
@pytest.mark.parametrize(("behaviour", "said"), FAILURES)
def test_each_failure_is_said_clearly_and_nothing_is_written_into_the_japanese(
    tmp_path: Path, fake: FakeTranslator, name: str, behaviour: fakes.Behaviour, said: str
) -> None:
    """Quota, throttling, a wrong key, silence, nonsense: one sentence each; the next cases are not begun; patience is bounded."""
    path = fetched(tmp_path, LONG)
    fake.always = behaviour
    first, second = run(tmp_path, fake, name, cases=(ID, "mihon/x"), patience=QUICK)
    assert said in first.error
    assert "始めていません" in second.error
    assert not path.exists()
    assert len(fake.asked) <= QUICK.times


@pytest.mark.loopback
def test_an_openai_quota_is_no_throttling(tmp_path: Path, fake: FakeTranslator) -> None:
    """A 429 that says insufficient_quota is not waited for."""
    fetched(tmp_path)
    fake.always = fakes.refused(429, "insufficient_quota")
    assert "利用枠を使い切りました" in one(tmp_path, fake, "openai").error
    assert len(fake.asked) == 1
