"""An initiative is entered: what is asked, what is kept as typed, and what is refused at which field."""

from datetime import date

import pytest

from gates.definitions import passages_of
from gates.models import Initiative, StageEntry
from gates.taking_over import never_passed
from readiness.accounts.models import Organisation
from readiness.actions.errors import Invalid, NotAllowed
from readiness.actions.initiatives import create_initiative
from readiness.actions.team import people_of
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, IMPORT
from readiness.workbench.initiatives.sayings import said
from tests.fixtures import pages, person
from tests.integration.actions.props import (
    UNUSUAL_TEXTS,
    act,
    errors,
    on,
    pass_checkpoint,
    refused,
    standing,
    statuses,
    the_day,
)

pytestmark = pytest.mark.django_db

NEEDED = {"name": "Invoice triage", "business_problem": "Invoices wait nine days."}


def enter(by, **facts):
    return create_initiative(NEEDED | facts, act(by), on(0))[0]


@pytest.mark.parametrize("missing", [None, "", "   \n "])
def test_a_name_and_a_business_problem_are_needed(lena, missing):
    with refused(Invalid) as caught:
        create_initiative({"name": missing, "business_problem": missing}, act(lena), on(0))
    assert errors(caught) == [("name", "required"), ("business_problem", "required")]
    with refused(Invalid) as caught:
        create_initiative({}, act(lena), on(0))
    assert errors(caught) == [("name", "required"), ("business_problem", "required")]


def test_everything_that_is_said_is_kept(lena):
    made = enter(
        lena,
        business_unit="Finance",
        technology="A language model",
        vendor="Acme",
        approach="buy",
        visibility="team",
        priority="high",
        tags=["Back office", "Back office", "2026"],
        plan={"poc_days": 20, "pilot_days": 60, "rollout_days": 90, "decision_on": the_day(40)},
        budget={
            "planned": "250000.00",
            "spent": 90000,
            "currency": "CHF",
            "data_share": 45,
            "change_share": 25,
        },
    )
    kept = Initiative.objects.get(pk=made.pk)
    assert (kept.business_unit, kept.technology, kept.vendor) == ("Finance", "A language model", "Acme")
    assert (kept.approach, kept.visibility, kept.priority) == ("buy", "team", "high")
    assert kept.tags == ["Back office", "2026"]
    assert (kept.poc_days, kept.pilot_days, kept.rollout_days, kept.decision_on) == (20, 60, 90, the_day(40))
    assert (str(kept.budget_planned), str(kept.budget_spent), kept.currency) == (
        "250000.00",
        "90000.00",
        "CHF",
    )
    assert (kept.data_share, kept.change_share) == (45, 25)
    assert (kept.created_by, kept.created_at, kept.updated_at) == (lena, on(0), on(0))


def test_what_is_not_said_is_unknown_and_never_made_up(lena):
    kept = Initiative.objects.get(pk=enter(lena).pk)
    texts = (kept.business_unit, kept.technology, kept.vendor, kept.approach)
    assert texts == ("", "", "", "")
    unknown = (kept.poc_days, kept.pilot_days, kept.rollout_days, kept.decision_on)
    assert unknown == (None, None, None, None)
    money = (kept.budget_planned, kept.budget_spent, kept.data_share, kept.change_share)
    assert money == (None, None, None, None)
    assert (kept.visibility, kept.priority, kept.tags) == ("organisation", "normal", [])
    assert (kept.as_of, kept.last_activity_on, kept.hold) == (None, None, None)


def test_a_decision_before_it_entered_its_stage_is_refused_at_its_field(lena):
    with refused(Invalid) as caught:
        enter(lena, plan={"decision_on": the_day(-1)})
    assert errors(caught) == [("plan.decision_on", "before_the_start")]
    late = enter(lena, stage="pilot", stage_since=the_day(-9), plan={"decision_on": the_day(-1)})
    assert late.decision_on == the_day(-1)


def test_money_is_in_the_organisations_currency_unless_another_is_named(lena):
    organisation = Organisation.get()
    organisation.currency = "SEK"
    organisation.save()
    assert enter(lena).currency == "SEK"
    assert enter(lena, budget={"currency": "USD"}).currency == "USD"


def test_it_begins_in_intake_today_with_nothing_answered_and_is_not_ready(lena):
    made = enter(lena)
    assert (made.stage, made.stage_since, made.taken_over) == ("intake", the_day(0), False)
    stay = StageEntry.objects.get(initiative=made)
    assert (stay.stage, stay.entered_on, stay.left_on, stay.by) == ("intake", the_day(0), None, lena)
    now = standing(made)
    assert (now.verdict, now.score, now.total, now.met, now.unanswered) == ("not_ready", 0, 20, 0, 20)
    assert (now.framework, now.required_met, now.stalled) == ("five-gate", 16, False)
    assert statuses(made) == ["open", "locked", "locked", "locked", "locked"]


