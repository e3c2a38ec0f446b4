"""The pages of exit criteria: the section of the promises, the forms, and the decision."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import Amendment, ExitCriterion, ExitTrigger, Initiative, Kpi, Lesson
from readiness.accounts.models import User
from readiness.actions.people import deactivate_person
from readiness.actions.stages import move_stage
from readiness.audit.recording import COMMAND
from tests.fixtures import create, pages, person, today
from tests.integration.actions.exiting import LEARNED, criterion_of, decide, kpi_of, trip
from tests.integration.actions.props import LESSON, UNUSUAL_TEXTS, act, on, pass_checkpoint
from tests.integration.workbench.markup import Node, complaints, read

WORDS = "Weekly use under 30 % for 4 weeks"


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, on(0), stage="pilot")


@pytest.fixture
def kpi(pilot: Initiative, lena: User) -> Kpi:
    return kpi_of(pilot, lena)


@pytest.fixture
def weekly(pilot: Initiative, lena: User, elsa: User, kpi: Kpi) -> ExitCriterion:
    return criterion_of(pilot, lena, elsa, kpi=kpi)


@pytest.fixture
def reached(weekly: ExitCriterion, lena: User) -> ExitCriterion:
    trip(weekly, lena)
    return weekly


def at(initiative: Initiative, below: str = "") -> str:
    return f"/initiatives/{initiative.ref}/promises/{below}"


def of(criterion: ExitCriterion, deed: str) -> str:
    return at(criterion.initiative, f"exits/{criterion.pk}/{deed}/")


def section(user: User, initiative: Initiative) -> Node:
    response = pages(user).get(at(initiative))
    assert response.status_code == 200
    assert complaints(read(response)) == []
    return read(response).by_id("exits")


def form(kpi: Kpi, **other: Any) -> dict[str, Any]:
    standard = {"comparator": "under", "limit": "30", "window_days": "28", "checkpoint": "", "action": "stop"}
    return {"kpi": str(kpi.pk), "decider": "elsa"} | standard | other


def errors(response: HttpResponse, name: str) -> str:
    """What is said at a field."""
    return read(response).by_id(f"id_{name}_error").text


def buttons(node: Node) -> list[str]:
    return [
        one.text for one in node.all() if one.tag in ("a", "button") and "btn" in one.attrs.get("class", "")
    ]


def test_without_one_it_says_what_one_is(pilot: Initiative, lena: User, omar: User) -> None:
    assert "No exit criterion is agreed" in section(lena, pilot).text
    assert section(lena, pilot).all("a", href=at(pilot, "exits/new/")) != []
    assert section(omar, pilot).all("a") == []


def test_each_stands_there_with_its_words_and_who_decides(weekly: ExitCriterion, lena: User) -> None:
    found = section(lena, weekly.initiative)
    for said in (WORDS, "Stop it", "Elsa", "Watched"):
        assert said in found.text
    assert [one.attrs["href"] for one in found.all("a")] == [
        at(weekly.initiative, "exits/new/"),
        of(weekly, "edit"),
        of(weekly, "remove"),
    ]


@pytest.mark.parametrize("who", ["omar", "ravi", "iris", "ada"])
def test_who_may_only_look_sees_it_without_buttons(
    request: pytest.FixtureRequest, reached: ExitCriterion, who: str
) -> None:
    found = section(request.getfixturevalue(who), reached.initiative)
    assert (found.all("a"), found.all("form")) == ([], [])
    assert "A decision by Elsa or an executive is due." in found.text


def test_what_is_reached_cannot_be_overlooked(reached: ExitCriterion, lena: User, elsa: User) -> None:
    found = section(lena, reached.initiative)
    assert "An exit criterion was reached" in found.text
    assert "Reached: to be decided" in found.text
    assert "Measured: 20 % on 2 March 2026, and 20 % on 30 March 2026." in found.text
    assert found.all("a", href=of(reached, "decision")) == [], "lena may not decide it"
    assert found.all("a", href=of(reached, "edit")) == [], "what is reached is decided first"
    section(elsa, reached.initiative).one("a", href=of(reached, "decision"))


def test_the_overview_leads_there(reached: ExitCriterion, lena: User, elsa: User, omar: User) -> None:
    ref = reached.initiative.ref
    where = f"/initiatives/{ref}/promises/#exits"
    for user, button in ((elsa, "Decide"), (omar, "Look at it")):
        page = read(pages(user).get(f"/initiatives/{ref}/"))
        links = page.all("a", href=where)
        assert any(WORDS in one.text for one in links)
        assert any(one.text == button for one in links), (user, button)
        # The next best action says it: no alert says it once more.
        assert WORDS in page.one("p", class_="next__message").text
        assert "A decision is due" not in page.text
    decide(reached, elsa, "rework")
    assert WORDS not in read(pages(elsa).get(f"/initiatives/{ref}/")).one("p", class_="next__message").text


def test_what_is_reached_behind_another_next_action_is_still_an_alert(
    reached: ExitCriterion, lena: User, elsa: User, kpi: Kpi
) -> None:
    ref = reached.initiative.ref
    other = criterion_of(reached.initiative, lena, lena, kpi=kpi)
    trip(other, lena)
    page = read(pages(elsa).get(f"/initiatives/{ref}/"))
    alerts = [one for one in page.all("div", class_="alert") if "A decision is due" in one.text]
    first = page.one("p", class_="next__message").text
    assert len(alerts) == 1
    assert [one.text for one in alerts[0].all("p", class_="wrap")] and first not in alerts[0].text


def test_its_named_decider_is_offered_the_decision_on_the_overview(
    pilot: Initiative, lena: User, omar: User, kpi: Kpi
) -> None:
    criterion = criterion_of(pilot, lena, omar, kpi=kpi)
    trip(criterion, lena)
    page = read(pages(omar).get(f"/initiatives/{pilot.ref}/"))
    assert any(one.text == "Decide" for one in page.all("a", href=at(pilot, "#exits")))


def test_past_decisions_and_a_quiet_time_are_told(reached: ExitCriterion, lena: User, elsa: User) -> None:
    until = today() + timedelta(days=20)
    decide(reached, elsa, "go_on", 240, expires_on=until, reason="The <b>new</b> screen comes.")
    found = section(lena, reached.initiative)
    assert "Quiet" in found.text
    assert "Go on all the same, through" in found.text
    assert "The <b>new</b> screen comes." in found.text


def test_an_amended_one_shows_both(initiative: Initiative, lena: User, ravi: User, elsa: User) -> None:
    criterion = criterion_of(initiative, lena, elsa)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    given = form(criterion.kpi, limit="20", reason="A holiday.", version="1")
    assert pages(lena).post(of(criterion, "edit"), given).status_code == 302

    found = section(lena, initiative)
    assert "Weekly use under 20 % for 4 weeks" in found.text
    assert "As it was locked" in found.text
    assert WORDS in found.text
    assert "Limit: 30 to 20." in found.text
    assert "A holiday." in found.text
    assert found.all("a", href=of(criterion, "remove")) == []


def test_an_ended_one_offers_nothing(reached: ExitCriterion, lena: User, elsa: User) -> None:
    decide(reached, elsa, "stop", lesson=LEARNED)
    found = section(lena, reached.initiative)
    assert found.all("a") == []
    assert "Stop it" in found.text
    for deed in ("edit", "remove"):
        assert pages(lena).get(of(reached, deed)).status_code == 302


# --- Agreeing, changing, removing ---------------------------------------------------------------------------------


def test_one_is_agreed(pilot: Initiative, lena: User, elsa: User, kpi: Kpi) -> None:
    page = pages(lena).get(at(pilot, "exits/new/"))
    assert (page.status_code, complaints(read(page))) == (200, [])

    done = pages(lena).post(at(pilot, "exits/new/"), form(kpi, limit="30,5"))

    made = ExitCriterion.objects.get()
    assert (done.status_code, done["Location"]) == (302, at(pilot, f"#exit-{made.pk}"))
    assert (str(made.limit), made.window_days, made.decider) == ("30.5000", 28, elsa)


@pytest.mark.parametrize(
    ("direction", "preselected", "improves", "word"),
    [("up", "under", "over", "higher"), ("down", "over", "under", "lower")],
)
def test_the_limit_is_suggested_where_the_kpi_gets_worse_and_the_other_side_is_warned_of(
    pilot: Initiative, lena: User, elsa: User, kpi: Kpi, direction: str, preselected: str, improves: str, word: str
) -> None:  # fmt: skip
    Kpi.objects.update(direction=direction, target=None, go_limit=None, stop_limit=None)
    client = pages(lena)
    page = read(client.get(at(pilot, "exits/new/")))
    chosen = page.one("select", name="comparator").one("option", selected="")
    assert chosen.attrs["value"] == preselected
    sentence = f"{word} is better: this limit is reached as it improves."
    agreed = client.post(at(pilot, "exits/new/"), form(kpi, comparator=improves), follow=True)
    assert sentence in read(agreed).text and ExitCriterion.objects.get().comparator == improves
    sent = form(kpi, comparator=preselected)
    assert sentence not in read(client.post(at(pilot, "exits/new/"), sent, follow=True)).text
    changed = of(ExitCriterion.objects.latest("pk"), "edit")
    assert sentence not in read(client.post(changed, sent | {"limit": "25"}, follow=True)).text
    assert sentence in read(client.post(changed, sent | {"comparator": improves}, follow=True)).text


def test_it_says_that_a_kpi_comes_first(pilot: Initiative, lena: User) -> None:
    page = read(pages(lena).get(at(pilot, "exits/new/")))
    assert "There is no KPI yet" in page.text


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"kpi": ""}, "kpi", "required"),
        ({"kpi": "999999"}, "kpi", "not one of the available choices"),
        ({"limit": "thirty"}, "limit", "A number such as"),
        ({"limit": ""}, "limit", "required"),
        ({"limit": "nan"}, "limit", "16 digits"),
        ({"window_days": "0"}, "window_days", "From 1 to 365"),
        ({"window_days": "9" * 30}, "window_days", "From 1 to 365"),
        ({"window_days": "four"}, "window_days", "whole number"),
        ({"window_days": ""}, "window_days", "or a checkpoint"),
        ({"checkpoint": "checkpoint-1"}, "checkpoint", "not both"),
        ({"decider": ""}, "decider", "required"),
        ({"decider": "iris"}, "decider", "Nobody who can be chosen here is called “iris”."),
        ({"decider": "blind"}, "decider", "Nobody who can be chosen here is called “blind”."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    pilot: Initiative,
    lena: User,
    elsa: User,
    iris: User,
    kpi: Kpi,
    wrong: dict[str, str],
    field: str,
    said: str,
) -> None:
    person("blind")
    typed = form(kpi, action="rework") | wrong
    response = pages(lena).post(at(pilot, "exits/new/"), typed)

    assert response.status_code == 422
    assert said in errors(response, field)
    page = read(response)
    assert page.by_id("id_limit").attrs.get("value", "") == typed["limit"]
    assert page.by_id("id_action").one("option", value="rework").attrs.keys() >= {"selected"}
    assert not ExitCriterion.objects.exists()


@pytest.mark.parametrize("text", [*UNUSUAL_TEXTS.values(), "\x00"], ids=[*UNUSUAL_TEXTS, "a null character"])
def test_unusual_texts_are_refused_and_shown_as_they_are(
    pilot: Initiative, lena: User, elsa: User, kpi: Kpi, text: str
) -> None:
    for field in ("kpi", "comparator", "limit", "window_days", "checkpoint", "action", "decider"):
        response = pages(lena).post(at(pilot, "exits/new/"), form(kpi) | {field: text})
        assert response.status_code == 422
        assert b"<script>alert" not in response.content


def test_a_late_one_needs_a_reason(initiative: Initiative, lena: User, ravi: User, elsa: User) -> None:
    kpi = kpi_of(initiative, lena)
    pass_checkpoint(initiative, "checkpoint-0", lena, ravi)
    page = pages(lena).get(at(initiative, "exits/new/"))
    assert "The promises are locked" in read(page).text
    refused = pages(lena).post(at(initiative, "exits/new/"), form(kpi, reason=""))
    assert refused.status_code == 422
    assert "required" in errors(refused, "reason")
    assert pages(lena).post(at(initiative, "exits/new/"), form(kpi, reason="Late.")).status_code == 302
    assert Amendment.objects.filter(criterion__isnull=False).count() == 1


def test_a_change_of_what_somebody_changed_meanwhile_is_asked_again(
    weekly: ExitCriterion, kpi: Kpi, lena: User
) -> None:
    assert pages(lena).post(of(weekly, "edit"), form(kpi, limit="25", version="1")).status_code == 302
    stale = pages(lena).post(of(weekly, "edit"), form(kpi, limit="20", version="1"))
    assert stale.status_code == 409
    assert "Somebody else changed" in read(stale).text
    assert read(stale).one("input", name="limit").attrs["value"] == "20"
    version = read(stale).one("input", name="version").attrs["value"]
    assert pages(lena).post(of(weekly, "edit"), form(kpi, limit="20", version=version)).status_code == 302
    weekly.refresh_from_db()
    assert weekly.limit == 20


def test_one_is_removed_after_being_asked(weekly: ExitCriterion, lena: User) -> None:
    asked = pages(lena).get(of(weekly, "remove"))
    assert (asked.status_code, complaints(read(asked))) == (200, [])
    assert WORDS in read(asked).text
    assert pages(lena).post(of(weekly, "remove")).status_code == 302
    assert pages(lena).get(of(weekly, "remove")).status_code == 404


def test_what_is_reached_is_not_changed(reached: ExitCriterion, kpi: Kpi, lena: User) -> None:
    for deed in ("edit", "remove"):
        refused = pages(lena).post(of(reached, deed), form(kpi, limit="1", version="1"))
        assert refused.status_code == 409
        assert "Decide it before you change it." in read(refused).text


def test_it_is_found_below_its_own_initiative_only(weekly: ExitCriterion, lena: User) -> None:
    other = create(lena, name="Another")
    for deed in ("edit", "remove", "decision"):
        assert pages(lena).get(at(other, f"exits/{weekly.pk}/{deed}/")).status_code == 404
        assert pages(lena).get(at(other, f"exits/{10**18}/{deed}/")).status_code == 404


# --- Deciding -----------------------------------------------------------------------------------------------------


def ask(user: User, criterion: ExitCriterion, **sent: Any) -> HttpResponse:
    trigger = ExitTrigger.objects.filter(criterion=criterion).latest("pk")
    return pages(user).post(of(criterion, "decision"), {"trigger": trigger.pk, "reason": "We looked."} | sent)


def test_the_decision_page_says_what_was_agreed_what_was_measured_and_what_each_means(
    reached: ExitCriterion, elsa: User
) -> None:
    response = pages(elsa).get(of(reached, "decision"))
    assert (response.status_code, complaints(read(response))) == (200, [])
    page = read(response)
    for said in (WORDS, "30 Mar 2026", "20 % on 2 March 2026", "Stop it, as agreed", "Go on all the same"):
        assert said in page.text
    radios = page.all("input", type="radio", name="decision")
    assert [one.attrs["value"] for one in radios] == ["stop", "hold", "rework", "go_on"]
    assert not any("disabled" in one.attrs for one in radios)


def test_what_is_not_theirs_says_whose_it_is(
    pilot: Initiative, lena: User, omar: User, elsa: User, kpi: Kpi
) -> None:
    named, agreed = (
        criterion_of(pilot, lena, omar, kpi=kpi, action="rework"),
        criterion_of(pilot, lena, elsa, kpi=kpi),
    )
    trip(named, lena)
    emil = person("emil", executive=True)

    page = read(pages(omar).get(of(named, "decision")))
    radios = {
        one.attrs["value"]: "disabled" in one.attrs
        for one in page.all("input", type="radio", name="decision")
    }
    assert radios == {"rework": False, "stop": False, "hold": False, "go_on": True}
    assert "Only an executive who is not on the team may decide to go on." in page.text
    page = read(pages(emil).get(of(agreed, "decision")))
    assert "Only Elsa may decide to go on, and not from the team." in page.text


@pytest.mark.parametrize("who", ["lena", "omar", "ravi", "iris", "ada"])
def test_who_may_not_decide_gets_no_page(
    request: pytest.FixtureRequest, reached: ExitCriterion, who: str
) -> None:
    user = request.getfixturevalue(who)
    assert pages(user).get(of(reached, "decision")).status_code == 403
    assert ask(user, reached, decision="rework").status_code == 403


def test_going_on_is_refused_to_whom_it_is_not_given(
    pilot: Initiative, lena: User, omar: User, kpi: Kpi
) -> None:
    criterion = criterion_of(pilot, lena, omar, kpi=kpi)
    trip(criterion, lena)
    until = (today() + timedelta(days=9)).isoformat()
    assert ask(omar, criterion, decision="go_on", expires_on=until).status_code == 403


def test_it_is_stopped_with_its_lesson(reached: ExitCriterion, elsa: User) -> None:
    sent = {f"lesson-{name}": text for name, text in LEARNED.items()}
    done = ask(elsa, reached, decision="stop", reason="", **sent)
    assert (done.status_code, done["Location"]) == (302, f"/initiatives/{reached.initiative.ref}/")
    assert Lesson.objects.get().outcome == "decided"  # it was never locked


def test_it_is_put_on_hold_reworked_or_goes_on(reached: ExitCriterion, lena: User, elsa: User) -> None:
    until = (today() + timedelta(days=9)).isoformat()
    assert ask(elsa, reached, decision="go_on", expires_on=until, review_on="nonsense").status_code == 422
    assert ask(elsa, reached, decision="go_on", expires_on=until).status_code == 302
    trigger = ExitTrigger.objects.get()
    assert (trigger.decision, trigger.expires_on.isoformat()) == ("go_on", until)


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({}, "decision", "Choose a decision."),
        ({"decision": "ignore"}, "decision", "not one of the available choices"),
        ({"decision": "rework", "reason": ""}, "reason", "required"),
        ({"decision": "rework", "reason": "x" * 2001}, "reason", "At most 2,000"),
        ({"decision": "hold"}, "review_on", "Name a day."),
        ({"decision": "hold", "review_on": "2020-01-01"}, "review_on", "has passed"),
        ({"decision": "go_on"}, "expires_on", "Name a day."),
        ({"decision": "go_on", "expires_on": "2099-01-01"}, "expires_on", "At most 366 days"),
        ({"decision": "stop", "lesson-tried": "It."}, "lesson-did_not_work", "required"),
    ],
)
def test_what_is_wrong_with_a_decision_is_said_and_kept(
    reached: ExitCriterion, elsa: User, sent: dict[str, str], field: str, said: str
) -> None:
    response = ask(elsa, reached, **sent)
    assert response.status_code == 422
    assert complaints(read(response)) == []
    assert said in errors(response, field)
    page = read(response)
    typed = sent.get("reason", "We looked.")
    assert typed[:50] in page.by_id("id_reason").text or typed == ""
    chosen = [one.attrs["value"] for one in page.all("input", type="radio") if "checked" in one.attrs]
    assert chosen == ([sent["decision"]] if sent.get("decision") not in (None, "ignore") else [])


def test_what_was_decided_meanwhile_is_told(reached: ExitCriterion, elsa: User) -> None:
    assert ask(elsa, reached, decision="rework").status_code == 302
    late = ask(elsa, reached, decision="rework")
    assert late.status_code == 409
    assert "does not wait for a decision any more" in read(late).text
    assert pages(elsa).get(of(reached, "decision")).status_code == 302


def test_another_trigger_than_the_one_shown_is_looked_at_first(
    reached: ExitCriterion, lena: User, elsa: User
) -> None:
    seen = ExitTrigger.objects.get()
    decide(reached, elsa, "rework")
    newer = trip(reached, lena, 60)
    late = ask(elsa, reached, decision="rework", trigger=seen.pk)
    assert late.status_code == 409
    assert read(late).one("input", name="trigger").attrs["value"] == str(newer.pk)
    assert ask(elsa, reached, decision="rework", trigger=newer.pk).status_code == 302


def test_of_one_that_ended_nothing_is_decided(reached: ExitCriterion, lena: User, elsa: User) -> None:
    move_stage(reached.initiative_id, "stopped", act(lena), on(40), lesson=LESSON)
    assert pages(elsa).get(of(reached, "decision")).status_code == 302
    assert ask(elsa, reached, decision="rework").status_code == 409


def test_who_left_is_marked_and_an_executive_decides(reached: ExitCriterion, lena: User) -> None:
    emil = person("emil", executive=True)
    deactivate_person("elsa", COMMAND, on(30))
    assert "Left" in section(lena, reached.initiative).text
    until = (today() + timedelta(days=9)).isoformat()
    assert ask(emil, reached, decision="go_on", expires_on=until).status_code == 302


def test_a_long_section_costs_no_more_queries(weekly: ExitCriterion, lena: User, query_count: Any) -> None:
    client = pages(lena)
    client.get(at(weekly.initiative))
    few = query_count(lambda: client.get(at(weekly.initiative)))
    for limit in range(20):
        criterion_of(weekly.initiative, lena, weekly.decider, kpi=weekly.kpi, limit=str(limit))
    client.get(at(weekly.initiative))
    assert query_count(lambda: client.get(at(weekly.initiative))) == few
