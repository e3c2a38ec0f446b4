"""The admins' pages, as a browser asks for them."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from readiness.accounts.models import Organisation, SystemRole, User
from readiness.actions.tokens import issue_token
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.flags.registry import RULES
from readiness.standing.models import Threshold
from tests.fixtures import create, pages, person
from tests.integration.accounts.doors import is_signed_in, link_in_mail, make_demo_account, sign_in
from tests.integration.workbench.markup import read

LONG = "x" * 10_000
UMA = {
    "name": "Uma Åberg",
    "username": "uma",
    "email": "uma@example.org",
    "unit": "Finance",
    "function": "it",
}
GETS = [
    "/people/",
    "/people/new/",
    "/people/lena/edit/",
    "/people/lena/deactivate/",
    "/people/lena/reactivate/",
    "/organisation/",
    "/organisation/end-demo/",
    "/organisation/thresholds/",
    "/organisation/thresholds/no_activity/",
]
POSTS = [
    *[path for path in GETS if path not in ("/people/", "/organisation/thresholds/")],
    "/people/lena/invite/",
    "/organisation/thresholds/no_activity/reset/",
]


@pytest.fixture
def admin(ada: User) -> Client:
    return pages(ada)


def text_of(response: Any) -> str:
    return response.content.decode()


class TestWhoComesIn:
    @pytest.mark.parametrize("role", ["lead", "reviewer", "executive", "auditor"])
    def test_every_other_role_is_refused_everywhere(self, lena: User, demo: Organisation, role: str) -> None:
        browser = pages(person("eve", **{role: True}))
        assert {path: browser.get(path).status_code for path in GETS} == dict.fromkeys(GETS, 403)
        assert {path: browser.post(path).status_code for path in POSTS} == dict.fromkeys(POSTS, 403)

    def test_who_is_not_signed_in_is_led_to_the_door(self, lena: User) -> None:
        stranger = Client()
        for path in {*GETS, *POSTS}:
            assert stranger.get(path)["Location"].startswith("/login/?next=")
            assert stranger.post(path)["Location"].startswith("/login/?next=")

    def test_an_admin_sees_every_page(self, admin: Client, lena: User, demo: Organisation) -> None:
        assert {path: admin.get(path).status_code for path in GETS} == dict.fromkeys(GETS, 200)

    def test_every_form_needs_its_token(self, ada: User, lena: User, demo: Organisation) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(ada)
        assert {path: strict.post(path).status_code for path in POSTS} == dict.fromkeys(POSTS, 403)
        assert not Event.objects.exists()

    def test_nothing_of_it_is_kept_by_a_cache(self, admin: Client, lena: User) -> None:
        assert "no-store" in admin.get("/people/lena/edit/")["Cache-Control"]


class TestList:
    def test_people_are_found_by_any_part_of_what_is_known(self, admin: Client) -> None:
        person("oezguer", unit="Müller-Werk", lead=True)
        User.objects.get(username="oezguer").save()
        for words in ("OEZ", "oezguer@example", "MÜLLER", "werk oez"):
            assert re.findall(r"/people/(\w+)/edit/", text_of(admin.get("/people/", {"q": words}))) == [
                "oezguer"
            ]
        assert "Nobody found" in text_of(admin.get("/people/", {"q": "zzz"}))

    def test_they_can_be_filtered_by_role_and_state(
        self, admin: Client, lena: User, ravi: User, iris: User
    ) -> None:
        User.objects.filter(pk=ravi.pk).update(is_active=False)
        iris.set_unusable_password()
        iris.save()

        def shown(**query: str) -> list[str]:
            return re.findall(r"/people/(\w+)/edit/", text_of(admin.get("/people/", query)))

        assert shown() == ["ada", "iris", "lena", "ravi"]
        assert shown(role="lead") == ["lena"]
        assert shown(state="inactive") == ["ravi"]
        assert shown(state="active") == ["ada", "iris", "lena"]
        assert shown(state="invited") == ["iris"]
        assert shown(role="reviewer", state="active") == []

    @pytest.mark.parametrize(
        "query",
        [
            {"q": LONG},
            {"q": "a\x00b"},
            {"role": "king"},
            {"state": "\x00"},
            {"page": "-1"},
            {"page": "x"},
            {"page": "9" * 30},
        ],
    )
    def test_odd_queries_are_no_error(self, admin: Client, query: dict[str, str]) -> None:
        assert admin.get("/people/", query).status_code == 200

    def test_it_takes_as_many_queries_for_fifty_as_for_one(
        self, admin: Client, query_count: Callable[[Callable[[], Any]], int]
    ) -> None:
        few = query_count(lambda: admin.get("/people/"))
        for number in range(60):
            person(f"p{number}", **{role.value: True for role in SystemRole})
        assert query_count(lambda: admin.get("/people/")) == few <= 6
        assert "1–50 of 61" in text_of(admin.get("/people/"))

    def test_names_are_shown_as_text(self, admin: Client) -> None:
        User.objects.filter(username="ada").update(name="<script>alert(1)</script>", unit="<img src=x>")
        shown = text_of(admin.get("/people/"))
        assert "&lt;script&gt;" in shown
        assert "<script>alert" not in shown
        assert "<img src" not in shown


class TestEntering:
    def test_from_the_form_by_the_link_to_the_first_sign_in(
        self, admin: Client, client: Client, work_off: Callable[[], int]
    ) -> None:
        made = admin.post("/people/new/", UMA | {"roles": ["lead"], "invite": "on"})
        assert made.status_code == 201
        link = re.search(r"data-link>http://testserver(/password/set/[^<]+)<", text_of(made))
        assert link is not None
        assert work_off() == 1
        assert mail.outbox[-1].to == ["uma@example.org"]
        for address in (link[1], link_in_mail()):
            assert client.get(address)["Location"] == "/password/set/"
        new = "an entirely new sentence"
        assert client.post("/password/set/", {"password": new, "repeated": new}).status_code == 302
        assert sign_in(client, "uma", new).status_code == 302
        assert User.objects.get(username="uma").roles == {SystemRole.LEAD}
        assert Client().get(link[1]).status_code == 410

    @pytest.mark.parametrize(
        ("asked", "ticked"), [("?role=reviewer", ["reviewer"]), ("?role=king", []), ("", [])]
    )
    def test_a_role_that_the_address_names_is_ticked(
        self, admin: Client, asked: str, ticked: list[str]
    ) -> None:
        boxes = read(admin.get(f"/people/new/{asked}")).all("input", name="roles")
        assert [one.attrs["value"] for one in boxes if "checked" in one.attrs] == ticked

    def test_without_an_invitation_nothing_is_sent(self, admin: Client, work_off: Callable[[], int]) -> None:
        assert admin.post("/people/new/", UMA)["Location"] == "/people/uma/edit/"
        assert work_off() == 0
        assert "has no password yet" in text_of(admin.get("/people/uma/edit/")).lower()

    def test_without_an_email_the_link_is_only_shown(
        self, admin: Client, work_off: Callable[[], int]
    ) -> None:
        made = admin.post("/people/new/", UMA | {"email": "", "invite": "on"})
        assert made.status_code == 201
        assert "no e-mail" in text_of(made)
        assert work_off() == 0

    def test_without_a_mail_server_it_is_not_said_to_be_on_its_way(
        self, admin: Client, settings: Any, work_off: Callable[[], int]
    ) -> None:
        assert "on its way to uma@example.org" in text_of(admin.post("/people/new/", UMA | {"invite": "on"}))
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        made = text_of(admin.post("/people/uma/invite/"))
        assert "No mail server is set: hand this link over yourself." in made
        assert "on its way" not in made
        assert "data-link" in made

    def test_without_a_broker_the_link_is_shown_and_said_to_be_unsent(
        self, admin: Client, no_broker: None
    ) -> None:
        made = admin.post("/people/new/", UMA | {"invite": "on"})
        assert made.status_code == 201
        assert "could not be mailed" in text_of(made)
        assert "data-link" in text_of(made)

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"username": "LENA"}, "already in use"),
            ({"email": "Lena@Example.com"}, "already in use"),
            ({"username": "u ma"}, "Letters a to z"),
            ({"username": "👩‍🚀"}, "Letters a to z"),
            ({"username": LONG}, "at most 60"),
            ({"name": LONG}, "at most 120"),
            ({"name": "a\x00b"}, "Null characters"),
            ({"name": ""}, "required"),
            ({"email": "nowhere"}, "An e-mail address such as name@example.org."),
            ({"function": "magic"}, "valid choice"),
            ({"roles": ["king"]}, "valid choice"),
        ],
    )
    def test_bad_input_is_told_at_its_field_and_the_rest_stays_typed(
        self, admin: Client, lena: User, wrong: dict[str, Any], told: str
    ) -> None:
        response = admin.post("/people/new/", UMA | wrong)
        assert response.status_code == 422
        assert told in text_of(response)
        assert 'value="Finance"' in text_of(response)
        assert not User.objects.filter(username__iexact="uma").exists()


class TestOnePerson:
    def filled(self, user: User, **changes: Any) -> dict[str, Any]:
        stands = {"name": user.name, "email": user.email, "unit": user.unit, "function": user.function}
        return stands | {"roles": [role.value for role in user.roles], "version": user.version} | changes

    def test_a_change_is_saved(self, admin: Client, lena: User) -> None:
        changed = self.filled(lena, name="Lena Brandt", roles=["lead", "reviewer"])
        assert admin.post("/people/lena/edit/", changed)["Location"] == "/people/lena/edit/"
        lena.refresh_from_db()
        assert (lena.name, lena.is_reviewer, lena.version) == ("Lena Brandt", True, 2)

    def test_what_somebody_else_changed_meanwhile_is_shown_and_what_was_typed_stays(
        self, admin: Client, lena: User
    ) -> None:
        admin.post("/people/lena/edit/", self.filled(lena, unit="Risk"))
        late = admin.post("/people/lena/edit/", self.filled(lena, name="Lena Typed"))
        assert late.status_code == 409
        shown = text_of(late)
        assert "Somebody else changed this person" in shown
        assert 'value="Lena Typed"' in shown
        assert re.search(r"<dd>\s*Risk", shown)
        assert 'name="version" value="2"' in shown
        lena.refresh_from_db()
        assert (lena.name, lena.unit) == ("Lena", "Risk")
        assert admin.post("/people/lena/edit/", self.filled(lena, name="Lena Typed")).status_code == 302

    @pytest.mark.parametrize("nobody", ["nobody", "%00", "lena%00", "👩‍🚀", "x" * 5000])
    def test_who_is_not_there_has_no_page(self, admin: Client, lena: User, nobody: str) -> None:
        for page in ("edit", "deactivate", "reactivate"):
            assert admin.get(f"/people/{nobody}/{page}/").status_code == 404
        assert admin.post(f"/people/{nobody}/invite/").status_code == 404

    def test_deactivating_asks_first_and_then_closes_every_door(self, admin: Client, lena: User) -> None:
        create(lena)
        hers = pages(lena)
        asked = text_of(admin.get("/people/lena/deactivate/"))
        assert "something on 1 running initiative." in asked and "Invoice triage" in asked
        assert is_signed_in(hers)
        assert admin.post("/people/lena/deactivate/")["Location"] == "/people/lena/edit/"
        assert not is_signed_in(hers)
        assert "Deactivated" in text_of(admin.get("/people/lena/edit/"))
        assert admin.post("/people/lena/reactivate/").status_code == 302
        assert sign_in(hers, "lena").status_code == 302

    def test_the_last_admin_is_told_why_not(self, admin: Client) -> None:
        told = admin.post("/people/ada/deactivate/", follow=True)
        assert "last active admin" in text_of(told)
        ada = User.objects.get(username="ada")
        told = admin.post("/people/ada/edit/", self.filled(ada, roles=["lead"]))
        assert told.status_code == 409
        assert "last active admin" in text_of(told)
        assert is_signed_in(admin)

    def test_a_link_can_be_made_for_who_has_lost_the_password(
        self, admin: Client, client: Client, lena: User, at: datetime
    ) -> None:
        made = admin.post("/people/lena/invite/")
        link = re.search(r"data-link>http://testserver([^<]+)<", text_of(made))
        assert link is not None
        assert client.get(link[1]).status_code == 302
        assert Event.objects.get(verb="password.link_made").data == {"username": "lena"}

    def test_no_link_is_made_for_the_deactivated(self, admin: Client, lena: User) -> None:
        User.objects.filter(pk=lena.pk).update(is_active=False)
        assert "is not active" in text_of(admin.post("/people/lena/invite/", follow=True))

    def test_their_tokens_are_listed(self, admin: Client, lena: User, at: datetime) -> None:
        issue_token(lena, "Pipeline", ["checks"], None, Actor.person(lena), at)
        assert "Pipeline" in text_of(admin.get("/people/lena/edit/"))


class TestOrganisation:
    FILLED = {"name": "Nordwind", "time_zone": "Europe/Berlin", "currency": "CHF"}

    def test_it_is_saved(self, admin: Client) -> None:
        assert admin.post("/organisation/", self.FILLED).status_code == 302
        stands = Organisation.get()
        assert (stands.name, stands.time_zone, stands.currency) == ("Nordwind", "Europe/Berlin", "CHF")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"time_zone": "Mars/Olympus"},
            {"name": LONG},
            {"name": "a\x00"},
            {"currency": "€€€"},
            {"currency": "EURO"},
        ],
    )
    def test_bad_input_is_told_and_the_rest_stays_typed(self, admin: Client, wrong: dict[str, str]) -> None:
        response = admin.post("/organisation/", self.FILLED | wrong)
        assert response.status_code == 422
        assert ('value="Nordwind"' in text_of(response)) == ("name" not in wrong)
        assert Organisation.get().name == "Our organisation"

    def test_a_zone_in_use_is_always_among_the_choices(self, admin: Client) -> None:
        Organisation.get()
        Organisation.objects.update(time_zone="Etc/GMT+5")
        assert '<option value="Etc/GMT+5" selected>' in text_of(admin.get("/organisation/"))

    def test_the_demo_is_ended_after_being_asked(self, demo: Organisation, ada: User) -> None:
        browser, lena = pages(ada), make_demo_account(person("lena", lead=True))
        theirs = pages(lena)
        assert "End the demo" in text_of(browser.get("/organisation/"))
        assert browser.post("/organisation/end-demo/")["Location"] == "/organisation/"
        assert not is_signed_in(theirs)
        assert browser.get("/organisation/end-demo/").status_code == 404
        assert "End the demo" not in text_of(browser.get("/organisation/"))

    def test_it_is_not_ended_while_nobody_else_could_administer(self, demo: Organisation, ada: User) -> None:
        browser = pages(make_demo_account(ada))
        assert "First enter an admin" in text_of(browser.post("/organisation/end-demo/", follow=True))
        assert Organisation.get().demo is True


class TestThresholds:
    def test_every_rule_is_listed_with_its_defaults(self, admin: Client) -> None:
        shown = text_of(admin.get("/organisation/thresholds/"))
        linked = set(re.findall(r"/organisation/thresholds/(\w+)/", shown))
        assert linked < set(RULES)
        assert {"stage_overrun", "no_activity", "score_flat"} <= linked
        assert "Intake 45 days" in re.sub(r"<[^>]+>", "", shown)
        assert shown.count('scope="row"') == len(RULES)

    def test_what_is_set_stands_beside_the_default(self, admin: Client) -> None:
        assert admin.post("/organisation/thresholds/no_activity/", {"any-days": "30"}).status_code == 302
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text_of(admin.get("/organisation/thresholds/"))))
        assert "Days without activity 30 days default: 21 days" in shown
        assert 'value="30"' in text_of(admin.get("/organisation/thresholds/no_activity/"))

    def test_an_emptied_field_and_the_button_bring_the_default_back(self, admin: Client) -> None:
        page = "/organisation/thresholds/stage_overrun/"
        admin.post(page, {"poc-days": "10", "pilot-days": "20"})
        admin.post(page, {"poc-days": "", "pilot-days": "20"})
        assert list(Threshold.objects.values_list("stage", "value")) == [("pilot", 20)]
        assert admin.post(f"{page}reset/").status_code == 302
        assert not Threshold.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("-1", "greater than or equal to 0"),
            ("1.5", "A whole number"),
            ("3651", "From 0 to 3,650"),
            ("many", "Enter a number"),
            ("NaN", "Enter a number"),
            ("9" * 10_000, "no more than"),
            ("1\x00", "Enter a number"),
        ],
    )
    def test_bad_input_is_told_at_its_field_and_stays_typed(
        self, admin: Client, typed: str, told: str
    ) -> None:
        response = admin.post("/organisation/thresholds/no_activity/", {"any-days": typed, "pilot-days": "7"})
        assert response.status_code == 422
        assert told in text_of(response)
        assert 'value="7"' in text_of(response)
        assert not Threshold.objects.exists()

    @pytest.mark.parametrize("code", ["no_such_rule", "owner_left", "no_exit_criteria"])
    def test_a_rule_with_nothing_to_set_has_no_page(self, admin: Client, code: str) -> None:
        assert admin.get(f"/organisation/thresholds/{code}/").status_code == 404
        assert admin.post(f"/organisation/thresholds/{code}/reset/").status_code == 404


def test_limits_are_written_as_german_writes_numbers(ada: User) -> None:
    shown = pages(ada).get("/organisation/thresholds/", headers={"accept-language": "de"}).content.decode()
    assert "× 0,5" in shown and "× 1,5" in shown and "× 0,25" in shown
    assert not re.search(r"× \d+\.\d", shown)
    form = pages(ada).get("/organisation/thresholds/stage_overrun/", headers={"accept-language": "de"})
    assert 'placeholder="1,5"' in form.content.decode() and 'placeholder="1.5"' not in form.content.decode()
    refused = pages(ada).post(
        "/organisation/thresholds/stage_overrun/", {"pilot-days": "10000"}, headers={"accept-language": "de"}
    )
    assert "Von 0 bis 3.650" in refused.content.decode()
