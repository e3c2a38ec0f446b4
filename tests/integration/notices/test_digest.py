"""One mail a day by default, at once or none by choice, and out of all mails with one click."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client

from gates.models import Initiative
from readiness.accounts.models import Organisation, User
from readiness.actions.comments import add_comment
from readiness.actions.gates import submit_gate
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.notices.choosing import DIGEST_AT, choose, next_digest, unsubscribe_key
from readiness.notices.models import Delivery, Kind, Notice, Preference
from readiness.notices.sending import owe, send_owed
from tests.fixtures import answer_all, create, pages, person
from tests.integration.notices.post import Unreliable, addressees, forget, outbox, owed, posted
from tests.integration.standing.pictures import day


@pytest.fixture(autouse=True)
def _by_default(settings: LazySettings) -> None:
    settings.FIVEGATES_MAIL_DELIVERY = "daily"


@pytest.fixture
def two(lena: User, ravi: User) -> list[Initiative]:
    made = [create(lena, day(0), stage="poc", name=name) for name in ("Invoice triage", "Churn radar")]
    forget(day(0))
    forget(day(2))
    return made


def submit(one: Initiative, lena: User, at: datetime) -> None:
    submit_gate(one.pk, "checkpoint-0", "", Actor.person(lena), at)


def seven(number: int) -> datetime:
    """Seven o'clock of a day, where the organisation is (UTC here)."""
    return day(number).replace(hour=7)


def test_what_happened_in_a_day_comes_in_one_mail_the_next_morning(two: list[Initiative], lena: User) -> None:
    for one in two:
        submit(one, lena, day(2))
    assert posted(day(2)) == []
    assert posted(seven(3) - timedelta(seconds=1)) == []

    [(address, text)] = posted(seven(3))
    assert address == "ravi@example.com"
    assert text.startswith("2 things to know on 2 initiatives\n")
    assert text.index("Invoice triage (AI-") < text.index("Churn radar (AI-")
    assert text.count("was submitted and waits for a decision.") == 2
    assert posted(seven(4)) == []


def test_a_single_thing_is_told_in_the_subject(two: list[Initiative], lena: User) -> None:
    submit(two[0], lena, day(2))
    posted(day(2))
    [(_, text)] = posted(seven(3))
    assert text.startswith("Invoice triage: The checkpoint “")


def test_two_things_on_one_initiative_are_counted(two: list[Initiative], lena: User) -> None:
    add_comment(two[0].pk, "@ravi please look", Actor.person(lena), day(2))
    submit(two[0], lena, day(2))
    posted(day(2))
    [(_, text)] = posted(seven(3))
    assert text.startswith("Invoice triage: 2 things to know\n")
    assert "You were mentioned: “@ravi please look”" in text


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 3, 28, 5, 59, tzinfo=UTC), datetime(2026, 3, 28, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 6, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2027, 1, 1, 6, 0, tzinfo=UTC)),
    ],
    ids=["a minute before", "at seven: the next one", "clocks go back in the night", "a new year"],
)
def test_seven_o_clock_is_that_of_the_organisation(at: datetime, due: datetime) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert next_digest(at, berlin) == due
    assert due.astimezone(berlin).time() == DIGEST_AT


def test_who_chose_so_is_mailed_at_once_and_others_are_not(
    two: list[Initiative], lena: User, ravi: User
) -> None:
    person("rosa", reviewer=True)
    choose(ravi, {Kind.REVIEWS: Delivery.AT_ONCE}, Actor.person(ravi), day(1))
    submit(two[0], lena, day(2))
    assert addressees(day(2)) == ["ravi"]
    assert addressees(seven(3)) == ["rosa"]


def test_each_kind_is_delivered_as_chosen_for_it(two: list[Initiative], lena: User, ravi: User) -> None:
    wanted = {Kind.MINE: Delivery.AT_ONCE, Kind.REVIEWS: Delivery.APP}
    choose(ravi, wanted, Actor.person(ravi), day(1))
    submit(two[0], lena, day(2))
    add_comment(two[1].pk, "@ravi please look", Actor.person(lena), day(2))
    [(_, text)] = posted(day(2))
    assert "You were mentioned" in text
    assert "was submitted" not in text
    assert posted(seven(3)) == []
    assert sorted(Notice.objects.filter(recipient=ravi).values_list("kind", flat=True)) == ["mine", "reviews"]


