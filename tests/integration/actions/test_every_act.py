"""What holds for every act on an initiative: who may do it, what it leaves behind, and when nothing is written."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from gates.models import Initiative
from readiness.accounts.models import User
from readiness.actions.errors import Conflict, NotAllowed, NotFound, Refused
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import verify
from tests.fixtures import person
from tests.integration.actions.every_act import ACTS, OTHERS, TABLE, Busy, called, make_busy, prepare, takers
from tests.integration.actions.props import LESSON, act, everything, on, refused, rehearsal

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(lena: User, omar: User, ravi: User, elsa: User, iris: User, ada: User) -> Busy:
    people = {
        "team": person("tess"),
        "lead": omar,
        "reviewer": ravi,
        "executive": elsa,
        "auditor": iris,
        "admin": ada,
        "reviewer_on_team": person("rosa", reviewer=True),
        "auditor_on_team": person("ines", auditor=True),
        "owner": person("oona", lead=True),
    }
    return make_busy(lena, people)


def outcome(busy: Busy, name: str, by: User) -> str:
    """x where it is done, else how it is refused. Undone in any case; a refusal changes nothing."""
    with rehearsal():
        prepare(busy, name)
        before = everything()
        try:
            with transaction.atomic():
                ACTS[name](busy, by, 1)
        except (NotAllowed, NotFound) as refusal:
            assert everything() == before
            return {"not_found": "?", "separation_of_duties": "s"}.get(refusal.code, "-")
        return "x"


def test_the_table_speaks_of_every_act() -> None:
    assert list(TABLE) == list(ACTS)
    done = {name for do in ACTS.values() for name in called(do)}
    assert set(takers()) - done == OTHERS


def test_everybody_may_do_what_the_table_says_and_nothing_else(busy):
    found = {name: {column: outcome(busy, name, by) for column, by in busy.people.items()} for name in ACTS}
    assert found == TABLE


def test_who_may_not_know_of_it_is_told_that_it_is_not_there(busy, lena):
    nobody, gone = person("nobody"), busy.people["team"]
    gone.is_active = False
    busy.edit(lena, 0, visibility="team")
    strangers = [nobody, gone, busy.people["lead"], busy.people["owner"]]
    found = {name: {outcome(busy, name, by) for by in strangers} for name in ACTS}
    assert found == {name: {"?"} for name in ACTS}


def test_every_act_leaves_one_event_that_says_who_did_it_and_when_and_the_chain_holds(busy):
    for name in ACTS:
        with rehearsal():
            prepare(busy, name)
            before, by = Event.objects.count(), busy.whoever_may(name)
            ACTS[name](busy, by, 1)
            event, *settled = Event.objects.order_by("seq")[before:]
            # An end also ends what somebody was asked to see to.
            assert [one.verb for one in settled] == (["assignment.ended"] if name == "stop" else []), name
            assert (event.actor_id, event.at, event.initiative_id) == (by.pk, on(1), busy.pk), name
            assert Initiative.objects.get(pk=busy.pk).updated_at == on(1), name
            assert verify() == (event.seq + len(settled), None), name


def words_in(value: Any) -> Iterator[str]:
    """Every text of some rows, but for what is made of keys or drawn by lot."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not name.endswith(("hash", "file_key")):
                yield from words_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words_in(inner)


def stored_by(busy: Busy, name: str, language: str) -> list[str]:
    """What stands in the database after an act of somebody who reads this language."""
    with rehearsal():
        prepare(busy, name)
        with translation.override(language):
            ACTS[name](busy, busy.whoever_may(name), 1)
        return list(words_in(everything()))


def test_every_act_stores_the_same_words_whatever_language_its_author_reads(busy):
    for name in ACTS:
        english, *others = (stored_by(busy, name, code) for code, _ in settings.LANGUAGES)
        assert others, "there is one language only"
        for other in others:
            assert len(english) == len(other), name
            assert [pair for pair in zip(english, other, strict=True) if len(set(pair)) > 1] == [], name


@pytest.mark.parametrize("end", ["stopped", "retired"])
def test_on_an_ended_initiative_nothing_is_written(busy, lena, end):
    Initiative.objects.filter(pk=busy.pk).update(stage="live" if end == "retired" else "pilot")
    move_stage(busy.pk, end, act(lena), on(0), lesson=LESSON)
    later = {"comment"} | ({"leave what worked"} if end == "retired" else set())
    for name in ACTS.keys() - later:
        code = "flag_resolved" if name.endswith("a flag") else "initiative_ended"
        with refused(Conflict, "not_live" if name == "leave what worked" else code):
            ACTS[name](busy, busy.whoever_may(name), 1)
    for name in later:
        ACTS[name](busy, busy.whoever_may(name), 1)


def test_who_may_not_do_it_is_told_so_before_anything_else(busy, lena):
    """What stands in the way of an act is nobody's business who may not do it."""
    move_stage(busy.pk, "stopped", act(lena), on(0), lesson=LESSON)
    for name in ACTS:
        for column, by in busy.people.items():
            if TABLE[name][column] != "x":
                with pytest.raises(NotAllowed), transaction.atomic():
                    ACTS[name](busy, by, 1)


def test_every_refusal_is_one_of_the_kinds_that_doors_know() -> None:
    assert {kind.__name__ for kind in Refused.__subclasses__()} == {
        "NotFound",
        "NotAllowed",
        "Conflict",
        "Stale",
        "Invalid",
        "NoRoom",
        "NotScanned",
    }
