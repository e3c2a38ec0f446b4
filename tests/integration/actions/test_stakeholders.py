"""The functions that have to be involved in time: who stands for them, and since when."""

import pytest
from django.db import IntegrityError, transaction

from gates.models import Initiative, Stakeholder, StakeholderFunction
from readiness.actions.errors import Invalid, Stale
from readiness.actions.stakeholders import set_stakeholders, stakeholders_of, stakeholders_seen
from readiness.audit.models import Event
from tests.fixtures import create
from tests.integration.actions.props import UNUSUAL_TEXTS, act, errors, on, refused, the_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(lena):
    return create(lena, on(0))


def note(initiative, by, *wanted, day=1, **options):
    return set_stakeholders(initiative.pk, wanted, act(by), on(day), **options)


def noted(initiative):
    return {row.function: (row.contact, row.involved_on, row.needed) for row in stakeholders_of(initiative)}


NOTHING = ("", None, True)


def test_at_first_every_function_is_needed_and_none_is_involved(one):
    assert noted(one) == dict.fromkeys(StakeholderFunction.values, NOTHING)
    assert not Stakeholder.objects.exists()


def test_what_is_given_is_noted_and_what_is_absent_stays(one, lena):
    note(one, lena, {"function": "it", "contact": " Platform team ", "involved_on": the_day(0)})
    note(one, lena, {"function": "it", "contact": "Ops"}, {"function": "works_council", "needed": False})
    nothing = dict.fromkeys(StakeholderFunction.values, NOTHING)
    assert noted(one) == nothing | {"it": ("Ops", the_day(0), True), "works_council": ("", None, False)}
    note(one, lena, {"function": "it", "involved_on": None}, {"function": "works_council", "needed": True})
    assert noted(one) == nothing | {"it": ("Ops", None, True)}


def test_the_audit_trail_tells_what_is_new_and_the_version_grows(one, lena):
    given = {"function": "legal", "contact": "", "involved_on": the_day(1), "needed": True}
    note(one, lena, given)
    event = Event.objects.get(verb="stakeholders.noted")
    assert event.data["stakeholders"] == [{"function": "legal", "involved_on": the_day(1).isoformat()}]
    assert Initiative.objects.get().version == 2
    note(one, lena, given)
    assert Event.objects.filter(verb="stakeholders.noted").count() == 1


def test_every_mistake_is_named_at_its_field_and_nothing_is_written(one, lena):
    with refused(Invalid) as caught:
        note(
            one,
            lena,
            {"function": "it", "involved_on": the_day(2)},
            {"function": "legal", "needed": False},
            {"function": "security", "contact": "x" * 201},
            {"function": "works_council", "needed": False, "involved_on": the_day(0)},
            {"function": "cleaning"},
            {"function": "it", "contact": "Twice"},
            {"function": "operations", "contact": "two\nlines", "involved_on": the_day(0).replace(year=1066)},
        )
    assert errors(caught) == [
        ("stakeholders.0.involved_on", "in_the_future"),
        ("stakeholders.1.needed", "always_needed"),
        ("stakeholders.2.contact", "too_long"),
        ("stakeholders.3.involved_on", "not_needed"),
        ("stakeholders.4.function", "unknown_word"),
        ("stakeholders.5.function", "named_twice"),
        ("stakeholders.6.contact", "control_characters"),
        ("stakeholders.6.involved_on", "out_of_range"),
    ]
    assert not Stakeholder.objects.exists()


def test_today_is_not_the_future(one, lena):
    note(one, lena, {"function": "it", "involved_on": the_day(1)}, day=1)
    assert noted(one)["it"] == ("", the_day(1), True)


@pytest.mark.parametrize("text", UNUSUAL_TEXTS.values(), ids=UNUSUAL_TEXTS)
def test_unusual_text_is_kept_as_it_was_typed(one, lena, text):
    note(one, lena, {"function": "security", "contact": text})
    assert noted(one)["security"] == (text, None, True)


def test_a_note_on_what_no_longer_stands_is_refused(one, lena):
    seen = stakeholders_seen(stakeholders_of(one))
    note(one, lena, {"function": "it", "contact": "Ops"}, seen=seen)
    with refused(Stale, "stale"):
        note(one, lena, {"function": "legal", "contact": "Law"}, seen=seen)
    assert noted(one)["legal"] == NOTHING


@pytest.mark.parametrize(
    "wrong",
    [
        {"function": "it", "needed": False},
        {"function": "works_council", "needed": False, "involved_on": the_day(0)},
        {"function": "cleaning"},
    ],
)
def test_the_database_holds_no_nonsense(one, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Stakeholder.objects.create(initiative=one, **wrong)