def test_a_changed_mind_holds_for_what_is_not_mailed_yet(
    two: list[Initiative], lena: User, ravi: User
) -> None:
    submit(two[0], lena, day(2))
    owe(day(2))
    choose(ravi, {Kind.REVIEWS: Delivery.APP}, Actor.person(ravi), day(2))
    assert posted(seven(3)) == []

    choose(ravi, {Kind.REVIEWS: Delivery.AT_ONCE}, Actor.person(ravi), day(3))
    assert addressees(day(3)) == ["ravi"]
    assert Event.objects.filter(verb="notifications.chosen").count() == 2


def test_what_failed_together_is_tried_again_together_and_under_the_same_name(
    two: list[Initiative], lena: User, ravi: User, server: type[Unreliable]
) -> None:
    choose(ravi, {Kind.MINE: Delivery.AT_ONCE}, Actor.person(ravi), day(1))
    for one in two:
        submit(one, lena, day(2))
    owe(day(2))
    server.failing["ravi"] = ConnectionRefusedError("no")
    assert send_owed(seven(3)) == 0
    [mail] = set(Notice.objects.values_list("mail", flat=True))
    add_comment(two[0].pk, "@ravi and this", Actor.person(lena), seven(3))
    server.failing.clear()
    owe(seven(3) + timedelta(minutes=1))

    assert send_owed(seven(3) + timedelta(minutes=1)) == 1
    [message] = server.taken
    assert message.extra_headers["Message-ID"].startswith(f"<notice-{mail}@")
    assert message.body.count("was submitted") == 2
    assert "You were mentioned" not in message.body, "what came since goes in a mail of its own"
    assert send_owed(seven(3) + timedelta(minutes=1)) == 1
    assert owed() == []


def test_it_is_written_as_text_and_as_html(two: list[Initiative], lena: User) -> None:
    Initiative.objects.filter(pk=two[0].pk).update(name="<b>Bold & brave</b>")
    submit(two[0], lena, day(2))
    owe(day(2))
    [message] = outbox(seven(3))
    received = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in received.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in received.iter_parts())
    assert "<b>Bold & brave</b>" in text
    assert "&lt;b&gt;Bold &amp; brave&lt;/b&gt;" in html
    assert "<script" not in html
    assert "http-equiv" not in html
    assert "<img" not in html


def test_one_click_of_a_mail_program_ends_all_mails(two: list[Initiative], lena: User, ravi: User) -> None:
    """RFC 8058: it posts without a session, without a CSRF token, and without looking at an answer."""
    submit(two[0], lena, day(2))
    owe(day(2))
    [message] = outbox(seven(3))
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = message.extra_headers["List-Unsubscribe"].strip("<>")
    path = url.removeprefix("http://127.0.0.1:8000")
    submit(two[1], lena, day(3))
    owe(day(3))

    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert Preference.of(ravi.pk).reviews == "daily", "to look at the page changes nothing"
    answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    preference = Preference.of(ravi.pk)
    assert {preference.mine, preference.reviews, preference.team} == {"app"}
    assert posted(seven(4)) == []
    assert "sessionid" not in str(stranger.cookies)
    assert Event.objects.filter(verb="notifications.chosen", actor=ravi).count() == 1


@pytest.mark.parametrize("key", ["1", "1:forged", "ravi:", "%00", "x" * 300])
def test_a_forged_key_ends_nobodys_mails(client: Client, ravi: User, key: str) -> None:
    assert client.post(f"/unsubscribe/{key}/").status_code == 404
    assert not Preference.objects.exists()


def test_the_key_of_one_person_is_not_that_of_another(client: Client, ravi: User, lena: User) -> None:
    of_ravi = unsubscribe_key(ravi.pk)
    forged = f"{lena.pk}:{of_ravi.partition(':')[2]}"
    assert client.post(f"/unsubscribe/{forged}/").status_code == 404
    assert client.post(f"/unsubscribe/{of_ravi}/").status_code == 200
    assert list(Preference.objects.values_list("person", flat=True)) == [ravi.pk]