def test_the_gates_the_checkpoints_and_the_profile_are_there_from_the_creation_and_no_overlay(lena):
    slugs = enter(lena).passages.values_list("framework_slug", flat=True)
    assert set(slugs) == {"five-gate", "poc-checkpoints", "environment-gap"}


def test_the_creator_becomes_technical_lead_and_a_member_unless_another_lead_is_named(lena, omar):
    alone = people_of(enter(lena))
    assert (alone["technical_lead"], alone["members"]) == ("lena", ["lena"])
    named = people_of(enter(lena, people={"technical_lead": "omar"}))
    assert (named["technical_lead"], named["members"]) == ("omar", ["lena"])


def test_the_creator_is_a_member_in_any_case_and_once_only(lena, omar, elsa):
    people = {"business_owner": "elsa", "executive_sponsor": "elsa", "deputy": "omar", "members": ["omar"]}
    found = people_of(enter(lena, people=people))
    assert found == people | {"technical_lead": "lena", "members": ["lena", "omar"]}
    assert people_of(enter(lena, people={"members": ["lena", "omar", "lena"]}))["members"] == ["lena", "omar"]
    assert people_of(enter(lena, people={"technical_lead": None}))["technical_lead"] == "lena"


@pytest.mark.parametrize("who", ["lena", "elsa", "ada"])
def test_leads_executives_and_admins_create(request, who):
    assert enter(request.getfixturevalue(who)).created_by.username == who


@pytest.mark.parametrize("who", ["ravi", "iris"])
def test_reviewers_and_auditors_do_not_create(request, who):
    by = request.getfixturevalue(who)
    with refused(NotAllowed, "not_allowed"):
        enter(by)


def test_who_has_no_role_and_who_is_no_longer_active_do_not_create(lena):
    nobody = person("nobody")
    lena.is_active = False
    lena.save()
    for by in (nobody, lena):
        with refused(NotAllowed, "not_allowed"):
            enter(by)


@pytest.mark.parametrize("stage", ["poc", "pilot"])
def test_what_is_under_way_comes_in_at_its_stage_and_is_marked_taken_over(lena, stage):
    made = enter(lena, stage=stage, stage_since=the_day(-100))
    assert (made.stage, made.stage_since, made.taken_over) == (stage, the_day(-100), True)
    stay = StageEntry.objects.get(initiative=made)
    assert (stay.stage, stay.entered_on, stay.left_on) == (stage, the_day(-100), None)
    assert "Taken over" in stay.reason
    event = Event.objects.get(initiative=made.pk)
    assert (event.data["stage"], event.data["taken_over"]) == (stage, True)
    assert set(statuses(made, framework="poc-checkpoints")) == {"open", "locked"}  # passed none of them here
    names = ["Before the PoC", "Midpoint of the PoC", "Decision after the PoC"][: 1 if stage == "poc" else 3]
    assert event.data["not_passed"] == names
    assert f"Never passed here: {', '.join(names)}." in said(event.verb, event.data).body
    page = pages(lena).get(f"/initiatives/{made.ref}/").content.decode()
    assert page.count(f"Never passed here: {', '.join(names)}.") == 2  # at the top, and in the history


def test_a_checkpoint_passed_here_later_is_named_no_more(lena, ravi):
    made = enter(lena, stage="poc", stage_since=the_day(-100))
    frameworks = [loaded for _, loaded in passages_of(made.pk)]
    assert [gate.slug for gate in never_passed(made, frameworks)] == ["checkpoint-0"]
    pass_checkpoint(made, "checkpoint-0", lena, ravi)
    assert never_passed(made, frameworks) == []
    # What the history says of the beginning stays true.
    page = pages(lena).get(f"/initiatives/{made.ref}/").content.decode()
    assert page.count("Never passed here") == 1


def test_what_comes_in_at_intake_is_not_taken_over_however_old_it_is(lena):
    made = enter(lena, stage="intake", stage_since=the_day(-200))
    assert (made.stage_since, made.taken_over) == (the_day(-200), False)


@pytest.mark.parametrize("stage", ["rollout", "live"])
def test_only_an_admin_takes_over_in_rollout_or_live(lena, elsa, ada, stage):
    for by in (lena, elsa):
        with refused(NotAllowed, "not_allowed"):
            enter(by, stage=stage)
    made = enter(ada, stage=stage, stage_since=the_day(-1))
    assert (made.stage, made.taken_over) == (stage, True)


