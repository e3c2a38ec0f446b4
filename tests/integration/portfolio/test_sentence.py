"""The portfolio in one sentence: true in every case, and each number is that of its list."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from gates.models import Initiative, Submission, TeamRole
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.gates import submit_gate
from readiness.audit.recording import Actor
from readiness.portfolio.decisions import decision_groups, decisions_due
from readiness.portfolio.figures import REVIEWS_SHOWN, reviews_waiting
from readiness.portfolio.questions import own_decisions, waiting_for
from readiness.portfolio.scope import Scope
from readiness.standing.models import Flag
from readiness.standing.thresholds import current_thresholds
from tests.fixtures import answer_all, create, make_ready, pages
from tests.integration.actions.exiting import criterion_of, trip
from tests.integration.actions.props import on
from tests.integration.workbench.initiatives.scenes import ago, held, many, overrun
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.django_db


def sentence(by: User, **query: str) -> Node:
    return read(pages(by).get(f"/portfolio/?{urlencode(query)}")).one("p", class_="sentence")


def submitted(by: User, **facts: str) -> Initiative:
    one = create(by, ago(9), **facts)
    answer_all(one, by, gates=["data"], at=ago(8))
    submit_gate(one.pk, "data", "", Actor.person(by), ago(8))
    return one


def test_of_one(lena: User, elsa: User) -> None:
    create(lena)
    said = "The one initiative is not live, nothing is stalled; nothing waits for your decision."
    assert sentence(elsa).text == said


def test_of_none_of_several(lena: User, elsa: User) -> None:
    for _ in range(3):
        create(lena)
    assert sentence(elsa).text == "None of 3 is live, nothing is stalled; nothing waits for your decision."


def test_of_one_live_one_stalled_and_one_to_decide(lena: User, ada: User, elsa: User) -> None:
    create(ada, stage="live")
    overrun(lena, budget={"spent": "5000.00"})
    assert re.fullmatch(
        r"1 of 2 is live, 1 is stalled and burns about [\d,]+ EUR a month; 1 waits for your decision\.",
        sentence(elsa).text,
    )


def test_a_burn_that_is_not_known_is_not_nought(lena: User, elsa: User) -> None:
    overrun(lena, budget={})
    assert "1 is stalled (what it burns is not known); " in sentence(elsa).text
    overrun(lena, budget={"spent": "5000.00"})
    assert re.search(r", 2 are stalled and burn at least about [\d,]+ EUR a month; ", sentence(elsa).text)
    Initiative.objects.update(budget_spent=5000)
    assert re.search(r", 2 are stalled and burn about [\d,]+ EUR a month; ", sentence(elsa).text)
    Initiative.objects.update(currency="CHF")
    assert "2 are stalled (what they burn is not known); " in sentence(elsa).text


@pytest.mark.parametrize("who", ["elsa", "lena", "ravi", "omar", "iris"])
@pytest.mark.parametrize("query", [{}, {"unit": "claims"}, {"stage": "pilot"}])
def test_each_number_is_that_of_its_list(
    who: str, query: dict[str, str], lena: User, ravi: User, request: pytest.FixtureRequest
) -> None:
    many(lena, ravi, 14)
    viewer = request.getfixturevalue(who)
    said = sentence(viewer, **query)
    for link in said.all("a"):
        if "money" in link.attrs["href"]:
            continue
        listed = read(pages(viewer).get(link.attrs["href"])).by_id("found").text
        assert listed.split(" ")[0] == ("1" if link.text == "one" else link.text), link.attrs["href"]


def by_hand(person: User) -> set[int]:
    """The oracle: from the rows, by the table of rights as the manual has it."""
    found = set()
    for row in Initiative.objects.all():
        team = {place.user_id for place in TeamRole.objects.filter(initiative=row, until=None)}
        on_team, ended = person.pk in team, row.stage in ("stopped", "retired")
        if row.visibility == "team" and not on_team and not person.sees_all:
            continue
        if ended:
            continue
        acts_on = person.is_executive or (on_team and not person.is_auditor)
        codes = set(Flag.objects.filter(initiative=row, resolved_at=None).values_list("code", "severity"))
        overdue = any(code == "hold_expired" for code, _ in codes) or ("stage_overrun", "critical") in codes
        step = (row.standing.next_actions or [{}])[0].get("code")
        if acts_on and (overdue or step == "move_stage"):
            found.add(row.pk)
        waits = Submission.objects.filter(passage__initiative=row, decided_at=None, locked_since=None)
        if person.is_reviewer and not on_team and any(one.by_id != person.pk for one in waits):
            found.add(row.pk)
    return found


def test_what_waits_for_whom_is_what_the_rights_say(
    lena: User, ravi: User, elsa: User, omar: User, iris: User, ada: User
) -> None:
    many(lena, ravi, 12)
    held(lena)
    overrun(omar, name="Of omar's team")
    make_ready(create(lena, stage="pilot", people={"members": ["iris"]}), lena, ravi)
    submitted(lena, name="Waits")
    barred = submitted(lena, name="Not for ravi")
    TeamRole.objects.create(
        initiative=barred, user=ravi, role="member", since=clock.now() - timedelta(days=1)
    )
    sizes = set()
    for person in (lena, ravi, elsa, omar, iris, ada):
        found = set(waiting_for(Initiative.objects.visible_to(person), person).values_list("pk", flat=True))
        assert found == by_hand(person), person.username
        sizes.add(len(found))
    assert len(sizes) >= 4, "each sees a number of their own"


@pytest.mark.parametrize("who", ["elsa", "lena", "ravi", "omar", "iris"])
@pytest.mark.parametrize("unit", ["", "claims"])
def test_what_is_marked_as_theirs_is_what_the_sentence_counts(
    who: str, unit: str, lena: User, ravi: User, request: pytest.FixtureRequest
) -> None:
    many(lena, ravi, 14)
    viewer, organisation = request.getfixturevalue(who), Organisation.get()
    rows = Scope(unit=unit).of(Initiative.objects.visible_to(viewer))
    today = organisation.day_of(clock.now())
    own = own_decisions(rows, viewer)
    waiting = reviews_waiting(rows, today, organisation.zone, own.submissions.keys())
    groups = decision_groups(rows, waiting, today, current_thresholds(), shown=REVIEWS_SHOWN, own=own)
    assert all(group.more == 0 for group in groups), "else not all of them are here to be counted"
    shown = [one for group in groups for one in group.decisions]
    theirs = {one.initiative.pk for one in shown if one.yours}
    assert theirs == by_hand(viewer) & set(rows.values_list("pk", flat=True))
    for group in groups:
        marks = [one.yours for one in group.decisions]
        assert marks == sorted(marks, reverse=True), "theirs stand first"
    due, _waiting = decisions_due(rows, viewer, today, organisation.zone, current_thresholds())
    everywhere = {one.initiative.pk for one in shown}
    assert (due.count, due.initiatives, due.yours) == (len(shown), len(everywhere), len(theirs))
    page = read(pages(viewer).get(f"/portfolio/?unit={unit}"))
    wait = f"{len(theirs)} of which wait" if theirs else "none of which waits"
    assert f"on {len(everywhere)} initiative" in due.words and wait in due.words
    assert due.words in page.by_id("decide").text


def test_a_reached_criterion_says_that_an_executive_may_decide_as_well(
    lena: User, ravi: User, elsa: User
) -> None:
    trip(criterion_of(create(lena, on(0), stage="pilot"), lena, lena), lena)
    for viewer, said in (
        (elsa, "Lena was named to decide; you may as well."),
        (lena, "You decide."),
        (ravi, "Lena decides."),
    ):
        text = read(pages(viewer).get("/portfolio/")).by_id("decide").text
        assert said in text and ("yours" in text) == (viewer != ravi), viewer.username
