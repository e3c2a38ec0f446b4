"""Entering and editing an initiative: what is checked, what is kept, and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, person, today
from tests.integration.workbench.initiatives.scenes import EMOJI, LESSON, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

CHOICES = ("approach", "priority", "visibility", "stage", "people_business_owner")
LEAST = {
    "name": "Invoice triage",
    "business_problem": "Invoices wait nine days.",
    "visibility": "organisation",
    "stage": "intake",
}
WHOLE = LEAST | {"priority": "normal"}


def errors_at(page: Node) -> set[str]:
    """The fields at which something is wrong."""
    return {
        node.attrs["name"].removesuffix("-add")
        for node in page.walk()
        if node.attrs.get("aria-invalid") == "true" and "name" in node.attrs
    }


def typed(page: Node, name: str) -> str:
    """What stands in a field."""
    node = page.all(name=name)[0]
    if node.tag == "textarea":
        return node.parts[0].lstrip("\n") if node.parts and isinstance(node.parts[0], str) else ""
    if node.tag == "select":
        chosen = node.all("option", selected="")
        return chosen[0].attrs["value"] if chosen else ""
    return node.attrs.get("value", "")


class TestEntering:
    def enter(self, by: User, **facts: Any) -> HttpResponse:
        return pages(by).post("/initiatives/new/", LEAST | facts)

    def test_a_name_and_a_problem_are_enough(self, lena: User) -> None:
        response = self.enter(lena)
        initiative = Initiative.objects.get()
        assert (response.status_code, response["Location"]) == (302, f"/initiatives/{initiative.ref}/canvas/")
        assert (initiative.name, initiative.stage) == ("Invoice triage", "intake")
        followed = pages(lena).get(response["Location"])
        assert followed.status_code == 200

    def test_what_is_said_when_it_is_entered_shows_its_name_as_it_is(self, lena: User) -> None:
        response = pages(lena).post("/initiatives/new/", LEAST | {"name": SCRIPT}, follow=True)
        assert f"{SCRIPT} is entered." in read(response).text
        assert SCRIPT not in response.content.decode()

    def test_what_is_under_way_comes_in_at_its_stage_and_for_its_team(self, lena: User) -> None:
        since = today() - timedelta(days=10)
        facts = {
            "business_unit": "Finance",
            "visibility": "team",
            "stage": "pilot",
            "stage_since": str(since),
        }
        assert self.enter(lena, **facts).status_code == 302
        initiative = Initiative.objects.get()
        kept = (initiative.business_unit, initiative.visibility, initiative.stage, initiative.stage_since)
        assert kept == ("Finance", "team", "pilot", since)
        assert initiative.taken_over is True
        roles = set(TeamRole.objects.values_list("user__username", "role"))
        assert roles == {("lena", "technical_lead"), ("lena", "member")}

    def test_nothing_more_is_asked_for_and_nothing_more_is_taken(self, lena: User) -> None:
        page = read(pages(lena).get("/initiatives/new/"))
        asked = {
            node.attrs["name"] for node in page.one("form", class_="stack").walk() if "name" in node.attrs
        }
        assert asked == {
            "csrfmiddlewaretoken", "name", "business_problem", "business_unit", "stage", "stage_since",
            "visibility", "look",
        }  # fmt: skip
        self.enter(lena, vendor="Papyra", plan_poc_days="3", people_members=["nobody"])
        assert (Initiative.objects.get().vendor, Initiative.objects.get().poc_days) == ("", None)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "   "),
            ("name", LONG),
            ("name", "a\x00b"),
            ("business_problem", ""),
            ("business_problem", LONG),
            ("business_problem", "a\x00b"),
            ("business_unit", LONG),
            ("business_unit", "\x00"),
            ("visibility", "world"),
            ("stage", "heaven"),
            ("stage_since", "2026-02-30"),
            ("stage_since", "tomorrow"),
            ("stage_since", "2999-01-01"),
            ("stage_since", "1066-10-14"),
        ],
    )
    def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(
        self, lena: User, field: str, value: Any
    ) -> None:
        rest = {"name": f"Kept {SCRIPT}", "business_problem": f"{RTL} {EMOJI}"}
        response = self.enter(lena, **(rest | {field: value}))
        page = read(response)
        assert response.status_code == 422
        assert not Initiative.objects.exists()
        assert errors_at(page) == {field}
        assert complaints(page) == []
        assert SCRIPT not in response.content.decode()
        for name, kept in (rest | {field: value}).items():
            if name not in CHOICES:
                assert typed(page, name) == kept, name

    def test_every_mistake_is_named_at_once(self, lena: User) -> None:
        response = self.enter(lena, name="", business_problem="", stage_since="x")
        page = read(response)
        assert errors_at(page) == {"name", "business_problem", "stage_since"}
        summary = page.all("div", class_="form-errors")[0]
        assert {link.attrs["href"] for link in summary.all("a")} >= {"#id_name", "#id_business_problem"}

    @pytest.mark.parametrize("stage", ["rollout", "live"])
    def test_into_rollout_or_live_only_an_admin_takes_over(self, lena: User, ada: User, stage: str) -> None:
        refused = self.enter(lena, stage=stage)
        assert refused.status_code == 422
        assert errors_at(read(refused)) == {"stage"}
        assert self.enter(ada, stage=stage).status_code == 302

    @pytest.mark.parametrize(
        ("who", "may"), [("lena", True), ("elsa", True), ("ada", True), ("ravi", False), ("iris", False)]
    )
    def test_who_may_enter_one(self, request: pytest.FixtureRequest, who: str, may: bool) -> None:
        user = request.getfixturevalue(who)
        assert pages(user).get("/initiatives/new/").status_code == (200 if may else 403)
        assert self.enter(user).status_code == (302 if may else 403)
        assert Initiative.objects.count() == (1 if may else 0)

    def test_the_form_begins_with_what_is_known(self, lena: User) -> None:
        create(lena, business_unit="Claims")
        page = read(pages(lena).get("/initiatives/new/"))
        assert complaints(page) == []
        assert (typed(page, "stage"), typed(page, "visibility")) == ("intake", "organisation")
        assert [option.attrs["value"] for option in page.by_id("units").all("option")] == ["Claims"]

    def test_the_unit_is_at_first_that_of_whoever_enters_it(self, lena: User) -> None:
        User.objects.filter(pk=lena.pk).update(unit="Claims")
        assert typed(read(pages(lena).get("/initiatives/new/")), "business_unit") == "Claims"
        looked = pages(lena).post(
            "/initiatives/new/", {"name": "Triage", "business_unit": "", "look": "similar"}
        )
        assert typed(read(looked), "business_unit") == ""

    def test_units_of_others_teams_are_not_given_away(self, lena: User, omar: User) -> None:
        create(lena, business_unit="Secret unit", visibility="team")
        assert "Secret unit" not in read(pages(omar).get("/initiatives/new/")).by_id("units").text
        assert "Secret unit" not in pages(omar).get("/initiatives/new/").content.decode()

    def test_an_empty_form_is_answered_with_what_is_missing(self, lena: User) -> None:
        response = pages(lena).post("/initiatives/new/")
        assert response.status_code == 422
        assert {"name", "business_problem"} <= errors_at(read(response))


def edit(by: User, initiative: Initiative, **facts: Any) -> HttpResponse:
    """What a browser sends when only these fields are changed."""
    path = f"/initiatives/{initiative.ref}/edit/"
    page = read(pages(by).get(path))
    sent = {"version": typed(page, "version")} | {
        node.attrs["name"]: typed(page, node.attrs["name"])
        for node in page.one("form", class_="stack").walk()
        if node.tag in ("input", "select", "textarea")
        and node.attrs.get("type") not in ("checkbox", "hidden")
    }
    return pages(by).post(path, sent | facts)


class TestEditing:
    def test_what_is_changed_is_saved_and_the_rest_stays(self, lena: User, initiative: Initiative) -> None:
        before = Event.objects.count()
        response = edit(lena, initiative, vendor="Papyra", budget_spent="12.50", people_members=["lena"])
        assert (response.status_code, response["Location"]) == (302, f"/initiatives/{initiative.ref}/")
        initiative.refresh_from_db()
        assert (initiative.vendor, str(initiative.budget_spent)) == ("Papyra", "12.50")
        assert initiative.name == "Invoice triage"
        changed = Event.objects.latest("seq").data["changed"]
        assert changed == {"vendor": ["", "Papyra"], "budget.spent": [None, "12.50"]}
        assert Event.objects.count() == before + 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("technology", LONG),
            ("vendor", LONG),
            ("tags", ",".join(f"t{n}" for n in range(30))),
            ("tags", LONG),
            ("approach", "magic"),
            ("priority", "urgent"),
            ("visibility", "world"),
            ("plan_poc_days", "0"),
            ("plan_poc_days", "-3"),
            ("plan_poc_days", "1.5"),
            ("plan_poc_days", "many"),
            ("plan_poc_days", "9" * 5000),
            ("plan_decision_on", "31/31/2026"),
            ("plan_decision_on", "0001-01-01"),
            ("plan_decision_on", "2020-01-01"),
            ("budget_planned", "-1"),
            ("budget_planned", "NaN"),
            ("budget_planned", "1e999999"),
            ("budget_planned", "1.234"),
            ("budget_spent", "lots"),
            ("budget_currency", "eur"),
            ("budget_currency", "EURO"),
            ("budget_data_share", "101"),
            ("budget_change_share", "-1"),
            ("budget_estimate_build", "-1"),
            ("budget_estimate_run", "lots"),
            ("people_business_owner", "nobody-of-that-name"),
            ("people_members", ["lena", "nobody-of-that-name"]),
        ],
    )
    def test_every_mistake_has_its_field_and_nothing_that_was_typed_is_lost(
        self, lena: User, initiative: Initiative, field: str, value: Any
    ) -> None:
        rest = {"name": f"Kept {SCRIPT}", "business_problem": f"{RTL} {EMOJI}"}
        response = edit(lena, initiative, **({"people_members": ["lena"]} | rest | {field: value}))
        page = read(response)
        assert response.status_code == 422
        assert errors_at(page) == {field}
        assert complaints(page) == []
        assert SCRIPT not in response.content.decode()
        for name, kept in (rest | {field: value}).items():
            if isinstance(kept, str) and name not in CHOICES:
                assert typed(page, name) == kept, name
        assert Initiative.objects.get().name == "Invoice triage"

    def test_shares_of_more_than_the_whole_are_refused(self, lena: User, initiative: Initiative) -> None:
        response = edit(lena, initiative, budget_data_share="60", budget_change_share="50")
        assert errors_at(read(response)) == {"budget_change_share"}

    def test_saving_without_a_change_does_nothing(self, lena: User, initiative: Initiative) -> None:
        before = Event.objects.count()
        assert edit(lena, initiative, people_members=["lena"]).status_code == 302
        assert Event.objects.count() == before

    def test_on_a_version_that_moved_it_shows_what_stands_and_keeps_what_was_typed(
        self, lena: User, initiative: Initiative
    ) -> None:
        stale = initiative.version
        edit_initiative(initiative.pk, {"vendor": "Theirs"}, Actor.person(lena), clock.now())
        response = edit(lena, initiative, vendor=f"Mine {SCRIPT}", version=stale, people_members=["lena"])
        page = read(response)
        assert response.status_code == 409
        assert complaints(page) == []
        assert "Somebody else changed this in the meantime" in page.text
        assert "The last change was made by Lena" in page.text
        assert typed(page, "vendor") == f"Mine {SCRIPT}"
        assert SCRIPT not in response.content.decode()
        rows = [row.text for row in page.one("table").all("tr")[1:]]
        assert rows == [f"Vendor Theirs Mine {SCRIPT}"]
        assert Initiative.objects.get().vendor == "Theirs"
        assert edit(lena, initiative, vendor="Mine", version=typed(page, "version")).status_code == 302
        assert Initiative.objects.get().vendor == "Mine"

    @pytest.mark.parametrize("version", ["", "x", "-1", "1e9", "9" * 50, "٣"])
    def test_a_version_that_is_none_is_no_error(
        self, lena: User, initiative: Initiative, version: str
    ) -> None:
        assert edit(lena, initiative, vendor="Papyra", version=version).status_code in (302, 409)

    def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(
        self, lena: User, initiative: Initiative
    ) -> None:
        response = edit(lena, initiative, name="", vendor=f"{RTL} {EMOJI}", plan_poc_days="x")
        page = read(response)
        assert response.status_code == 422
        assert errors_at(page) == {"name", "plan_poc_days"}
        assert typed(page, "vendor") == f"{RTL} {EMOJI}"
        initiative.refresh_from_db()
        assert (initiative.name, initiative.vendor) == ("Invoice triage", "")

    @pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris"])
    def test_nobody_edits_what_is_another_teams(
        self, request: pytest.FixtureRequest, initiative: Initiative, who: str
    ) -> None:
        client = pages(request.getfixturevalue(who))
        path = f"/initiatives/{initiative.ref}/edit/"
        assert client.get(path).status_code == 403
        assert client.post(path, WHOLE | {"name": "Mine now"}).status_code == 403
        initiative.refresh_from_db()
        assert initiative.name == "Invoice triage"

    def test_an_admin_changes_people_and_visibility_and_nothing_else(
        self, ada: User, initiative: Initiative
    ) -> None:
        page = read(pages(ada).get(f"/initiatives/{initiative.ref}/edit/"))
        names = {node.attrs.get("name", "") for node in page.one("form", class_="stack").walk()}
        assert not any(name.startswith(("plan_", "budget_")) or name in ("name", "vendor") for name in names)
        response = edit(ada, initiative, name="Taken", visibility="team", people_members=["ada"])
        assert response.status_code == 302
        initiative.refresh_from_db()
        assert (initiative.name, initiative.visibility) == ("Invoice triage", "team")
        assert Initiative.objects.on_team_of(ada).exists()

    def test_people_who_have_left_stay_until_somebody_takes_over(
        self, lena: User, initiative: Initiative
    ) -> None:
        person("olga")
        edit(lena, initiative, people_business_owner="olga", people_members=["lena"])
        User.objects.filter(username="olga").update(is_active=False)
        page = read(pages(lena).get(f"/initiatives/{initiative.ref}/edit/"))
        assert typed(page, "people_business_owner") == "Olga (olga)"
        assert edit(lena, initiative, vendor="New", people_members=["lena"]).status_code == 302

    def test_an_ended_one_is_not_offered_and_not_changed(self, lena: User, initiative: Initiative) -> None:
        move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
        path = f"/initiatives/{initiative.ref}/edit/"
        offered = pages(lena).get(path)
        assert (offered.status_code, offered["Location"]) == (302, f"/initiatives/{initiative.ref}/")
        refused = pages(lena).post(path, WHOLE | {"name": "Again"})
        assert refused.status_code == 409
        assert "This initiative has ended (stopped)." in read(refused).text
        assert typed(read(refused), "name") == "Again"
        initiative.refresh_from_db()
        assert initiative.name == "Invoice triage"
