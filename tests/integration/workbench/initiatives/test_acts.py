"""Stage, hold, stop, material changes, overlays and flags, each on its page: done, refused, and by whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from gates.models import ExitCriterion, Hold, Initiative, Lesson, MaterialChange
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.holds import set_hold
from readiness.actions.promises import agreed
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.definitions import root_causes
from readiness.standing.models import Flag, GateStanding
from tests.fixtures import answer_all, create, make_ready, pages, pass_gate, today
from tests.integration.actions.exiting import criterion_of, trip
from tests.integration.actions.props import on
from tests.integration.workbench.initiatives.scenes import EMOJI, LESSON, LONG, RTL, SCRIPT, held, overrun
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

STAYS = {"outcome": "decided", "tried": "Sorting by layout.", "did_not_work": "Layouts change."}


def act(by: User, initiative: Initiative, below: str, **sent: Any) -> HttpResponse:
    return pages(by).post(f"/initiatives/{initiative.ref}/{below}/", sent)


def page_of(by: User, initiative: Initiative, below: str) -> Node:
    response = pages(by).get(f"/initiatives/{initiative.ref}/{below}/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def is_done(response: HttpResponse, initiative: Initiative) -> bool:
    return response.status_code == 302 and response["Location"] == f"/initiatives/{initiative.ref}/"


class TestStage:
    def test_the_page_tells_what_stands_in_the_way_of_each(self, lena: User, initiative: Initiative) -> None:
        page = page_of(lena, initiative, "stage")
        cards = [node.text for node in page.all("label", class_="radio-card")]
        assert cards[0].startswith("PoC") and "The next stage." in cards[0]
        assert "things stand in the way." in cards[0]
        assert [card.split()[0] for card in cards] == ["PoC"]
        waits = page.by_id("in-the-way")
        assert waits.text.startswith("What stands in the way of PoC")
        assert waits.one("summary").text.startswith("Checkpoint: Before the PoC")
        assert f"{len(waits.all('li'))} things stand in the way." in cards[0]

    def test_where_nothing_but_a_blocked_move_is_on_offer_it_cannot_be_pressed(
        self, lena: User, initiative: Initiative
    ) -> None:
        page = page_of(lena, initiative, "stage")
        button = next(one for one in page.all("button") if one.text == "Move")
        assert "disabled" in button.attrs
        assert page.by_id(button.attrs["aria-describedby"]).text.startswith("It cannot be moved")
        assert page.text.index("What stands in the way of PoC") < page.text.index("Move it to")
        assert page.all("textarea", name="reason") == []

    def test_where_it_can_go_back_it_can_be_moved_and_says_why(self, lena: User) -> None:
        page = page_of(lena, create(lena, stage="pilot"), "stage")
        button = next(one for one in page.all("button") if one.text == "Move")
        assert "disabled" not in button.attrs
        assert len(page.all("textarea", name="reason")) == 1

    @pytest.mark.parametrize(
        ("stage", "offered", "stops"),
        [
            ("poc", ["pilot", "intake"], True),
            ("pilot", ["rollout", "poc"], True),
            ("live", ["retired", "rollout"], False),
        ],
    )
    def test_only_moves_that_exist_are_offered(
        self, lena: User, ada: User, stage: str, offered: list[str], stops: bool
    ) -> None:
        one = create(ada, stage=stage, people={"technical_lead": "lena"})
        page = page_of(lena, one, "stage")
        assert [node.attrs["value"] for node in page.all("input", name="to")] == offered
        assert page.one("main").links_to(f"/initiatives/{one.ref}/stop/") == stops

    def test_a_guarded_move_is_refused_with_every_blocker(self, lena: User, initiative: Initiative) -> None:
        response = act(lena, initiative, "stage", to="rollout", reason=f"Now! {SCRIPT}")
        page = read(response)
        assert response.status_code == 409
        assert complaints(page) == []
        assert "It cannot move from Intake to Rollout yet." in page.text
        blockers = page.one("div", class_="blockers")
        heads = [gate.one("summary").text.split()[0] for gate in blockers.all("details")]
        gates = ["Data", "Architecture", "Integration", "Governance", "Adoption"]
        assert heads == ["Checkpoint:"] * 3 + gates
        assert "Rollout is not one step from Intake. The next stage is PoC." in blockers.text
        assert [node.attrs["value"] for node in page.all("input", name="to")] == ["poc"]
        assert f"Now! {SCRIPT}" in page.one("textarea", name="reason").text
        assert SCRIPT not in response.content.decode()
        initiative.refresh_from_db()
        assert initiative.stage == "intake"

    def test_a_free_move_is_made(self, lena: User, ravi: User) -> None:
        ready = create(lena, stage="pilot")
        make_ready(ready, lena, ravi)
        assert "Nothing stands in the way." in page_of(lena, ready, "stage").text
        assert is_done(act(lena, ready, "stage", to="rollout"), ready)
        ready.refresh_from_db()
        assert (ready.stage, ready.stage_since) == ("rollout", today())

    def test_a_step_back_needs_a_reason(self, lena: User) -> None:
        poc = create(lena, stage="poc")
        refused = act(lena, poc, "stage", to="intake", reason="  ")
        assert refused.status_code == 422
        page = read(refused)
        assert "A step back needs a reason." in page.by_id("id_reason_error").text
        assert page.one("input", name="to", checked="").attrs["value"] == "intake"
        assert "Optional" not in page.one("label", for_="id_reason").text
        assert is_done(act(lena, poc, "stage", to="intake", reason="The problem was another."), poc)
        assert Event.objects.latest("seq").data["reason"] == "The problem was another."

    @pytest.mark.parametrize("to", ["", "heaven", "intake", "stopped", "\x00", LONG])
    def test_a_stage_that_is_none_is_an_error_at_the_field(
        self, lena: User, initiative: Initiative, to: str
    ) -> None:
        response = act(lena, initiative, "stage", to=to)
        assert response.status_code == 422
        assert read(response).has_id("id_to_error")

    def test_on_hold_it_says_that_only_a_stop_is_open(self, lena: User) -> None:
        initiative = held(lena)
        assert "it can only be stopped" in page_of(lena, initiative, "stage").text
        refused = act(lena, initiative, "stage", to="poc", reason="Back.")
        assert refused.status_code == 409
        assert "on hold" in read(refused).text


class TestHold:
    def test_it_is_put_on_hold_and_the_hold_is_lifted(self, lena: User, initiative: Initiative) -> None:
        review_on = today() + timedelta(days=30)
        response = act(lena, initiative, "hold", reason=f"The vendor {RTL} {EMOJI}", review_on=str(review_on))
        assert is_done(response, initiative)
        hold = Hold.objects.get(lifted_on=None)
        assert (hold.reason, hold.review_on) == (f"The vendor {RTL} {EMOJI}", review_on)
        page = page_of(lena, initiative, "hold")
        assert "Lift the hold" in page.text and hold.reason in page.text
        assert is_done(act(lena, initiative, "hold", lift="yes"), initiative)
        assert not Hold.objects.filter(lifted_on=None).exists()

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"reason": "", "review_on": "2099-01-01"}, "reason"),
            ({"reason": LONG, "review_on": "2099-01-01"}, "reason"),
            ({"reason": "a\x00b", "review_on": "2099-01-01"}, "reason"),
            ({"reason": "Why.", "review_on": ""}, "review_on"),
            ({"reason": "Why.", "review_on": "2020-01-01"}, "review_on"),
            ({"reason": "Why.", "review_on": "9999-12-31"}, "review_on"),
            ({"reason": "Why.", "review_on": "31.12.2099"}, "review_on"),
        ],
    )
    def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(
        self, lena: User, initiative: Initiative, sent: dict[str, str], field: str
    ) -> None:
        response = act(lena, initiative, "hold", **sent)
        page = read(response)
        assert response.status_code == 422
        assert page.by_id(f"id_{field}").attrs["aria-invalid"] == "true"
        assert page.by_id("id_review_on").attrs["value"] == sent["review_on"]
        assert not Hold.objects.exists()

    def test_who_comes_second_lifts_nothing_by_mistake(self, lena: User, initiative: Initiative) -> None:
        """Two open the page; one puts it on hold; what the other sends is a hold, not a lifting of it."""
        by = Actor.person(lena)
        set_hold(initiative.pk, "First.", today() + timedelta(days=5), by, clock.now())
        response = act(lena, initiative, "hold", reason="Second.", review_on="2099-01-01")
        assert response.status_code == 409
        page = read(response)
        assert "already" in page.text
        assert "Second." in page.by_id("id_reason").text
        assert Hold.objects.get(lifted_on=None).reason == "First."

    def test_a_hold_that_was_lifted_meanwhile_is_not_lifted_again(
        self, lena: User, initiative: Initiative
    ) -> None:
        response = act(lena, initiative, "hold", lift="yes")
        assert response.status_code == 409
        assert "not on hold" in read(response).text


class TestStop:
    def test_it_is_stopped_with_its_lesson(self, lena: User, initiative: Initiative) -> None:
        assert is_done(act(lena, initiative, "stop", **STAYS, root_cause="governance"), initiative)
        initiative.refresh_from_db()
        assert initiative.stage == "stopped"
        assert Lesson.objects.get(initiative=initiative).root_cause == "governance"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("outcome", ""),
            ("outcome", "victory"),
            ("tried", ""),
            ("tried", LONG),
            ("did_not_work", "a\x00b"),
            ("root_cause", "bad luck"),
            ("advice", LONG),
        ],
    )
    def test_a_lesson_that_is_incomplete_stops_nothing_and_is_kept(
        self, lena: User, initiative: Initiative, field: str, value: str
    ) -> None:
        response = act(lena, initiative, "stop", **(STAYS | {"advice": SCRIPT} | {field: value}))
        page = read(response)
        assert response.status_code == 422
        assert page.has_id(f"id_{field}_error")
        if field != "tried":
            assert "Sorting by layout." in page.by_id("id_tried").text
        assert SCRIPT not in response.content.decode()
        initiative.refresh_from_db()
        assert initiative.stage == "intake"

    def test_on_agreed_criteria_is_offered_once_one_was_reached(self, lena: User, elsa: User) -> None:
        initiative = create(lena, on(0), stage="pilot")

        def offered() -> list[str]:
            page = page_of(lena, initiative, "stop")
            return [node.attrs["value"] for node in page.all("input", name="outcome")]

        claimed = STAYS | {"outcome": "agreed_criteria"}
        assert offered() == ["decided", "faded_out"]
        response = act(lena, initiative, "stop", **claimed)
        assert response.status_code == 422
        assert "No exit criterion that was agreed" in read(response).by_id("id_outcome_error").text
        criterion = criterion_of(initiative, lena, elsa)
        ExitCriterion.objects.update(locked_at=on(-1), promised=agreed(criterion))
        trip(criterion, lena)
        assert offered() == ["decided", "faded_out"], "Elsa was named to decide"
        ExitCriterion.objects.update(decider=lena)
        assert offered() == ["agreed_criteria", "decided", "faded_out"]
        assert is_done(act(lena, initiative, "stop", **claimed), initiative)

    def test_what_is_live_is_not_stopped(self, lena: User, ada: User) -> None:
        live = create(ada, stage="live", people={"technical_lead": "lena", "members": ["lena"]})
        page = read(pages(lena).get(f"/initiatives/{live.ref}/"))
        assert "Stop with a lesson" not in page.links()
        refused = act(lena, live, "stop", **STAYS)
        assert refused.status_code == 409
        assert "retired" in read(refused).text


class TestMaterialChange:
    def test_passed_gates_lapse_at_once(self, lena: User, ravi: User, initiative: Initiative) -> None:
        answer_all(initiative, lena, gates=["data"])
        pass_gate(initiative, "data", lena, ravi)
        page = page_of(lena, initiative, "material-change")
        assert "Data (passed)" in page.text
        response = act(
            lena, initiative, "material-change", kind="model", note="Version 4.", gates=["data", "adoption"]
        )
        assert is_done(response, initiative)
        assert GateStanding.objects.get(initiative=initiative, gate="data").status == "lapsed"
        assert MaterialChange.objects.get().gates == ["adoption", "data"]

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"kind": "", "note": "N.", "gates": ["data"]}, "kind"),
            ({"kind": "weather", "note": "N.", "gates": ["data"]}, "kind"),
            ({"kind": "model", "note": "", "gates": ["data"]}, "note"),
            ({"kind": "model", "note": LONG, "gates": ["data"]}, "note"),
            ({"kind": "model", "note": "N.", "gates": []}, "gates"),
            ({"kind": "model", "note": "N.", "gates": ["data", "nowhere"]}, "gates"),
            ({"kind": "model", "note": "N.", "gates": ["profile"]}, "gates"),
        ],
    )
    def test_a_mistake_is_named_at_its_field(
        self, lena: User, initiative: Initiative, sent: dict[str, Any], field: str
    ) -> None:
        response = act(lena, initiative, "material-change", **sent)
        assert response.status_code == 422
        assert read(response).has_id(f"id_{field}_error")
        assert not MaterialChange.objects.exists()


class TestFlags:
    def flag(self, initiative: Initiative, code: str = "stage_overrun") -> Flag:
        return Flag.objects.get(initiative=initiative, code=code, resolved_at=None)

    def test_it_is_acknowledged_from_the_page(self, lena: User) -> None:
        initiative = overrun(lena)
        flag = self.flag(initiative)
        response = pages(lena).post(f"/flags/{flag.pk}/acknowledge/")
        assert response["Location"] == f"/initiatives/{initiative.ref}/#flags"
        assert self.flag(initiative).acknowledged_by == lena
        assert "Acknowledged by Lena on" in read(pages(lena).get(f"/initiatives/{initiative.ref}/")).text

    def test_it_is_snoozed_with_a_reason_and_a_day(self, lena: User) -> None:
        initiative = overrun(lena)
        flag = self.flag(initiative)
        page = read(pages(lena).get(f"/flags/{flag.pk}/snooze/"))
        assert flag.message in page.text
        assert complaints(page) == []
        until = today() + timedelta(days=7)
        response = pages(lena).post(f"/flags/{flag.pk}/snooze/", {"until": str(until), "reason": "Board."})
        assert is_done(response, initiative)
        assert (self.flag(initiative).snoozed_until, self.flag(initiative).snooze_reason) == (until, "Board.")

    def test_its_cause_is_confirmed_with_one_press(self, lena: User) -> None:
        initiative = overrun(lena)
        flag = self.flag(initiative)
        shown = read(pages(lena).get(f"/initiatives/{initiative.ref}/")).by_id("flags").all("li")[0]
        assert "Suspected cause: momentum lost" in shown.text
        form = next(one for one in shown.all("form") if one.attrs["action"].endswith("/cause/"))
        pressed = {one.attrs["name"]: one.attrs["value"] for one in form.all("input") if "name" in one.attrs}
        assert is_done(pages(lena).post(form.attrs["action"], pressed), initiative)
        kept = self.flag(initiative)
        assert (kept.confirmed_cause, kept.confirmed_by) == (flag.root_cause, lena)
        after = read(pages(lena).get(f"/initiatives/{initiative.ref}/")).by_id("flags").all("li")[0]
        assert "Cause, confirmed by Lena on" in after.text
        assert "Suspected" not in after.text

    def test_another_cause_takes_its_place_and_what_helps_follows_it(self, lena: User, ravi: User) -> None:
        initiative = overrun(lena)
        flag = self.flag(initiative)
        page = read(pages(ravi).get(f"/flags/{flag.pk}/cause/"))
        assert complaints(page) == []
        assert len(page.all("input", type="radio")) == len(root_causes())
        chosen = [one.attrs["value"] for one in page.all("input", type="radio") if "checked" in one.attrs]
        assert chosen == ["momentum"]
        sent = {"root_cause": "integration", "note": "No interface yet."}
        assert is_done(pages(ravi).post(f"/flags/{flag.pk}/cause/", sent), initiative)
        told = read(pages(ravi).get(f"/initiatives/{initiative.ref}/")).by_id("flags").all("li")[0].text
        assert "Cause, corrected by Ravi on" in told
        assert f"Suspected was: {root_causes()['momentum'].name.lower()}." in told
        assert root_causes()["integration"].countermeasure in told
        history = read(pages(lena).get(f"/initiatives/{initiative.ref}/history/")).text
        assert f"Cause corrected: {root_causes()['integration'].name.lower()}" in history
        assert "No interface yet." in history

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"note": "R."}, "root_cause"),
            ({"root_cause": "fate"}, "root_cause"),
            ({"root_cause": "\x00"}, "root_cause"),
            ({"root_cause": "integration", "note": LONG}, "note"),
        ],
    )
    def test_a_cause_that_is_none_is_named_at_its_field(
        self, lena: User, sent: dict[str, str], field: str
    ) -> None:
        flag = self.flag(overrun(lena))
        response = pages(lena).post(f"/flags/{flag.pk}/cause/", sent)
        assert response.status_code == 422
        assert read(response).has_id(f"id_{field}_error")
        assert self.flag(flag.initiative).confirmed_cause == ""

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"until": "", "reason": "R."}, "until"),
            ({"until": "2020-01-01", "reason": "R."}, "until"),
            ({"until": "soon", "reason": "R."}, "until"),
            ({"until": "2099-01-01", "reason": " "}, "reason"),
            ({"until": "2099-01-01", "reason": LONG}, "reason"),
        ],
    )
    def test_a_mistake_is_named_at_its_field(self, lena: User, sent: dict[str, str], field: str) -> None:
        flag = self.flag(overrun(lena))
        response = pages(lena).post(f"/flags/{flag.pk}/snooze/", sent)
        assert response.status_code == 422
        assert read(response).has_id(f"id_{field}_error")

    def test_one_that_was_resolved_meanwhile_is_said_to_be(self, lena: User) -> None:
        flag = self.flag(overrun(lena))
        Flag.objects.filter(pk=flag.pk).update(resolved_at=clock.now(), resolved_on=today())
        followed = pages(lena).post(f"/flags/{flag.pk}/acknowledge/", follow=True)
        assert "This flag has been resolved." in read(followed).text
        refused = pages(lena).post(f"/flags/{flag.pk}/snooze/", {"until": "2099-01-01", "reason": "R."})
        assert refused.status_code == 409
        assert pages(lena).post(f"/flags/{flag.pk}/cause/", {"root_cause": "integration"}).status_code == 409

    @pytest.mark.parametrize("key", [0, 999_999, 10**18, 10**30])
    def test_one_that_is_not_there_is_not_found(self, lena: User, key: int) -> None:
        for deed in ("acknowledge", "snooze", "cause"):
            assert pages(lena).post(f"/flags/{key}/{deed}/").status_code == 404

    def test_that_of_an_initiative_one_may_not_see_is_not_found(self, lena: User, omar: User) -> None:
        flag = self.flag(overrun(lena, visibility="team"))
        for deed in ("acknowledge", "snooze", "cause"):
            assert pages(omar).post(f"/flags/{flag.pk}/{deed}/").status_code == 404

    def test_who_may_only_look_is_refused(self, lena: User, omar: User, iris: User) -> None:
        flag = self.flag(overrun(lena))
        for looker in (omar, iris):
            for deed in ("acknowledge", "snooze", "cause"):
                assert pages(looker).post(f"/flags/{flag.pk}/{deed}/").status_code == 403
        assert self.flag(flag.initiative).acknowledged_at is None


class TestOverlay:
    def test_it_is_attached_once(self, lena: User, initiative: Initiative) -> None:
        for said in ("Attached.", "already"):
            response = pages(lena).post(
                f"/initiatives/{initiative.ref}/frameworks/", {"framework": "conversational-ai"}, follow=True
            )
            assert said in read(response).text
        assert initiative.passages.filter(framework_slug="conversational-ai").count() == 1

    @pytest.mark.parametrize("slug", ["", "nothing", "\x00", SCRIPT, LONG])
    def test_what_is_no_framework_is_refused_in_words(
        self, lena: User, initiative: Initiative, slug: str
    ) -> None:
        response = pages(lena).post(
            f"/initiatives/{initiative.ref}/frameworks/", {"framework": slug}, follow=True
        )
        assert response.status_code == 200
        assert read(response).all("div", class_="shell__messages")
        assert SCRIPT not in response.content.decode()


FORMS = {
    "stage": {"to": "poc"},
    "hold": {"reason": "Why.", "review_on": "2099-01-01"},
    "stop": STAYS,
    "material-change": {"kind": "model", "note": "N.", "gates": ["data"]},
    "frameworks": {"framework": "conversational-ai"},
}
MAY = {
    "stage": {"lena", "elsa"},
    "hold": {"lena", "elsa"},
    "stop": {"lena", "elsa"},
    "material-change": {"lena", "ravi"},
    "frameworks": {"lena"},
}


@pytest.mark.parametrize("who", ["omar", "ravi", "elsa", "iris", "ada"])
@pytest.mark.parametrize("below", FORMS)
def test_who_may_look_but_not_touch_is_refused(
    request: pytest.FixtureRequest, initiative: Initiative, below: str, who: str
) -> None:
    client = pages(request.getfixturevalue(who))
    path = f"/initiatives/{initiative.ref}/{below}/"
    before = Event.objects.count()
    if who in MAY[below]:
        assert client.get(path).status_code in (200, 405)
        return
    assert client.post(path, FORMS[below]).status_code == 403
    assert client.get(path).status_code in (403, 405)
    assert Event.objects.count() == before


@pytest.mark.parametrize("below", ["stage", "hold", "stop", "material-change"])
def test_on_an_ended_one_no_form_is_offered_and_none_is_obeyed(
    lena: User, initiative: Initiative, below: str
) -> None:
    move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
    before = Event.objects.count()
    path = f"/initiatives/{initiative.ref}/{below}/"
    followed = pages(lena).get(path, follow=True)
    assert followed.redirect_chain == [(f"/initiatives/{initiative.ref}/", 302)]
    assert "This initiative has ended (stopped)." in read(followed).text
    refused = pages(lena).post(path, FORMS[below])
    assert refused.status_code == 409
    assert "has ended" in read(refused).text
    assert Event.objects.count() == before


@pytest.mark.parametrize("below", ["stage", "hold", "stop", "material-change"])
def test_an_empty_form_is_answered_with_what_is_missing(
    lena: User, initiative: Initiative, below: str
) -> None:
    response = pages(lena).post(f"/initiatives/{initiative.ref}/{below}/")
    page = read(response)
    assert response.status_code == 422
    assert page.all("div", class_="form-errors")
    assert complaints(page) == []