@pytest.mark.parametrize("stage", ["retired", "stopped", "on_hold", "Pilot", "nonsense"])
def test_nothing_begins_at_its_end_or_in_a_stage_that_does_not_exist(ada, stage):
    with refused(Invalid) as caught:
        enter(ada, stage=stage)
    assert errors(caught) == [("stage", "unknown_word")]


def test_a_stage_cannot_have_begun_tomorrow_nor_before_there_was_any_such_thing(lena):
    with refused(Invalid) as caught:
        enter(lena, stage="poc", stage_since=the_day(1))
    assert errors(caught) == [("stage_since", "in_the_future")]
    with refused(Invalid) as caught:
        enter(lena, stage="poc", stage_since=date(1989, 12, 31))
    assert errors(caught) == [("stage_since", "out_of_range")]
    assert enter(lena, stage="poc", stage_since=the_day(0)).stage_since == the_day(0)


def test_today_is_the_organisations_day_and_not_that_of_greenwich(lena):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})
    late = on(0, hour=20)  # in Auckland it is tomorrow already
    made, _ = create_initiative(NEEDED | {"stage": "poc", "stage_since": the_day(1)}, act(lena), late)
    assert made.stage_since == the_day(1)
    assert create_initiative(NEEDED, act(lena), late)[0].stage_since == the_day(1)


def test_unknown_and_inactive_people_are_named_at_their_field(lena):
    gone = person("gone")
    gone.is_active = False
    gone.save()
    people = {"business_owner": "nobody", "deputy": "gone", "members": ["zoe", "lena", "abe", "gone"]}
    with refused(Invalid) as caught:
        enter(lena, people=people)
    assert errors(caught) == [
        ("people.business_owner", "unknown_person"),
        ("people.deputy", "inactive_person"),
        ("people.members.0", "unknown_person"),
        ("people.members.2", "unknown_person"),
        ("people.members.3", "inactive_person"),
    ]


def test_everything_that_is_wrong_is_listed_at_once(lena):
    facts = {
        "name": "",
        "stage": "done",
        "priority": "urgent",
        "plan": {"poc_days": 0},
        "people": {"deputy": "nobody"},
    }
    with refused(Invalid) as caught:
        enter(lena, **facts)
    assert sorted(errors(caught)) == [
        ("name", "required"),
        ("people.deputy", "unknown_person"),
        ("plan.poc_days", "out_of_range"),
        ("priority", "unknown_word"),
        ("stage", "unknown_word"),
    ]


def test_a_name_of_ten_thousand_characters_is_refused_and_never_cut(lena):
    with refused(Invalid) as caught:
        enter(lena, name="N" * 10_000)
    assert errors(caught) == [("name", "too_long")]
    assert "200" in caught.value.errors[0].message
    assert "10,000" in caught.value.errors[0].message


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_unusual_text_is_kept_as_it_was_typed_and_found_again(lena, text):
    made = enter(lena, name=text, business_problem=text, business_unit=text, tags=[text])
    kept = Initiative.objects.matching(text).get()
    assert kept.pk == made.pk
    assert (kept.name, kept.business_problem, kept.business_unit, kept.tags) == (text, text, text, [text])


@pytest.mark.parametrize("character", ["\x00", "\ud800"], ids=["a null character", "half a surrogate pair"])
@pytest.mark.parametrize(
    "field", ["name", "business_problem", "business_unit", "technology", "vendor", "tags", "people"]
)
def test_what_no_database_can_keep_is_refused_at_its_field(lena, field, character):
    wrong = f"Invoice{character}triage"
    given = {"tags": ["fine", wrong], "people": {"deputy": wrong}}.get(field, wrong)
    with refused(Invalid) as caught:
        enter(lena, **{field: given})
    assert [error.field for error in caught.value.errors] == ["people.deputy" if field == "people" else field]


def test_spellings_that_differ_in_case_or_space_only_are_one_business_unit(lena):
    for unit in ("Finance  Nordic", "finance nordic", " FINANCE NORDIC "):
        enter(lena, business_unit=unit)
    assert [key for key, _ in Initiative.objects.units()] == ["finance nordic"]


def test_it_can_be_found_by_its_reference(lena):
    made = enter(lena)
    assert list(Initiative.objects.matching(made.ref.lower())) == [made]


@pytest.mark.parametrize("actor", [IMPORT, COMMAND], ids=["an import", "a command"])
def test_an_import_and_a_command_create_without_any_person(actor):
    made, _ = create_initiative(NEEDED | {"stage": "live"}, actor, on(0))
    assert (made.created_by, made.stage) == (None, "live")
    assert people_of(made)["members"] == []
    assert Event.objects.get(initiative=made.pk).actor_kind == actor.kind.value
