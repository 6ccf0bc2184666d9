"""Front matter as editors type it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.frontmatter import ARTICLE, CASE, ISSUE, Draft, compose, parse


def article(text: str) -> Draft:
    """The text as an article's file."""
    return parse(text, path="issues/2025-01/10-a.md", keys=ARTICLE)


def test_what_bites_in_yaml_is_kept_to_the_letter() -> None:
    """A number sign, brackets, quotes and colons in a value are part of the value."""
    for value in ("COP29 #サイドイベント", "「食と循環」: トゥルク市", "[京都市] 会議", '"引用符"つき', "2025-01-31", "no", "007"):
        assert article(f"---\ntitle: {value}\n---\n本文").value("title") == value


def test_japanese_and_english_keys_are_equal_and_full_width_is_forgiven() -> None:
    """見出し, title, ＴＩＴＬＥ and a full-width colon all name the same entry."""
    for line in ("見出し：循環", "title: 循環", "ＴＩＴＬＥ　：　循環", "Title : 循環", "　見出し: 循環"):
        assert article(f"---\n{line}\n---\n").value("title") == "循環"


def test_lists_are_read_in_all_their_spellings() -> None:
    """、 and commas and item lines give the same list."""
    for text in ("自治体: 京都市、横浜市", "自治体: 京都市, 横浜市", "自治体:\n  - 京都市\n  - 横浜市", "自治体：\n・ 京都市\n・　横浜市"):
        assert article(f"---\n見出し: a\n{text}\n---\n").items("municipalities") == ("京都市", "横浜市")


def test_an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() -> None:
    """FM001 points at the line and says what was probably meant."""
    finding = article("---\n見出し: a\n締め切り: 2月\n---\n").findings[0]
    assert (finding.code, str(finding.place)) == ("FM001", "issues/2025-01/10-a.md:3:1")
    assert "締切" in finding.hint


def test_a_key_given_twice_is_a_finding_and_the_first_value_stands() -> None:
    """FM002 names both lines, in whichever language the key was written."""
    result = article("---\n見出し: 一\ntitle: 二\n---\n")
    assert result.value("title") == "一"
    assert [finding.code for finding in result.findings] == ["FM002"]
    assert "2行目と3行目" in result.findings[0].message


def test_a_missing_title_is_a_finding() -> None:
    """FM003 for a title that is absent or empty."""
    assert [finding.code for finding in article("---\n欄: a\n---\n").findings] == ["FM003"]
    assert [finding.code for finding in article("---\n見出し:\n---\n").findings] == ["FM003"]


def test_no_line_is_lost_silently() -> None:
    """FM005 for a line that is no entry, for a missing fence, and for one that is never closed."""
    assert [finding.code for finding in article("---\n見出し: a\nただの文\n---\n").findings] == ["FM005"]
    assert [finding.code for finding in article("見出し: a\n本文").findings] == ["FM005", "FM003"]
    unclosed = article("---\n見出し: a\n本文のつもりの行")
    assert [finding.code for finding in unclosed.findings] == ["FM005", "FM005"]


def test_the_body_starts_where_it_is_said_to_start() -> None:
    """``body_line`` counts from 1 and passes over blank lines; a rule in the body stays in the body."""
    result = article("---\n見出し: a\n---\n\n\n一行目\n\n---\n\n後\n")
    assert (result.body_line, result.body) == (6, "一行目\n\n---\n\n後")


def test_every_key_has_a_japanese_name_of_its_own() -> None:
    """No two keys of one kind share a Japanese name."""
    for keys in (ARTICLE, CASE, ISSUE):
        assert len(set(keys.names.values())) == len(keys.names)


@given(
    st.dictionaries(
        st.sampled_from(sorted(ARTICLE.names)), st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)
    )
)
def test_what_is_composed_is_parsed_back(fields: dict[str, str]) -> None:
    """Any one-line value survives compose and parse."""
    wanted = {key: value.strip(" 　\t") for key, value in fields.items()}
    result = article(compose(fields, "本文", keys=ARTICLE))
    assert {key: field.value for key, field in result.fields.items()} == {key: value.strip() for key, value in wanted.items()}


@given(st.text(max_size=300))
def test_any_text_is_taken_apart_without_an_exception(text: str) -> None:
    """Drafts are hostile until parsed: there is always a draft and a list of findings."""
    assert isinstance(article(text).body, str)
