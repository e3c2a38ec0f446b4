"""The audit trail's page: for auditors and admins, complete, searched, and read page by page."""

import json
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from checklists.models import Framework
from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, Scope, User
from readiness.actions.initiatives import edit_initiative
from readiness.audit.chain import moment
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, Ledger, record, verify
from readiness.audit.searching import newest
from readiness.audit.verbs import verb_words
from readiness.notices.choosing import choose
from readiness.notices.models import Delivery, Kind
from readiness.workbench.initiatives.personal_sayings import DELIVERIES, KINDS
from readiness.workbench.initiatives.sayings import VERBS
from readiness.workbench.trail import views
from readiness.workbench.trail.rows import DATA_SHOWN
from readiness.workbench.trail.views import PAGE
from tests.fixtures import api, create, pages
from tests.integration.workbench.initiatives.scenes import EMOJI, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


def trail(by: User, **asked: str) -> Node:
    response = pages(by).get(f"/audit/?{urlencode(asked)}")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def numbers(page: Node) -> list[int]:
    tables = page.all("table")
    return [int(row.one("th").text) for row in tables[0].one("tbody").all("tr")] if tables else []


@pytest.mark.parametrize(
    ("who", "may"),
    [("iris", True), ("ada", True), ("lena", False), ("ravi", False), ("elsa", False), ("omar", False)],
)
def test_it_is_open_to_auditors_and_admins(request: pytest.FixtureRequest, who: str, may: bool) -> None:
    page = pages(request.getfixturevalue(who)).get("/audit/")
    assert page.status_code == (200 if may else 403)


def test_an_event_tells_when_who_what_and_how_it_is_chained(lena: User, iris: User) -> None:
    initiative = create(lena, name="Invoice triage")
    row = trail(iris).one("tbody").one("tr")
    event = Event.objects.get()
    for words in ("Lena", "Entered", "Invoice triage", initiative.ref, event.hash, event.previous_hash):
        assert words in row.text, words
    assert json.loads(row.one("pre").text)["name"] == "Invoice triage"
    named = {one.one("dt").text: one.one("dd").text for one in row.all("dl")[0].all("div")}
    assert named["name"] == "Invoice triage"
    technical = {one.one("dt").text: one.one("dd").text for one in row.all("dl")[1].all("div")}
    assert technical["Moment"] == moment(event.at)
    assert (technical["Username"], technical["Kind"]) == ("lena", "initiative.created")
    assert verify() == (1, None)


def test_how_somebody_wants_to_be_told_is_said_as_they_chose_it(lena: User, iris: User) -> None:
    chosen = {Kind.MINE: Delivery.APP, Kind.TEAM: Delivery.DAILY}
    choose(lena, dict.fromkeys(Kind, Delivery.DAILY), Actor.person(lena), clock.now())
    choose(lena, chosen, Actor.person(lena), clock.now())
    row = trail(iris, verb="notifications.chosen").one("tbody").one("tr")
    assert "Notifications chosen" in row.text
    assert (
        "lena What is asked of me by name: “Only under the bell”, before “In one mail a day”." in row.text
    ), row.text
    assert "News of my initiatives" not in row.text


def test_the_trail_calls_kinds_of_notice_and_ways_of_delivery_as_their_own_page_does() -> None:
    assert {key: str(words) for key, words in KINDS.items()} == {kind.value: kind.label for kind in Kind}
    assert {key: str(words) for key, words in DELIVERIES.items()} == {
        way.value: way.label for way in Delivery
    }


def test_what_was_done_with_a_token_names_it(lena: User, iris: User) -> None:
    given = {"name": "By a program", "business_problem": "It is slow."}
    assert api(lena, Scope.READ, Scope.WRITE).post("initiatives/", given).status_code == 201
    assert "by token a test" in trail(iris, verb="initiative.created").text


def test_every_event_is_on_one_page_once(lena: User, iris: User, initiative: Initiative) -> None:
    for number in range(PAGE + 20):
        record(
            Actor.person(lena), "organisation.edited", {"changed": {"name": ["a", str(number)]}}, clock.now()
        )
    first = trail(iris)
    query = first.all("a", rel="next")[0].attrs["href"]
    second = read(pages(iris).get(f"/audit/{query}"))
    told = numbers(first) + numbers(second)
    assert told == sorted(told, reverse=True)
    assert told == list(Event.objects.order_by("-seq").values_list("seq", flat=True))
    assert not second.all("a", rel="next")


