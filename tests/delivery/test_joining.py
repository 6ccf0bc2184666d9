"""Joining, moving and mending one's details by the readers' pages: nothing counts before the mailbox says so, nobody learns who is on the list."""

from __future__ import annotations

from tests.delivery.pages import HANAKO, NEW, ONE_CLICK, SUBSCRIBE, TARO, Pages


def test_joining_counts_when_the_mailbox_confirms(pages: Pages) -> None:
    """A mail to the address alone; its link asks, its button joins, once; the consent says how, when and by whom."""
    reply = pages.post(
        SUBSCRIBE, address=f"  {NEW.upper()}　", name="見本 次郎", organisation="みほん村", department="", segment="自治体", consent="yes"
    )
    assert (reply.status, reply.heading) == (200, "確認のメールをお送りしました")
    address = "JIRO@village.example.jp"
    assert not pages.gets_mail(address)
    (mail,) = pages.mails()
    assert (mail["To"], mail["From"].addresses[0].addr_spec, mail["Auto-Submitted"]) == (address, "enews@example.jp", "auto-generated")
    link = pages.confirmation()
    asked = pages.ask("GET", link)
    assert (asked.status, asked.heading) == (200, "お申し込みの確認")
    assert "見本 次郎" in asked.page
    assert not pages.gets_mail(address)
    assert pages.post(link, do="confirm").heading == "登録しました"
    reader = pages.reader(address)
    assert (reader.name, reader.organisation, reader.segment) == ("見本 次郎", "みほん村", "自治体")
    assert (reader.consent.how, reader.consent.on, reader.consent.by) == ("フォーム", "2025-02-03T10:15:30", "本人")
    after = pages.everything()
    for method, body in (("GET", b""), ("POST", b"do=confirm")):
        assert pages.ask(method, link, body).status == 404
    assert pages.everything() == after


def test_nobody_joins_without_saying_yes(pages: Pages) -> None:
    """No consent, no address, a wrong one, a segment that is none: said at the field, nothing held, no mail."""
    for fields, word in (
        ({"address": NEW}, "同意が必要です"),
        ({"consent": "yes"}, "メールアドレスが空欄です"),
        ({"address": "jiro@", "consent": "yes"}, "@ の前か後がありません"),
        ({"address": f"{NEW}, {TARO}", "consent": "yes"}, "アドレスが二つ以上あります"),
        ({"address": NEW, "consent": "yes", "segment": "火星"}, "一覧から選んでください"),
        ({"address": NEW, "consent": "yes", "name": "長" * 300}, "長すぎます"),
    ):
        reply = pages.post(SUBSCRIBE, **fields)
        assert (reply.status, word in reply.page) == (422, True), word
        assert 'aria-invalid="true"' in reply.page
    assert pages.mails() == []
    assert not [row for row in pages.everything() if row[0] == "pending"]


def test_a_mistyped_domain_is_asked_about_once(pages: Pages) -> None:
    """A domain that looks wrong is taken when the reader sends it a second time."""
    first = pages.post(SUBSCRIBE, address="jiro@gmial.com", consent="yes")
    assert (first.status, "打ち間違い" in first.page, "もう一度ボタンを" in first.page) == (422, True, True)
    assert "もう一度ボタンを" not in pages.post(SUBSCRIBE, address="jiro@", consent="yes").page
    assert '<input type="hidden" name="typed" value="jiro@gmial.com">' in first.page
    assert pages.post(SUBSCRIBE, address="jiro@gmial.com", consent="yes", typed="jiro@gmial.com").status == 200


def test_the_answer_does_not_tell_who_is_on_the_list(pages: Pages) -> None:
    """Known, gone, unknown: the same page and the same mail, but for address and link."""
    pages.ask("POST", pages.unsubscribe(TARO), ONE_CLICK)
    replies, mails = set(), set()
    for address in (HANAKO, TARO, NEW):
        reply = pages.post(SUBSCRIBE, address=address, consent="yes")
        mail = pages.mails()[-1]
        token = pages.confirmation().rpartition("/")[2]
        replies.add((reply.status, reply.page.replace(address[:2] + "***@" + address.partition("@")[2], "")))
        mails.add((mail["Subject"], *(mail.get_body((kind,)).get_content().replace(token, "") for kind in ("plain", "html"))))
    assert (len(replies), len(mails)) == (1, 1)


def test_no_word_of_a_stranger_is_in_a_mail(pages: Pages) -> None:
    """Names and offices that were typed on the page reach neither headers nor text: nobody writes to others in our name."""
    evil = "http://evil.example.net/\r\nBcc: all@example.com"
    pages.post(SUBSCRIBE, address=NEW, name=evil, organisation=evil, consent="yes")
    (mail,) = pages.mails()
    assert mail["Bcc"] is None
    assert "evil" not in mail.as_string() + "".join(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))


def test_a_wish_waits_three_days(pages: Pages) -> None:
    """Then its link is none, and the next wish sweeps it out."""
    pages.post(SUBSCRIBE, address=NEW, consent="yes")
    link = pages.confirmation()
    pages.clock.pass_by(hours=71.9)
    assert pages.ask("GET", link).status == 200
    pages.clock.pass_by(hours=0.2)
    assert pages.ask("GET", link).status == pages.post(link, do="confirm").status == 404
    pages.post(SUBSCRIBE, address=TARO, consent="yes")
    assert len([row for row in pages.everything() if row[0] == "pending"]) == 1