def test_a_mail_is_in_the_language_of_who_reads_it(two: list[Initiative], lena: User, ravi: User) -> None:
    """The date tells it, also where a sentence has no translation yet."""
    User.objects.filter(pk=ravi.pk).update(language="de")
    Organisation.objects.update(time_zone="Europe/Berlin")
    submit(two[0], lena, day(2))
    owe(day(2))
    [message] = outbox(seven(3))
    received = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    [_, html] = received.iter_parts()
    assert '<html lang="de"' in html.get_content()


def test_the_bell_counts_and_the_page_lists_what_a_person_was_told(
    two: list[Initiative], lena: User, ravi: User
) -> None:
    for one in two:
        submit(one, lena, day(2))
    owe(day(2))
    browser = pages(ravi)
    assert 'aria-label="Notifications, 2 unread"' in browser.get("/").content.decode()

    shown = browser.get("/notifications/").content.decode()
    assert shown.index("Churn radar") < shown.index("Invoice triage"), "the newest first"
    newest = max(Notice.objects.filter(recipient=ravi).values_list("pk", flat=True))
    browser.post("/notifications/read/", {"upto": str(newest - 1)})
    assert 'aria-label="Notifications, 1 unread"' in browser.get("/").content.decode()
    unread = browser.get("/notifications/?show=unread").content.decode()
    assert ("Churn radar" in unread, "Invoice triage" in unread) == (True, False)


def test_nobody_reads_or_marks_what_another_was_told(two: list[Initiative], lena: User, ravi: User) -> None:
    rosa = person("rosa", reviewer=True)
    submit(two[0], lena, day(2))
    owe(day(2))
    pages(rosa).post("/notifications/read/", {"upto": "999999"})
    assert Notice.objects.unread_by(ravi.pk).count() == 1
    assert Notice.objects.unread_by(rosa.pk).count() == 0


def test_what_somebody_may_not_see_any_more_is_not_told_in_the_app_either(
    two: list[Initiative], lena: User, ravi: User
) -> None:
    submit(two[0], lena, day(2))
    owe(day(2))
    User.objects.filter(pk=ravi.pk).update(is_reviewer=False)
    assert "Invoice triage" not in pages(ravi).get("/notifications/").content.decode()


def test_who_has_no_address_is_told_in_the_app(two: list[Initiative], lena: User, ravi: User) -> None:
    User.objects.filter(pk=ravi.pk).update(email="")
    submit(two[0], lena, day(2))
    assert posted(day(2)) + posted(seven(3)) == []
    assert Notice.objects.unread_by(ravi.pk).count() == 1


@pytest.mark.parametrize("upto", ["", "x", "-1", "1" * 30, "²"])
def test_a_mark_that_is_no_number_is_refused(ravi: User, upto: str) -> None:
    assert pages(ravi).post("/notifications/read/", {"upto": upto}).status_code == 404


def test_the_choice_is_made_on_a_page(ravi: User) -> None:
    browser = pages(ravi)
    assert browser.post("/account/notifications/", {"mine": "by pigeon"}).status_code == 422
    wanted = {"mine": "at_once", "reviews": "daily", "team": "app"}
    assert browser.post("/account/notifications/", wanted).status_code == 302
    kept = Preference.of(ravi.pk)
    assert {kind: getattr(kept, kind) for kind in wanted} == wanted


def test_as_many_queries_for_many_notices_as_for_one(
    lena: User, ravi: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    def happen(times: int) -> None:
        for number in range(times):
            one = create(lena, day(1), stage="poc", name=f"Number {number}")
            answer_all(one, lena, at=day(1))
            submit(one, lena, day(1))
        owe(day(1))

    browser = pages(ravi)
    happen(1)
    few = query_count(lambda: browser.get("/notifications/"))
    happen(12)
    assert query_count(lambda: browser.get("/notifications/")) == few