class TestSearch:
    def test_by_kind_of_event(self, lena: User, iris: User, initiative: Initiative) -> None:
        edit_initiative(initiative.pk, {"vendor": "Papyra"}, Actor.person(lena), clock.now())
        assert numbers(trail(iris, verb="initiative.edited")) == [2]
        chosen = trail(iris, verb="initiative.edited").all("option", selected="")
        assert [option.attrs["value"] for option in chosen] == ["initiative.edited"]

    def test_by_words_of_the_initiative_or_of_the_person(self, lena: User, omar: User, iris: User) -> None:
        create(lena, name="Invoice triage")
        create(omar, name="Lapse warning")
        assert numbers(trail(iris, q="triage")) == numbers(trail(iris, q="LENA")) == [1]
        assert numbers(trail(iris, q="lapse omar")) == [2]
        assert numbers(trail(iris, q="lapse lena")) == []
        assert "Nothing fits" in trail(iris, q="nothing like it").text

    def test_the_search_is_kept_from_page_to_page(
        self, lena: User, iris: User, initiative: Initiative
    ) -> None:
        for number in range(PAGE + 1):
            edit_initiative(initiative.pk, {"vendor": f"V{number}"}, Actor.person(lena), clock.now())
        following = trail(iris, verb="initiative.edited", q="triage").all("a", rel="next")[0].attrs["href"]
        assert "verb=initiative.edited" in following and "q=triage" in following
        second = read(pages(iris).get(f"/audit/{following}"))
        assert numbers(second) == [2]
        assert "before" not in second.all("a", rel="prev")[0].attrs["href"]

    def test_values_it_does_not_know_are_no_error(self, lena: User, iris: User) -> None:
        create(lena)
        for value in ("", "nonsense", "\x00", SCRIPT, RTL, EMOJI, LONG[:3000], "%", "٣", "9" * 40, "-1"):
            for name in ("verb", "q", "before", "who", "about", "since", "until", "who-pick"):
                response = pages(iris).get(f"/audit/?{urlencode({name: value})}")
                assert response.status_code == 200
                assert SCRIPT not in response.content.decode()


class TestFilters:
    @pytest.fixture(autouse=True)
    def _done(self, lena: User, omar: User) -> None:
        self.first = create(lena, name="Invoice triage")
        self.second = create(omar, name="Lapse warning")
        create(lena, name="Invoice sorting")

    def test_by_person_also_one_who_has_left(self, omar: User, iris: User) -> None:
        User.objects.filter(pk=omar.pk).update(is_active=False)
        for who in ("omar", "OMAR", "Omar (omar)", "@omar", omar.name):
            page = trail(iris, who=who)
            assert numbers(page) == [2], who
            assert page.one("input", name="who").attrs["value"] == f"{omar.name} (omar)"
        assert "who=omar" in page.all("a", download="")[0].attrs["href"]

    def test_by_initiative(self, iris: User) -> None:
        ref = self.first.ref
        for about in (ref, ref.lower(), f"Invoice triage ({ref})", "triage"):
            assert numbers(trail(iris, about=about)) == [1], about

    def test_by_days_of_the_organisation(self, iris: User) -> None:
        Organisation.objects.update(time_zone="Pacific/Kiritimati")  # fourteen hours before UTC
        record(COMMAND, "demo.ended", {}, datetime(2026, 3, 1, 9, 59, tzinfo=UTC))
        record(COMMAND, "demo.ended", {}, datetime(2026, 3, 1, 10, 0, tzinfo=UTC))
        assert numbers(trail(iris, verb="demo.ended", since="2026-03-01", until="2026-03-01")) == [4]
        assert numbers(trail(iris, verb="demo.ended", since="2026-03-02")) == [5]
        assert numbers(trail(iris, verb="demo.ended", until="2026-03-01")) == [4]

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("who", "nobody at all", "Nobody"),
            ("about", "AI-9999", "No initiative"),
            ("about", "invoice", "several"),
            ("since", "yesterday", "not a day"),
            ("until", "0001-01-01", "not a day"),
        ],
    )
    def test_one_that_is_not_understood_finds_nothing_and_says_so(
        self, iris: User, name: str, value: str, said: str
    ) -> None:
        page = trail(iris, **{name: value})
        assert numbers(page) == []
        assert "Nothing was looked for" in page.text and said in page.text
        assert page.all("a", download="") == []

    def test_the_first_day_after_the_last_is_said(self, iris: User) -> None:
        page = trail(iris, since="2026-03-02", until="2026-03-01")
        assert "The first day is after the last one" in page.text

    def test_they_are_kept_from_page_to_page(self, iris: User, lena: User) -> None:
        for number in range(PAGE + 1):
            edit_initiative(self.first.pk, {"vendor": f"V{number}"}, Actor.person(lena), clock.now())
        asked = {"who": "lena", "about": self.first.ref, "since": "2020-01-01", "until": "2099-01-01"}
        following = trail(iris, **asked).all("a", rel="next")[0].attrs["href"]
        given = dict(parse_qsl(following.removeprefix("?")))
        assert {name: given[name] for name in asked} == asked

    def test_what_may_be_meant_is_found_while_one_types(self, iris: User, lena: User) -> None:
        people = pages(iris).get("/audit/candidates/people/?q=om").content.decode()
        assert "Omar (omar)" in people and "lena" not in people
        found = pages(iris).get("/audit/candidates/initiatives/?q=INVOICE").content.decode()
        assert f"Invoice triage ({self.first.ref})" in found and "Lapse" not in found
        assert (
            "No initiative is called so"
            in pages(iris).get("/audit/candidates/initiatives/?q=nowhere").content.decode()
        )
        for place in ("people", "initiatives"):
            assert pages(lena).get(f"/audit/candidates/{place}/").status_code == 403
        assert pages(iris).get("/audit/candidates/tokens/").status_code == 404


