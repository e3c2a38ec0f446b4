"""An imported initiative is judged for the day its file speaks of, until a person first edits it."""

import pytest

from gates.models import Initiative
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.holds import set_hold
from readiness.actions.initiatives import create_initiative, edit_initiative
from readiness.actions.stages import move_stage
from readiness.audit.recording import IMPORT
from readiness.standing.recompute import recompute_batch
from readiness.standing.sweeping import recompute_due
from tests.integration.actions.props import (
    act,
    effective,
    flags,
    link,
    on,
    say,
    standing,
    the_day,
)

pytestmark = pytest.mark.django_db

FILE_OF = 100  # the day the file speaks of
TODAY = 900


@pytest.fixture
def imported(lena):
    """A pilot since day 0, brought in on TODAY; one answer with a statement of the day the file speaks of."""
    facts = {
        "name": "Sorting invoices",
        "business_problem": "not stated in the source",
        "stage": "pilot",
        "stage_since": the_day(0),
        "plan": {"pilot_days": 90},
        "people": {"members": ["lena"]},
    }
    made, _ = create_initiative(facts, IMPORT, on(TODAY))
    Initiative.objects.filter(pk=made.pk).update(as_of=the_day(FILE_OF), people_known=False)
    answer = AnswerChange("DATA-1", "met", evidence=(link(day=FILE_OF),))
    record_answers(made.pk, [answer], IMPORT, on(TODAY))
    made.refresh_from_db()
    return made


def test_it_is_judged_for_the_day_its_file_speaks_of_whatever_day_it_is(imported):
    for day in (TODAY, TODAY + 1000):
        recompute_batch([imported.pk], on(day))
        now = standing(imported)
        assert (now.as_of, now.due_on) == (the_day(FILE_OF), None)
        assert now.effective["DATA-1"] == "met"
        assert flags(imported, day) == {"stage_overrun": "info"}


def test_time_makes_it_never_due(imported):
    assert recompute_due(on(TODAY + 1000)) == 0
    assert standing(imported, TODAY + 1000).as_of == the_day(FILE_OF)


def test_an_act_of_the_import_leaves_it_on_its_day(imported):
    record_answers(imported.pk, [AnswerChange("DATA-2", "partial")], IMPORT, on(TODAY + 1))
    assert standing(imported).as_of == the_day(FILE_OF)


ACTS = {
    "an answer": lambda one, by: say(one, by, "DATA-2", "partial", TODAY),
    "an edit": lambda one, by: edit_initiative(one.pk, {"vendor": "Acme"}, act(by), on(TODAY)),
    "a hold": lambda one, by: set_hold(one.pk, "Budget.", the_day(TODAY + 9), act(by), on(TODAY)),
    "a step back": lambda one, by: move_stage(one.pk, "poc", act(by), on(TODAY), "Too early."),
}


@pytest.mark.parametrize("edit", ACTS.values(), ids=ACTS)
def test_from_a_persons_first_edit_on_it_lives_in_the_present(imported, lena, edit):
    edit(imported, lena)
    imported.refresh_from_db()
    assert imported.as_of is None
    now = standing(imported)
    assert (now.as_of, now.effective["DATA-1"]) == (the_day(TODAY), "not_met")
    assert now.due_on is not None
    assert effective(imported, "DATA-1", TODAY)[1] != ""


def test_an_edit_that_changes_nothing_is_no_edit(imported, lena):
    edit_initiative(imported.pk, {"name": "Sorting invoices"}, act(lena), on(TODAY))
    say(imported, lena, "DATA-1", "met", TODAY)
    imported.refresh_from_db()
    assert imported.as_of == the_day(FILE_OF)


def test_people_who_are_unknown_are_not_missing_until_somebody_names_one(imported, lena, elsa):
    about_people = {"no_business_owner", "no_sponsor", "single_person"}
    assert not about_people & flags(imported, TODAY).keys()
    say(imported, lena, "DATA-2", "partial", TODAY)
    assert not about_people & flags(imported, TODAY).keys()
    edit_initiative(imported.pk, {"people": {"deputy": "elsa"}}, act(lena), on(TODAY))
    imported.refresh_from_db()
    assert imported.people_known
    assert flags(imported, TODAY).keys() >= {"no_business_owner", "no_sponsor"}
