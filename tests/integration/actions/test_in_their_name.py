"""What stands in somebody's name beside their places: handed over with them, or a condition alone to another owner."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Amendment, Condition, Initiative
from gates.owing import owed_by
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.conditions import give_condition, keep_condition, reopen_condition
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.exits import add_criterion
from readiness.actions.gates import decide_gate, submit_gate
from readiness.actions.handing_over import HandedOver, hand_over_everything, holdings_of
from readiness.actions.kpis import create_kpi
from readiness.actions.promises import agreed
from readiness.actions.readings import NewReading, add_reading
from readiness.audit.models import Event
from readiness.audit.recording import Actor, verify
from readiness.workbench.initiatives.sayings import said
from tests.fixtures import answer_all, api, create, pages, pass_gate, person, promise, today
from tests.integration.workbench.markup import complaints, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor(db: None) -> User:
    """Who leaves."""
    return person("noor", lead=True)


@pytest.fixture
def sam(db: None) -> User:
    """Who follows."""
    return person("sam", lead=True)


def promised(by: User, reviewer: User, owner: User, **facts: Any) -> Initiative:
    """One in its PoC whose Data gate passed on a promise of this owner, with their KPI and an exit they decide."""
    made = create(by, **{"stage": "poc"} | facts)
    answer_all(made, by, gates=["data"])
    pass_gate(made, "data", by, reviewer, conditions=[promise(owner)])
    given = {"name": "Weekly use", "unit": "%", "direction": "up", "owner": owner.username}
    kpi = create_kpi(made.pk, given, Actor.person(by), clock.now())[0]
    terms = {"kpi": kpi.pk, "comparator": "under", "limit": "30", "window_days": 28, "action": "stop"}
    add_criterion(made.pk, terms | {"decider": owner.username}, Actor.person(by), clock.now())
    return made


def names(initiative: Initiative) -> list[str]:
    """Who keeps the condition, owns the KPI, decides the exit criterion."""
    condition = Condition.objects.get(decision__passage__initiative=initiative)
    kpi = initiative.kpis.get()
    return [
        condition.owner.username,
        kpi.owner.username if kpi.owner else "",
        kpi.exit_criteria.get().decider.username,
    ]


def body_of(event: Event) -> str:
    """What the history says of it below its title."""
    return said(event.verb, event.data).body


def all_over(leaver: User, to: str, by: User) -> HandedOver:
    return hand_over_everything(leaver.username, to, Actor.person(by), clock.now())


def give(condition: Condition, to: str, by: User) -> None:
    give_condition(condition.decision.passage.initiative_id, condition.pk, to, Actor.person(by), clock.now())


class TestHandingOver:
    def test_everything_in_their_name_goes_along_and_is_told(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        made = promised(lena, ravi, noor, people={"deputy": "noor"})
        before = made.exit_criteria.get().version, made.kpis.get().version
        found = all_over(noor, "sam", ada)
        assert names(made) == ["sam"] * 3
        assert (made.exit_criteria.get().version, made.kpis.get().version) == (before[0] + 1, before[1] + 1)
        assert found.remarks == {}
        event = Event.objects.get(verb="people.handed_over")
        condition = event.data["conditions"][0]
        assert (condition["text"], condition["gate"]) == ("Write the runbook.", "data")
        assert (event.data["kpis"], event.data["exit_criteria"]) == (["Weekly use"], ["Weekly use"])
        assert "Condition: Write the runbook." in body_of(event)
        assert "KPIs: Weekly use." in body_of(event)
        assert "Exit criteria on: Weekly use." in body_of(event)
        assert verify()[1] is None

    def test_also_where_they_hold_no_place(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        made = promised(lena, ravi, noor)
        assert [(one.initiative, one.roles) for one in holdings_of(noor)] == [(made, [])]
        assert all_over(noor, "sam", ada).initiatives == [made]
        assert names(made) == ["sam"] * 3
        assert body_of(Event.objects.get(verb="people.handed_over")).startswith("Condition: ")
        with pytest.raises(Conflict):
            all_over(noor, "sam", ada)

    def test_what_is_kept_superseded_removed_or_ended_stays(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        made = promised(lena, ravi, noor)
        condition = Condition.objects.get()
        made.exit_criteria.update(removed_at=clock.now())
        made.kpis.update(removed_at=clock.now())
        assert set(owed_by(noor.pk, [made])) == {made.pk}
        keep_condition(made.pk, condition.pk, "Done.", Actor.person(noor), clock.now())
        assert owed_by(noor.pk, [made]) == {}
        reopen_condition(made.pk, condition.pk, "No.", Actor.person(ravi), clock.now())
        assert set(owed_by(noor.pk, [made])) == {made.pk}
        submit_gate(made.pk, "data", "", Actor.person(lena), clock.now())
        decide_gate(made.pk, "data", "pass", "Again.", Actor.person(ravi), clock.now())
        assert owed_by(noor.pk, [made]) == {}
        assert holdings_of(noor) == []
        with pytest.raises(Conflict):
            all_over(noor, "sam", ada)

    def test_a_team_gives_away_on_its_own_initiatives_only(
        self, lena: User, omar: User, ravi: User, noor: User, sam: User
    ) -> None:
        own, other = promised(lena, ravi, noor, name="Own"), promised(omar, ravi, noor, name="Other")
        found = all_over(noor, "sam", lena)
        assert (found.initiatives, found.left) == ([own], [other])
        assert (names(own), names(other)) == (["sam"] * 3, ["noor"] * 3)

    def test_the_change_of_a_locked_exit_criterion_is_an_amendment(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        made = promised(lena, ravi, noor)
        criterion = made.exit_criteria.get()
        all_over(noor, "sam", ada)
        assert not Amendment.objects.exists()
        made.exit_criteria.update(locked_at=clock.now(), promised=agreed(criterion))
        add_reading(made.pk, criterion.kpi_id, NewReading(today(), "50"), Actor.person(lena), clock.now())
        all_over(sam, "noor", ada)
        amended = Amendment.objects.get()
        assert (amended.criterion, amended.by, amended.after_reading) == (criterion, ada, True)
        assert amended.changes == {"decider": ["sam", "noor"]}
        assert "Handed over" in pages(lena).get(f"/initiatives/{made.ref}/promises/").content.decode()

    def test_who_only_reads_takes_no_conditions_and_decides_nothing(
        self, lena: User, ada: User, ravi: User, noor: User, iris: User
    ) -> None:
        made = promised(lena, ravi, noor)
        found = all_over(noor, "iris", ada)
        assert names(made) == ["noor", "iris", "noor"]
        assert "stay theirs here: Iris may not keep or decide them." in found.remarks[made.pk][0]

    def test_nor_does_who_may_not_see_it_unless_they_join_the_team_with_it(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        hidden = promised(lena, ravi, noor, visibility="team", people={"deputy": "noor"})
        assert all_over(noor, "sam", ada).remarks == {}
        assert names(hidden) == ["sam"] * 3
        other = promised(lena, ravi, ravi, name="Other", visibility="team")
        found = all_over(ravi, "sam", ada)
        assert list(found.remarks) == [other.pk]
        assert names(other) == ["ravi", "sam", "ravi"]

    @pytest.mark.parametrize("gone", [True, False])
    def test_nobody_is_relieved_of_an_exit_that_was_reached_by_another_while_they_are_here(
        self, gone: bool, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        made = promised(lena, ravi, noor)
        add_reading(made.pk, made.kpis.get().pk, NewReading(today(), "10"), Actor.person(lena), clock.now())
        criterion = made.exit_criteria.get()
        criterion.triggers.create(on=today(), at=clock.now(), words="Reached.")
        User.objects.filter(pk=noor.pk).update(is_active=not gone)
        found = all_over(noor, "sam", lena)
        assert names(made) == ["sam", "sam", "sam" if gone else "noor"]
        assert bool(found.remarks) is not gone

    def test_as_many_queries_for_two_as_for_six(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        def counted(leaver: User, number: int) -> int:
            for one in range(number):
                promised(lena, ravi, leaver, name=f"{leaver.username} {one}")
            with CaptureQueriesContext(connection) as queries:
                all_over(leaver, "sam", ada)
            return len(queries)

        assert counted(noor, 2) == counted(person("nele", lead=True), 6)


class TestPages:
    def test_what_is_in_their_name_stands_on_every_page_about_leaving(
        self, lena: User, ada: User, ravi: User, noor: User, sam: User
    ) -> None:
        made = promised(lena, ravi, noor, name="Claims <b>triage")
        for path in ("/people/noor/edit/", "/people/noor/deactivate/", "/people/noor/hand-over/"):
            page = read(pages(ada).get(path))
            assert complaints(page) == []
            for words in ("Condition: Write the runbook.", "KPI: Weekly use", "exit criterion on Weekly use"):
                assert words in page.text
        done = read(pages(ada).post("/people/noor/hand-over/", {"to": "sam"}))
        assert done.links_to(f"/initiatives/{made.ref}/people/")
        assert names(made) == ["sam"] * 3


class TestGiving:
    @pytest.fixture
    def condition(self, lena: User, ravi: User, noor: User) -> Condition:
        """Noor's, who is not on the team of it."""
        promised(lena, ravi, noor)
        return Condition.objects.get()

    def test_the_owner_and_the_team_give_it_to_another(
        self, condition: Condition, lena: User, noor: User, sam: User
    ) -> None:
        due = condition.due
        give(condition, "sam", noor)
        condition.refresh_from_db()
        assert (condition.owner, condition.due, condition.state) == (sam, due, "open")
        give(condition, "noor", lena)
        event = Event.objects.filter(verb="condition.given").latest("seq")
        assert (event.data["before"], event.data["owner"]) == ("sam", "noor")
        assert said(event.verb, event.data).title == "Condition given to Noor"
        with pytest.raises(NotAllowed):
            give(condition, "sam", sam)

    def test_others_may_not(
        self, condition: Condition, ravi: User, elsa: User, ada: User, omar: User
    ) -> None:
        for by in (ravi, elsa, ada, omar):
            with pytest.raises(NotAllowed):
                give(condition, "omar", by)

    @pytest.mark.parametrize("to", ["", "nobody", "gone", "iris", "nils", "noor"])
    def test_it_goes_to_somebody_who_can_keep_it(
        self, condition: Condition, to: str, lena: User, iris: User
    ) -> None:
        person("nils")
        User.objects.filter(pk=person("gone", lead=True).pk).update(is_active=False)
        with pytest.raises(Invalid) as refused:
            give(condition, to, lena)
        code = "same_person" if to == "noor" else "unknown_person"
        assert [(error.field, error.code) for error in refused.value.errors] == [("owner", code)]

    def test_only_an_open_one_of_a_decision_that_stands(
        self, condition: Condition, lena: User, ravi: User, sam: User
    ) -> None:
        initiative = condition.decision.passage.initiative
        keep_condition(initiative.pk, condition.pk, "Done.", Actor.person(lena), clock.now())
        with pytest.raises(Conflict) as refused:
            give(condition, "sam", lena)
        assert refused.value.code == "condition_not_open"
        reopen_condition(initiative.pk, condition.pk, "No.", Actor.person(ravi), clock.now())
        submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
        decide_gate(initiative.pk, "data", "pass", "Again.", Actor.person(ravi), clock.now())
        with pytest.raises(Conflict) as refused:
            give(condition, "sam", lena)
        assert refused.value.code == "condition_superseded"

    def test_of_what_one_may_not_see_it_is_not_there(self, lena: User, ravi: User, omar: User) -> None:
        promised(lena, ravi, ravi, visibility="team")
        with pytest.raises(NotFound):
            give(Condition.objects.get(), "omar", omar)

    def test_the_page_gives_it_and_comes_back(
        self, condition: Condition, lena: User, noor: User, sam: User
    ) -> None:
        at = f"/initiatives/{condition.decision.passage.initiative.ref}/"
        path = f"{at}conditions/{condition.pk}/give/"
        for by in (lena, noor):
            assert read(pages(by).get(f"{at}gates/data/")).links_to(path)
            page = read(pages(by).get(path))
            assert complaints(page) == []
            assert "Write the runbook." in page.text
            found = pages(by).get(f"{at}candidates/next-keeper/", {"q": "sam"})
            assert b"Sam" in found.content
        assert pages(lena).post(path, {"owner": ""}).status_code == 422
        answer = pages(noor).post(path, {"owner": "sam"})
        assert answer["Location"].endswith("/gates/data/#conditions")
        condition.refresh_from_db()
        assert condition.owner == sam

    def test_over_rest(self, condition: Condition, lena: User, omar: User, sam: User) -> None:
        path = f"initiatives/{condition.decision.passage.initiative.ref}/conditions/{condition.pk}/"
        assert api(omar).patch(path, {"owner": "sam"}).status_code == 403
        assert api(lena).patch(path, {"owner": "nobody"}).status_code == 422
        answer = api(lena).patch(path, {"owner": "sam"})
        assert answer.status_code == 200
        assert [one["owner"] for one in answer.json()["conditions"]] == ["sam"]


def test_a_condition_whose_owner_left_waits_for_the_technical_lead(
    lena: User, omar: User, ravi: User, noor: User
) -> None:
    made = promised(lena, ravi, noor, people={"members": ["lena", "omar"]})
    condition = Condition.objects.get()
    assert "had promised" not in read(pages(lena).get("/")).text
    User.objects.filter(pk=noor.pk).update(is_active=False)
    home = read(pages(lena).get("/"))
    assert "Noor left and had promised: Write the runbook." in home.text
    assert home.links_to(f"/initiatives/{made.ref}/conditions/{condition.pk}/give/")
    assert "had promised" not in read(pages(omar).get("/")).text
    assert condition.due == today() + timedelta(days=30)
