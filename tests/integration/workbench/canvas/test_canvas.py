"""The canvas: each section saves itself, keeps what was typed, and never writes over what was not seen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import ExitCriterion, Initiative, Kpi, Stakeholder
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.initiatives import edit_initiative
from readiness.actions.stages import move_stage
from readiness.actions.team import people_of
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages, person, today
from tests.integration.workbench.initiatives.scenes import EMOJI, LESSON, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

HTMX = {"hx-request": "true"}
FORMS = ("problem", "people", "budget", "plan", "stakeholders", "approach")
SECTIONS = ("problem", "people", "kpis", "exit-criteria", "budget", "plan", "stakeholders", "approach")


def shown(by: User, initiative: Initiative) -> Node:
    return read(pages(by).get(f"/initiatives/{initiative.ref}/canvas/"))


def fields(section: Node) -> dict[str, Any]:
    """What a browser would send of a section as it stands."""
    sent: dict[str, Any] = {}
    for node in section.one("form").walk():
        name = node.attrs.get("name", "")
        if node.tag == "textarea":
            sent[name] = node.parts[0].lstrip("\n") if node.parts and isinstance(node.parts[0], str) else ""
        elif node.tag == "select":
            chosen = node.all("option", selected="")
            sent[name] = chosen[0].attrs["value"] if chosen else ""
        elif node.tag == "input" and node.attrs.get("type") in ("checkbox", "radio"):
            if "checked" in node.attrs:
                sent.setdefault(name, []).append(node.attrs.get("value", "on"))
        elif node.tag == "input":
            sent[name] = node.attrs.get("value", "")
    return sent


def post(by: User, initiative: Initiative, section: str, sent: Any, *, htmx: bool = False) -> HttpResponse:
    path = f"/initiatives/{initiative.ref}/canvas/{section}/"
    return pages(by).post(path, sent, headers=HTMX if htmx else {})


def save(by: User, initiative: Initiative, section: str, htmx: bool = False, **typed: Any) -> HttpResponse:
    sent = fields(shown(by, initiative).by_id(section))
    return post(by, initiative, section, sent | typed, htmx=htmx)


def errors_at(page: Node) -> set[str]:
    return {
        node.attrs["name"].removesuffix("-add")
        for node in page.walk()
        if node.attrs.get("aria-invalid") == "true" and "name" in node.attrs
    }


# --- What it shows ------------------------------------------------------------------------------------------


def test_it_has_all_its_sections_and_can_be_read_aloud(lena: User, initiative: Initiative) -> None:
    page = shown(lena, initiative)
    assert complaints(page) == []
    assert [node.attrs["id"] for node in page.all("section") if node.attrs.get("id") in SECTIONS] == [
        *SECTIONS
    ]
    assert [slug for slug in SECTIONS if page.by_id(slug).all("form")] == [*FORMS]
    assert page.links()["Canvas"] == f"/initiatives/{initiative.ref}/canvas/"


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
def test_who_is_not_on_the_team_reads_it(
    request: pytest.FixtureRequest, initiative: Initiative, who: str
) -> None:
    page = shown(request.getfixturevalue(who), initiative)
    assert complaints(page) == []
    assert "Invoices wait nine days." in page.by_id("problem").text
    with_form = [slug for slug in SECTIONS if page.by_id(slug).all("form")]
    assert with_form == (["people"] if who == "ada" else [])


def test_one_that_has_ended_is_only_read(lena: User, initiative: Initiative) -> None:
    sent = fields(shown(lena, initiative).by_id("problem")) | {"business_problem": "Later."}
    move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
    page = shown(lena, initiative)
    assert not [slug for slug in SECTIONS if page.by_id(slug).all("form")]
    assert not page.all("button", type="submit", name="take")
    refused = post(lena, initiative, "problem", sent)
    assert refused.status_code == 409
    assert "This initiative has ended (stopped)." in read(refused).text
    assert fields(read(refused).by_id("problem"))["business_problem"] == "Later."
    assert Initiative.objects.get().business_problem == "Invoices wait nine days."


def test_kpis_and_exit_criteria_are_shown_with_the_way_to_their_page(
    lena: User, initiative: Initiative
) -> None:
    promises = f"/initiatives/{initiative.ref}/promises/"
    empty = shown(lena, initiative)
    assert empty.by_id("kpis").links() == {"Enter the KPIs": promises}
    assert empty.by_id("exit-criteria").links() == {"Agree on exit criteria": promises}
    kpi = Kpi.objects.create(
        initiative=initiative, name=SCRIPT, unit="%", go_limit=80, stop_limit=60, created_at=clock.now()
    )
    ExitCriterion.objects.create(
        initiative=initiative, kpi=kpi, comparator="under", limit=30, window_days=28, action="stop",
        decider=lena, created_at=clock.now(),
    )  # fmt: skip
    page = shown(lena, initiative)
    assert f"{SCRIPT} business, go limit 80 %, stop limit 60 %" in page.by_id("kpis").text
    assert f"{SCRIPT} under 30 % for 4 weeks Stop it; Lena decides" in page.by_id("exit-criteria").text
    assert page.by_id("kpis").links() == {"Go to the KPIs": promises}


# --- Saving -------------------------------------------------------------------------------------------------


def test_a_section_is_saved_and_the_rest_stays(lena: User, initiative: Initiative) -> None:
    before = Event.objects.count()
    response = save(lena, initiative, "plan", plan_poc_days="28", plan_decision_on=str(today()))
    where = f"/initiatives/{initiative.ref}/canvas/?saved=plan#plan"
    assert (response.status_code, response["Location"]) == (302, where)
    initiative.refresh_from_db()
    assert (initiative.poc_days, initiative.decision_on, initiative.name) == (28, today(), "Invoice triage")
    assert Event.objects.count() == before + 1
    page = read(pages(lena).get(where))
    assert page.by_id("plan-told").text.startswith("Saved ")
    assert page.by_id("budget-told").text == ""


SAVES = [
    ("problem", {"business_problem": "Clerks read.", "business_unit": "Claims"}, ("business_unit", "Claims")),
    ("people", {"people_deputy": "mara", "people_members": ["lena", "mara"]}, ("people", "mara")),
    (
        "budget",
        {"budget_planned": "1000", "budget_data_share": "45", "budget_estimate_run": "9.5"},
        ("estimate_run", Decimal("9.50")),
    ),
    ("plan", {"plan_rollout_days": "90"}, ("rollout_days", 90)),
    ("approach", {"approach": "buy", "vendor": "Papyra"}, ("approach", "buy")),
]


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(("section", "typed", "expected"), SAVES, ids=[one[0] for one in SAVES])
def test_every_section_saves_what_is_typed(
    lena: User, initiative: Initiative, section: str, typed: Any, expected: Any, htmx: bool
) -> None:
    person("mara")
    response = save(lena, initiative, section, htmx=htmx, **typed)
    assert response.status_code == (200 if htmx else 302)
    initiative.refresh_from_db()
    column, value = expected
    stands = people_of(initiative)["deputy"] if column == "people" else getattr(initiative, column)
    assert stands == value


def test_stakeholders_are_saved_with_the_day_on_which_each_was_involved(
    lena: User, initiative: Initiative
) -> None:
    typed = {"it_contact": f"Ops {EMOJI} {RTL}", "it_involved_on": str(today())}
    sent = fields(shown(lena, initiative).by_id("stakeholders")) | typed
    del sent["works_council_needed"]
    assert post(lena, initiative, "stakeholders", sent).status_code == 302
    rows = {row.function: row for row in Stakeholder.objects.all()}
    assert (rows["it"].contact, rows["it"].involved_on) == (typed["it_contact"], today())
    assert rows["works_council"].needed is False
    assert set(rows) == {"it", "works_council"}
    told = shown(lena, initiative)
    assert fields(told.by_id("stakeholders"))["it_contact"] == typed["it_contact"]


def test_saving_without_a_change_leaves_no_event(lena: User, initiative: Initiative) -> None:
    before = Event.objects.count()
    for section in FORMS:
        assert save(lena, initiative, section).status_code == 302
    assert Event.objects.count() == before


def test_with_htmx_what_is_computed_changes_place_and_no_field_does(
    lena: User, initiative: Initiative
) -> None:
    page = shown(lena, initiative)
    response = save(lena, initiative, "budget", htmx=True, budget_data_share="45", budget_change_share="25")
    parts = read(response)
    assert response["HX-Reswap"] == "none"
    placed = {node.attrs["id"]: node.tag for node in parts.walk() if "hx-swap-oob" in node.attrs}
    assert [*placed] == [
        "budget-told",
        "budget-seen",
        "budget-figure",
        "canvas-checkpoint",
        "canvas-summary",
        "canvas-said",
    ]
    assert all(page.by_id(name).tag == tag for name, tag in placed.items())
    assert parts.by_id("budget-told").text.startswith("Saved ")
    assert parts.by_id("budget-seen").attrs["value"] != page.by_id("budget-seen").attrs["value"]
    assert "Everything else" in parts.by_id("budget-figure").text
    assert not parts.all("textarea")


def test_with_htmx_who_was_named_by_words_alone_is_a_box_at_once(lena: User, initiative: Initiative) -> None:
    mara = person("mara")
    page = shown(lena, initiative)
    where = "id_people_members-several"
    name = page.by_id(where).attrs["data-name"]
    parts = read(save(lena, initiative, "people", htmx=True, **{f"{name}-add": "Mara"}))
    gathered = parts.by_id(where)
    assert "hx-swap-oob" in gathered.attrs and "hx-swap-oob" not in page.by_id(where).attrs
    ticked = {box.attrs["value"] for box in gathered.all("input", type="checkbox") if "checked" in box.attrs}
    assert mara.username in ticked
    assert not gathered.one("input", name=f"{name}-add").attrs.get("value")
    again = read(save(lena, initiative, "people", htmx=True))
    assert where not in {node.attrs.get("id") for node in again.walk()}
    assert "mara" in people_of(initiative)["members"]


def test_with_htmx_one_save_follows_the_other(lena: User, initiative: Initiative) -> None:
    sent = fields(shown(lena, initiative).by_id("plan"))
    first = read(post(lena, initiative, "plan", sent | {"plan_poc_days": "10"}, htmx=True))
    sent |= {"plan_poc_days": "10", "plan_pilot_days": "20", "seen": first.by_id("plan-seen").attrs["value"]}
    assert post(lena, initiative, "plan", sent, htmx=True).status_code == 200
    initiative.refresh_from_db()
    assert (initiative.poc_days, initiative.pilot_days) == (10, 20)


# --- Two people at once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_stale_save_shows_both_and_nothing_is_lost(lena: User, initiative: Initiative, htmx: bool) -> None:
    sent = fields(shown(lena, initiative).by_id("approach")) | {"vendor": f"Mine {SCRIPT}"}
    edit_initiative(initiative.pk, {"vendor": "Theirs"}, Actor.person(lena), clock.now())
    response = post(lena, initiative, "approach", sent, htmx=htmx)
    section = read(response).by_id("approach")
    assert response.status_code == 409
    assert SCRIPT not in response.content.decode()
    assert "Somebody else changed this in the meantime" in section.text
    assert f"Vendor Stands now: Theirs You typed: Mine {SCRIPT}" in section.text
    assert fields(section)["vendor"] == f"Mine {SCRIPT}"
    assert Initiative.objects.get().vendor == "Theirs"
    again = post(lena, initiative, "approach", fields(section), htmx=htmx)
    assert again.status_code == (200 if htmx else 302)
    assert Initiative.objects.get().vendor == f"Mine {SCRIPT}"


def test_stakeholders_that_moved_are_shown_too(lena: User, initiative: Initiative) -> None:
    sent = fields(shown(lena, initiative).by_id("stakeholders")) | {"legal_contact": "Mine"}
    save(lena, initiative, "stakeholders", legal_contact="Theirs")
    response = post(lena, initiative, "stakeholders", sent)
    assert response.status_code == 409
    section = read(response).by_id("stakeholders")
    assert "Legal: who Stands now: Theirs You typed: Mine" in section.text


def test_what_somebody_else_saved_in_another_section_is_no_conflict(
    lena: User, initiative: Initiative
) -> None:
    sent = fields(shown(lena, initiative).by_id("approach")) | {"vendor": "Papyra"}
    save(lena, initiative, "plan", plan_poc_days="28")
    assert post(lena, initiative, "approach", sent).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.vendor, initiative.poc_days) == ("Papyra", 28)


@pytest.mark.parametrize("seen", ["", "x", "\x00", "0" * 16])
def test_who_does_not_say_what_they_saw_writes_over_nothing(
    lena: User, initiative: Initiative, seen: str
) -> None:
    assert save(lena, initiative, "approach", seen=seen, vendor="Mine").status_code == 409
    assert Initiative.objects.get().vendor == ""


# --- Bad input ----------------------------------------------------------------------------------------------

MISTAKES = [
    ("problem", "business_problem", ""),
    ("problem", "business_problem", LONG),
    ("problem", "business_problem", "a\x00b"),
    ("problem", "business_unit", LONG),
    ("people", "people_deputy", "nobody-of-that-name"),
    ("budget", "budget_planned", "-1"),
    ("budget", "budget_estimate_build", "NaN"),
    ("budget", "budget_estimate_run", "1e999"),
    ("budget", "budget_currency", "euro"),
    ("budget", "budget_data_share", "101"),
    ("plan", "plan_poc_days", "0"),
    ("plan", "plan_poc_days", "9" * 5000),
    ("plan", "plan_decision_on", "2026-02-30"),
    ("plan", "plan_decision_on", "2020-01-01"),
    ("approach", "vendor", LONG),
    ("approach", "technology", "\x00"),
    ("stakeholders", "it_contact", LONG),
    ("stakeholders", "it_involved_on", "tomorrow"),
    ("stakeholders", "it_involved_on", "2099-01-01"),
    ("stakeholders", "legal_involved_on", "1066-10-14"),
]


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(("section", "name", "value"), MISTAKES)
def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(
    lena: User, initiative: Initiative, section: str, name: str, value: str, htmx: bool
) -> None:
    before = Event.objects.count()
    response = save(lena, initiative, section, htmx=htmx, **{name: value})
    page = read(response)
    assert response.status_code == 422
    assert errors_at(page) == {name}
    assert page.by_id(f"{section}-told").text == "Not saved"
    if name != "people_deputy":
        assert fields(page.by_id(section))[name] == value
    assert Event.objects.count() == before
    if not htmx:
        assert complaints(page) == []


def test_shares_of_130_percent_are_refused_at_their_field(lena: User, initiative: Initiative) -> None:
    response = save(lena, initiative, "budget", budget_data_share="70", budget_change_share="60")
    assert errors_at(read(response)) == {"budget_change_share"}
    assert "add up to 130 %" in read(response).by_id("budget").text


def test_a_works_council_that_is_not_there_was_not_involved(lena: User, initiative: Initiative) -> None:
    sent = fields(shown(lena, initiative).by_id("stakeholders"))
    sent |= {"works_council_involved_on": str(today())}
    del sent["works_council_needed"]
    assert errors_at(read(post(lena, initiative, "stakeholders", sent))) == {"works_council_involved_on"}


def test_a_section_that_is_not_filled_in_here_is_not_there(lena: User, initiative: Initiative) -> None:
    for section in ("kpis", "exit-criteria", "nothing"):
        assert post(lena, initiative, section, {}).status_code == 404
    back = pages(lena).get(f"/initiatives/{initiative.ref}/canvas/plan/")
    assert back["Location"] == f"/initiatives/{initiative.ref}/canvas/#plan"


# --- What Checkpoint 0 lacks ---------------------------------------------------------------------------------


def test_what_is_missing_is_listed_with_its_fact_and_its_place(lena: User, initiative: Initiative) -> None:
    side = shown(lena, initiative).by_id("canvas-checkpoint")
    assert "0 of 7 met, 5 needed" in side.text
    assert "No executive sponsor is named." in side.text
    assert "The PoC has no planned length, and so no end." in side.text
    canvas, checklist = f"/initiatives/{initiative.ref}/canvas/", f"/initiatives/{initiative.ref}/checklist/"
    links = side.links()
    assert links["Sponsor from the benefiting unit"] == f"{canvas}#people"
    assert links["Success in numbers"] == f"{canvas}#kpis"
    assert links["Data and permissions settled"] == f"{checklist}checkpoint-0/#CP0-7"


def test_it_follows_what_is_saved_and_what_is_answered(lena: User, initiative: Initiative) -> None:
    person("elia")
    side = read(save(lena, initiative, "people", htmx=True, people_executive_sponsor="elia"))
    assert "Elia of Finance is named." in side.by_id("canvas-checkpoint").text
    answer_all(initiative, lena, framework="poc-checkpoints", gates=["checkpoint-0"])
    side = shown(lena, initiative).by_id("canvas-checkpoint")
    assert "7 of 7 met, 5 needed" in side.text
    assert "Still to settle" not in side.text
    assert "Ready to submit" in side.text


def test_what_is_proposed_is_taken_from_here(lena: User, initiative: Initiative) -> None:
    save(lena, initiative, "plan", plan_poc_days="28")
    form = shown(lena, initiative).by_id("canvas-checkpoint").one("form")
    takes = [node.attrs["value"] for node in form.all("input", name="take")]
    assert "CP0-6:partial:0" in takes
    told = [row.text for row in form.by_id("takes").all("li")]
    assert len(told) == len(takes)
    assert told[0].startswith("Partial: One-sentence problem") and "written in one sentence" in told[0]
    taken = pages(lena).post(form.attrs["action"], {"take": takes, "back": "canvas"}, follow=True)
    assert taken.redirect_chain == [(f"/initiatives/{initiative.ref}/canvas/", 302)]
    page = read(taken)
    assert f"{len(takes)} proposed answers taken." in page.text
    assert not page.by_id("canvas-checkpoint").all("form")


def test_the_same_number_of_queries_whatever_there_is(
    lena: User, initiative: Initiative, query_count: Any
) -> None:
    browser = pages(lena)

    def look() -> None:
        assert browser.get(f"/initiatives/{initiative.ref}/canvas/").status_code == 200

    def promise(number: int) -> None:
        kpi = Kpi.objects.create(initiative=initiative, name=f"K{number}", created_at=clock.now())
        ExitCriterion.objects.create(
            initiative=initiative, kpi=kpi, comparator="under", limit=1, window_days=7, action="stop",
            decider=lena, created_at=clock.now(),
        )  # fmt: skip

    def involve(function: str) -> None:
        Stakeholder.objects.create(initiative=initiative, function=function, involved_on=date(2026, 1, 1))

    promise(0)
    involve("works_council")  # a table is asked for from its first row on
    look()
    before = query_count(look)
    for number in range(1, 13):
        create(lena, name=f"Invoice triage {number}")
        person(f"p{number}")
        promise(number)
    members = ["lena", *(f"p{number}" for number in range(1, 13))]
    edit_initiative(initiative.pk, {"people": {"members": members}}, Actor.person(lena), clock.now())
    involve("it")
    assert query_count(look) <= before
