"""An exit criterion that was reached is met with wherever somebody who can decide it begins."""

import pytest

from gates.models import ExitCriterion, Initiative
from readiness.accounts.models import User
from readiness.actions.exits import edit_criterion, remove_criterion
from readiness.actions.stages import move_stage
from readiness.portfolio.decisions import SHOWN
from tests.fixtures import create, pages
from tests.integration.actions.exiting import LEARNED, criterion_of, decide, kpi_of, trip
from tests.integration.actions.props import LESSON, act, on, pass_checkpoint
from tests.integration.workbench.markup import Node, complaints, read

WORDS = "Weekly use under 30 % for 4 weeks"


@pytest.fixture
def reached(lena: User, omar: User) -> ExitCriterion:
    """Of lena's pilot, to be decided by omar, who is not on its team."""
    criterion = criterion_of(create(lena, on(0), stage="pilot", name="Triage"), lena, omar)
    trip(criterion, lena)
    return criterion


def page_of(user: User, path: str = "/") -> Node:
    response = pages(user).get(path)
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def decision_path(criterion: ExitCriterion) -> str:
    return f"/initiatives/{criterion.initiative.ref}/promises/exits/{criterion.pk}/decision/"


# --- At home ------------------------------------------------------------------------------------------------------


def test_who_was_named_finds_it_at_home(reached: ExitCriterion, omar: User) -> None:
    page = page_of(omar)
    assert "An exit criterion waits for you" in page.text
    assert WORDS in page.text
    assert "Triage" in page.text and "reached " in page.text
    assert [one.text for one in page.all("a", href=decision_path(reached))] == [
        f"An exit criterion waits for you: {WORDS}",
        "Decide",
    ]


def test_nobody_else_finds_it_there(reached: ExitCriterion, lena: User, ravi: User, ada: User) -> None:
    for user in (lena, ravi, ada):
        assert page_of(user).all("a", href=decision_path(reached)) == []


def test_it_goes_when_it_is_decided_or_the_initiative_ends(
    reached: ExitCriterion, lena: User, omar: User
) -> None:
    decide(reached, omar, "rework")
    assert "An exit criterion waits for you" not in page_of(omar).text
    trip(reached, lena, 70)
    assert "An exit criterion waits for you" in page_of(omar).text
    move_stage(reached.initiative_id, "stopped", act(lena), on(71), lesson=LESSON)
    assert "An exit criterion waits for you" not in page_of(omar).text


def test_who_may_not_see_it_any_more_and_who_only_reads_do_not_find_it(
    reached: ExitCriterion, omar: User
) -> None:
    Initiative.objects.update(visibility="team")
    assert "An exit criterion waits for you" not in page_of(omar).text
    Initiative.objects.update(visibility="organisation")
    omar.is_auditor = True
    omar.save()
    assert "An exit criterion waits for you" not in page_of(omar).text


# --- What executives decide this week -----------------------------------------------------------------------------


def group(page: Node) -> Node:
    return next(
        one
        for one in page.all("section", class_="decisions__group")
        if one.one("h3").text == "Exit criteria reached"
    )


def test_an_executive_decides_it_this_week(reached: ExitCriterion, elsa: User) -> None:
    for path in ("/", "/portfolio/"):
        found = group(page_of(elsa, path))
        assert found.one("span", class_="decisions__count").text == "1"
        assert f"Omar was named to decide; you may as well. {WORDS}." in found.text
        where = f"/initiatives/{reached.initiative.ref}/promises/#exit-{reached.pk}"
        assert found.one("a", class_="decision__name").attrs["href"] == where
    listed = page_of(elsa, "/initiatives/?state=exit_to_decide")
    assert "Triage" in listed.text


def test_the_first_reached_stand_first_and_all_are_counted(lena: User, omar: User, elsa: User) -> None:
    for number in range(SHOWN + 2):
        one = create(lena, on(0), stage="pilot", name=f"Number {number}")
        kpi = kpi_of(one, lena)
        for _ in range(2):  # two of one initiative are one decision in the list
            criterion = criterion_of(one, lena, omar, kpi=kpi)
        trip(criterion, lena, 40 - number)
    found = group(page_of(elsa, "/portfolio/"))
    assert found.one("span", class_="decisions__count").text == str(SHOWN + 2)
    names = [one.text for one in found.all("a", class_="decision__name")]
    assert names == [f"Number {number}" for number in range(SHOWN + 1, 1, -1)]
    assert found.links_to("/initiatives/?state=exit_to_decide")


def test_without_one_it_says_so(lena: User, elsa: User) -> None:
    create(lena)
    assert "No exit criterion is reached." in group(page_of(elsa, "/portfolio/")).text


# --- In the history -----------------------------------------------------------------------------------------------


def test_the_history_tells_every_step(initiative: Initiative, lena: User, ravi: User, elsa: User) -> None:
    gone = criterion_of(initiative, lena, elsa)
    edit_criterion(initiative.pk, gone.pk, {"decider": "lena", "window_days": 14}, act(lena), on(0))
    remove_criterion(initiative.pk, gone.pk, act(lena), on(0))
    kept = criterion_of(initiative, lena, elsa, kpi=gone.kpi)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    edit_criterion(initiative.pk, kept.pk, {"limit": "25"}, act(lena), on(1), "A holiday.")
    move_stage(initiative.pk, "poc", act(lena), on(1))
    trip(kept, lena, 40)
    decide(kept, elsa, "go_on", 41, expires_on=on(60).date())
    trip(kept, lena, 99)
    decide(kept, elsa, "stop", 99, lesson=LEARNED)

    told = page_of(lena, f"/initiatives/{initiative.ref}/history/").text
    for said in (
        "Exit criterion agreed",
        "Exit criterion changed",
        "Days: 28 to 14.",
        "Who decides: Elsa to Lena.",
        "Exit criterion removed",
        "Locked exit criterion amended",
        "A holiday.",
        "Exit criterion reached: Weekly use under 25 % for 4 weeks.",
        "Exit criterion decided: go on all the same",
        "Through 1 May 2026.",
        "Exit criterion decided: stop",
    ):
        assert said in told, said