def test_words_of_the_rows_are_found_and_it_says_how_far_it_looked(
    lena: User, iris: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)
    record(COMMAND, "thing.done", {"reason": "Papyrüs & Söhne"}, clock.now())
    for number in range(9):
        record(COMMAND, "thing.done", {"number": number}, clock.now())
    page = trail(iris, q="PAPYRÜS")
    assert numbers(page) == [2]
    assert "looked for in 11 events" in page.text and "Look further back" not in page.text

    monkeypatch.setattr(views, "newest", partial(newest, window=5))
    page = trail(iris, q="PAPYRÜS")
    assert numbers(page) == [] and "Nothing found so far" in page.text
    assert "looked for in 5 events" in page.text and "before no. 7 were not looked at" in page.text
    further = next(link for link in page.all("a") if link.text == "Look further back")
    assert numbers(read(pages(iris).get(f"/audit/{further.attrs['href']}"))) == [2]


def test_an_event_leads_to_what_it_is_about(lena: User, iris: User, ada: User) -> None:
    one = create(lena)
    slug = Framework.objects.values_list("slug", flat=True)[0]
    record(
        COMMAND,
        "framework.published",
        {"framework": slug, "version": "1.0", "name": "Ours"},
        clock.now(),
    )
    record(COMMAND, "person.edited", {"username": "lena", "changed": {}}, clock.now())
    ledger = Ledger(clock.now())
    ledger.append(COMMAND, "gate.submitted", {"gate": "architecture", "name": "Architecture"}, one.pk)
    ledger.close()

    def leads(by: User) -> set[str]:
        found = {link.attrs["href"] for link in trail(by).by_id("events").one("tbody").all("a")}
        for href in found:
            assert pages(by).get(href).status_code == 200, href
        return found

    gate = f"/initiatives/{one.ref}/gates/architecture/"
    expected = {f"/initiatives/{one.ref}/", gate, f"/frameworks/{slug}/"}
    assert leads(iris) == expected
    assert leads(ada) == expected | {"/people/lena/edit/"}


def test_what_people_wrote_is_shown_as_it_is_and_cut_where_it_is_long(lena: User, iris: User) -> None:
    create(lena, name=f"{SCRIPT} {RTL} {EMOJI}")
    record(Actor.person(lena), "organisation.edited", {"changed": {"name": [LONG, SCRIPT]}}, clock.now())
    response = pages(iris).get("/audit/")
    assert SCRIPT not in response.content.decode()
    page = read(response)
    assert f"{SCRIPT} {RTL} {EMOJI}" in page.text
    assert all(len(data.text) <= DATA_SHOWN + 2 for data in page.all("pre"))


def test_it_asks_the_database_as_often_for_many_events_as_for_few(lena: User, iris: User) -> None:
    create(lena)
    few = _queries(iris)
    for _ in range(30):
        create(lena)
    assert _queries(iris) == few <= 8


def _queries(by: User) -> int:
    client = pages(by)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/audit/").status_code == 200
    return len(asked)


def test_before_anything_happened_it_says_so(iris: User) -> None:
    assert "Nothing has happened yet" in trail(iris).text


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_of_event_has_words_of_its_own(language: str) -> None:
    with override(language):
        told = {verb: str(verb_words(verb)) for verb in VERBS}
    assert [verb for verb, words in told.items() if verb in words] == []
    alike = {words for words in told.values() if [*told.values()].count(words) > 1}
    assert alike == set()