def test_the_database_holds_no_token_that_confirms(pages: Pages) -> None:
    """Who reads it cannot click in a reader's name."""
    pages.post(SUBSCRIBE, address=NEW, consent="yes")
    token = pages.confirmation().rpartition("/")[2]
    assert len(token) == 32
    assert token not in str(pages.everything())


def test_details_are_mended(pages: Pages) -> None:
    """What the reader types is kept; the address is not shown in full; an empty field is erased."""
    page = pages.ask("GET", pages.preferences()).page
    assert all(word in page for word in ("見本 花子", "みほん市", "環境課", "<option selected>自治体</option>", "ha***@city.example.jp"))
    assert HANAKO not in page
    hostile = '"><script>alert(1)</script>'
    reply = pages.post(pages.preferences(), do="details", name=hostile, organisation="見本財団\r\nX: 1", department="", segment="NPO")
    assert (reply.status, reply.heading) == (200, "登録内容を変更しました")
    assert "<script>" not in reply.page
    reader = pages.reader(HANAKO)
    assert (reader.name, reader.organisation, reader.department, reader.segment) == (hostile, "見本財団 X: 1", "", "NPO")
    assert "<script>" not in pages.ask("GET", pages.preferences()).page


def test_a_new_address_counts_when_its_own_mailbox_confirms(pages: Pages) -> None:
    """Until then mail goes to the old one. After that the same reader has the new one, the old one is told and gets no more."""
    old_link = pages.unsubscribe()
    assert pages.post(pages.preferences(), do="address", address=NEW).status == 200
    assert [mail["To"] for mail in pages.mails()] == [NEW]
    link = pages.confirmation()
    assert link.startswith("/enews/preferences/")
    assert pages.ask("GET", link).heading == "アドレス変更の確認"
    assert (pages.gets_mail(HANAKO), pages.gets_mail(NEW)) == (True, False)
    assert pages.post(link, do="confirm").heading == "アドレスを変更しました"
    assert (pages.gets_mail(HANAKO), pages.gets_mail(NEW)) == (False, True)
    reader = pages.reader(NEW)
    assert (reader.id, reader.name, reader.consent.how) == (1, "見本 花子", "フォーム")
    assert pages.mails()[-1]["To"] == HANAKO
    assert NEW not in pages.mails()[-1].get_body(("plain",)).get_content()
    pages.ask("POST", old_link, ONE_CLICK)
    assert not pages.gets_mail(NEW)


def test_a_link_to_join_does_not_move_and_the_other_way_round(pages: Pages) -> None:
    """A token is good for the page that it was made for."""
    pages.post(pages.preferences(), do="address", address=NEW)
    token = pages.confirmation().rpartition("/")[2]
    before = pages.everything()
    assert pages.post(f"{SUBSCRIBE}{token}", do="confirm").status == 404
    assert pages.everything() == before


def test_moving_to_the_address_of_another_reader_leaves_one_of_them(pages: Pages) -> None:
    """Nothing tells that it is known; when its mailbox confirms, mail goes there once."""
    assert pages.post(pages.preferences(), do="address", address=TARO).heading == "確認のメールをお送りしました"
    pages.post(pages.confirmation(), do="confirm")
    assert (pages.gets_mail(HANAKO), pages.gets_mail(TARO)) == (False, True)
    assert pages.reader(TARO).name == "見本 太郎"


def test_moving_to_an_address_that_left_is_a_new_consent(pages: Pages) -> None:
    """Its own mailbox says so."""
    pages.ask("POST", pages.unsubscribe(TARO), ONE_CLICK)
    with pages.store() as store, store.change() as rows:
        rows.run("DELETE FROM subscribers WHERE id = 2")
    pages.post(pages.preferences(), do="address", address=TARO)
    pages.post(pages.confirmation(), do="confirm")
    assert (pages.gets_mail(HANAKO), pages.gets_mail(TARO)) == (False, True)


def test_who_left_after_asking_to_move_stays_away(pages: Pages) -> None:
    """The later word counts."""
    pages.post(pages.preferences(), do="address", address=NEW)
    link = pages.confirmation()
    pages.ask("POST", pages.unsubscribe(), ONE_CLICK)
    assert pages.post(link, do="confirm").status == 404
    assert (pages.gets_mail(HANAKO), pages.gets_mail(NEW)) == (False, False)


def test_the_page_of_preferences_lets_leave(pages: Pages) -> None:
    """And shows nothing of who left."""
    assert pages.post(pages.preferences(), do="leave").heading == "配信を停止しました"
    assert not pages.gets_mail(HANAKO)
    page = pages.ask("GET", pages.preferences()).page
    assert "見本 花子" not in page
    assert pages.post(pages.preferences(), do="details", name="x").heading == "配信は停止されています"
    assert pages.reader(HANAKO).name == "見本 花子"


def test_the_same_address_again_is_said(pages: Pages) -> None:
    """The reader's own, and one that is none."""
    for address, word in ((HANAKO, "いまのアドレスと同じ"), ("x", "@ がありません")):
        reply = pages.post(pages.preferences(), do="address", address=address)
        assert (reply.status, word in reply.page) == (422, True)
    assert pages.mails() == []
