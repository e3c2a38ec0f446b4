"""Refusals, history, mails, imports and proposals in German: no English word is put into a German sentence."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.html import escape

from checklists.models import Item
from checklists.said import content as content_said
from checklists.said import restored, stored_parts
from gates.models import Condition, Initiative, Lapse, Roadmap, RoadmapPhase
from gates.promises import criterion_read
from gates.roadmap import Phase, begin_refusal
from gates.rules import ConditionState
from gates.stages import Stage
from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.policy import Act
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import Invalid, NotAllowed, NotFound, Refused
from readiness.actions.exits import add_criterion
from readiness.actions.gates import submit_gate
from readiness.actions.handovers import start_handover
from readiness.actions.kpis import create_kpi
from readiness.actions.limits import LimitReached
from readiness.actions.material_changes import declare_material_change
from readiness.actions.own_reasons import DECIDED_WITH_THE_END, STOPPED_AS_AGREED, TAKEN_OVER, reason_given
from readiness.actions.people import Profile, create_person
from readiness.actions.roadmaps import begin_phase
from readiness.actions.stages import move_stage
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.notices.news import news_of
from readiness.standing.definitions import flag_rules
from readiness.standing.flags.facts import PlanFacts
from readiness.standing.flags.rules_money import money
from readiness.standing.flags.thresholds import Unit
from readiness.standing.models import Flag, Standing
from readiness.standing.proposals import Known, propose
from readiness.standing.recompute import recompute_batch
from readiness.standing.words import threshold_in_words
from readiness.ui.components.words import avatar
from readiness.ui.saying import content, say
from readiness.workbench.initiatives.consequences import consequences
from readiness.workbench.initiatives.flag_reasons import Counted, reasons_of
from readiness.workbench.initiatives.forms import over_limit_field
from readiness.workbench.initiatives.sayings import said
from tests.fixtures import answer_all, create, make_ready, pages, today
from tests.integration.actions.props import LESSON, on, the_day
from tests.integration.actions.props import say as say_answer
from tests.integration.importing.test_browser import BAD, ROWS, newest, upload, work_off

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}
"""What a browser sends."""


@pytest.fixture(autouse=True)
def _german() -> object:
    with translation.override("de"):
        yield


class TestRefusals:
    def test_what_somebody_may_not_is_named_in_their_language(self, lena: User, ravi: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        with pytest.raises(NotAllowed) as refused:
            move_stage(one.pk, "poc", Actor.person(ravi), _now(), "")
        assert refused.value.message == "Das dürfen Sie hier nicht: die Phase wechseln, stilllegen."
        assert all(act.words != act.value for act in Act)

    def test_a_name_that_is_taken_is_called_by_what_it_is(self, ada: User, lena: User) -> None:
        with pytest.raises(Invalid) as refused:
            create_person("lena", Profile("Lena"), Actor.person(ada), _now())
        assert "Dieser Benutzername ist schon vergeben." in refused.value.message

    def test_a_handover_names_a_person(self, lena: User) -> None:
        one = create(lena, _now())
        with pytest.raises(Invalid) as refused:
            start_handover(one.pk, "", Actor.person(lena), _now())
        assert [error.message for error in refused.value.errors] == ["Nennen Sie eine Person."]

    def test_what_is_not_there(self, db: None) -> None:
        assert NotFound().message == "Nicht gefunden."

    def test_a_limit_speaks_of_the_stage_and_of_who_is_there(self, db: None) -> None:
        assert LimitReached(Stage.LIVE, "", 2, []).message == (
            "Für Initiativen ohne Bereich gilt in der Phase „Live“ die Parallelgrenze 2, und sie ist erreicht. "
            "Mit einer Begründung geht es trotzdem."
        )

    def test_a_phase_that_cannot_begin_is_told_with_the_stages(self, lena: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        with pytest.raises(Refused) as refused:
            begin_phase(one.pk, Phase.DECISION.value, None, Actor.person(lena), _now())
        assert refused.value.message == (
            "„Entscheidung“ beginnt nur in: Pilot oder Rollout. Diese Initiative ist in: Aufnahme."
        )
        assert begin_refusal([], Phase.DECISION, Stage.INTAKE) is not None

    def test_the_state_of_a_condition(self) -> None:
        condition = Condition(state=ConditionState.KEPT.value)
        assert condition.get_state_display() == "Als erfüllt gemeldet, zu bestätigen"


class TestWhatIsStored:
    """Sentences that were made in English and are said when they are read."""

    def test_a_proposal_is_a_whole_sentence(self) -> None:
        proposal = propose("plan.dates", Known(plan=PlanFacts(poc_days=60)))
        assert proposal is not None
        assert proposal.why == (
            "The PoC has an end. Still missing: the length of the pilot, the day of the decision, the dates for "
            "preparing production and an exit criterion that names who decides."
        )
        assert say(restored(str(proposal.why), stored_parts(proposal.why))) == (
            "Der PoC hat ein Ende. Es fehlt noch: die Dauer der Pilotphase, der Tag der Entscheidung, die Termine für "
            "die Vorbereitung der Produktion und ein Abbruchkriterium, das sagt, wer entscheidet."
        )

    @pytest.mark.parametrize(
        ("currency", "english", "german"),
        [("EUR", "EUR 1,250.50", "EUR 1.250,50"), ("", "1,250.50", "1.250,50")],
    )
    def test_money_within_a_sentence(self, currency: str, english: str, german: str) -> None:
        amount = money(Decimal("1250.5"), currency)
        assert amount == english
        assert say(restored(str(amount), stored_parts(amount))) == german

    def test_who_is_involved_too_late_is_named_in_english_and_read_in_german(self, lena: User) -> None:
        one = create(lena, on(0), stage="pilot", plan={"pilot_days": 10})
        with translation.override("en"):
            recompute_batch([one.pk], on(3))
        answered = say_answer(one, lena, "DATA-1", "partial", 3)
        assert "flags_changed" not in answered.changed
        flag = Flag.objects.get(initiative=one, code="late_stakeholders")
        assert flag.message == "Not involved by 5 March 2026: IT, legal, operations and security."
        assert say(flag.sentence) == "Bis 5. März 2026 nicht beteiligt: IT, Recht, Betrieb und Sicherheit."
        shown = [
            reason
            for reason in reasons_of(flag.details, Counted(the_day(3), None))
            if reason.label == "Noch nicht beteiligt"
        ]
        assert [reason.words for reason in shown] == [["IT, Recht, Betrieb, Sicherheit"]]

    def test_what_a_flag_asks_for_next_says_in_german_what_the_flag_says(self, lena: User) -> None:
        one = create(lena, on(0), stage="pilot", plan={"pilot_days": 10})
        recompute_batch([one.pk], on(3))
        asked = {
            action["flag"]: say(restored(action["message"], action["said"]))
            for action in Standing.objects.get(initiative=one).next_actions
        }
        assert asked["late_stakeholders"] == (
            "IT, Betrieb, Recht oder Sicherheit einzuladen: "
            "Bis 5. März 2026 nicht beteiligt: IT, Recht, Betrieb und Sicherheit."
        )

    @pytest.mark.parametrize("slug", ["data", "before-poc"])
    def test_what_waits_too_long_is_named_in_german(self, lena: User, slug: str) -> None:
        name, since = content_said("Data" if slug == "data" else "Before the PoC"), the_day(0)
        told = flag_rules()["decision_overdue"].say(
            "gate" if slug == "data" else "checkpoint", name=name, since=since
        )
        assert say(told) == (
            "Das Gate „Daten“ wurde am 2. März 2026 eingereicht und wartet auf eine Entscheidung."
            if slug == "data"
            else "Der Checkpoint „Vor dem PoC“ wurde am 2. März 2026 eingereicht und wartet auf eine Entscheidung."
        )

    def test_a_criterion_whose_words_were_stored_as_a_text_alone(self) -> None:
        assert say(criterion_read("Use under 4.5 % for 8 weeks")) == "Use unter 4,5 %, 8 Wochen lang"
        assert say(criterion_read("Cost over 12000 EUR a month at “Decision after the PoC”")) == (
            "Cost über 12.000 EUR a month, bei „Entscheidung nach dem PoC“"
        )

    def test_why_a_gate_lapsed_is_stored_in_english_and_read_in_german(self, lena: User, ravi: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        make_ready(one, lena, ravi)
        declare_material_change(one.pk, "model", "Ein neues.", ["data"], Actor.person(lena), _now())
        codes = Item.objects.filter(gate__slug="architecture").values_list("code", flat=True)
        fallen = [AnswerChange(code, "not_met") for code in codes]
        record_answers(one.pk, fallen, Actor.person(lena), _now())
        declared, fell = Lapse.objects.order_by("pk")
        assert (declared.reason, say(declared.sentence)) == (
            "Model changed: Ein neues.",
            "Modell geändert: Ein neues.",
        )
        assert "must be Met; it is Not met" in fell.reason
        assert "ist kritisch und muss erfüllt sein. Stand: Nicht erfüllt." in say(fell.sentence)
        for gate, lapse in (("data", declared), ("architecture", fell)):
            shown = pages(lena).get(f"/initiatives/{one.ref}/gates/{gate}/", **GERMAN).content.decode()
            assert shown.count(escape(say(lapse.sentence))) >= 2
            assert escape(lapse.reason) not in shown

    def test_a_threshold(self) -> None:
        assert threshold_in_words(Decimal(21), Unit.DAYS) == "21 Tage"
        assert threshold_in_words(Decimal(30), Unit.PERCENT) == "30 %"
        assert threshold_in_words(Decimal("0.75"), Unit.SHARE) == "× 0,75"
        assert threshold_in_words(Decimal(10_000), Unit.COUNT) == "10.000"
        assert threshold_in_words(Decimal("1000.50"), Unit.DAYS) == "1.000,5 Tage"


class TestNews:
    def test_a_lapse_and_a_flag_are_named_in_the_language_of_the_mail(self, lena: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        event = Event(
            verb="standing.changed",
            initiative=one,
            data={
                "standing": {
                    "gates": {"data": ["passed", "lapsed"]},
                    "flags_opened": [{"code": "no_activity", "severity": "critical"}],
                }
            },
        )
        told = " ".join(news_of(event).to_team)
        assert "Daten ist verfallen" in told
        assert "Warnsignal (kritisch)" in told or "Warnsignal (Kritisch)" in told
        assert not {"critical", "Data", "Nothing"} & set(told.replace("(", " ").replace(")", " ").split())

    def test_what_an_event_changed(self) -> None:
        assert consequences({"gates": {"data": ["open", "passed"]}}) == ["Daten: erst Offen, dann Bestanden."]
        assert consequences({"score": ["12.5", "10.0"]}) == ["Punktzahl: erst 12,5, dann 10,0."]


class TestHistory:
    def test_events_are_told_whole(self, db: None) -> None:
        moved = said("stage.moved", {"from": "intake", "to": "poc", "reason": "Los"})
        assert (moved.title, moved.body) == ("Phase gewechselt: von Aufnahme nach PoC", "Los")
        answers = [{"item": f"DATA-{number}", "answer": ["unanswered", "met"]} for number in range(1, 4)]
        answered = said("answer.recorded", {"answers": answers})
        assert answered.title == "3 Prüfpunkte beantwortet"
        assert answered.body.splitlines()[0] == "DATA-1: erst Unbeantwortet, dann Erfüllt."
        many = [{"item": f"DATA-{number}", "answer": ["unanswered", "met"]} for number in range(1, 13)]
        assert said("answer.recorded", {"answers": many}).body.startswith("Erfüllt: DATA-1, DATA-2")
        kept = said("condition.kept", {"text": "Wird nachgereicht", "said": ""})
        assert kept.title == "Auflage als erfüllt gemeldet"

    def test_a_reason_that_nobody_typed_is_read_in_german(self) -> None:
        assert say(reason_given("Taken over at this stage. The imported file does not say since when.")) == (
            "In dieser Phase übernommen. Die importierte Datei sagt nicht, seit wann."
        )
        assert say(reason_given("Taken over by hand")) == "Taken over by hand"

    def test_why_it_was_stopped_as_agreed(self, db: None) -> None:
        data = {"words": "Nutzung unter 30", "decision": "stop", "reason": str(STOPPED_AS_AGREED)}
        assert said("exit.decided", data).body == "Nutzung unter 30.\nGestoppt, wie es vereinbart war."


class TestPages:
    def test_what_was_taken_over_and_decided_with_the_end(self, lena: User, elsa: User) -> None:
        one = create(lena, on(0), stage="poc")
        kpi, _ = create_kpi(one.pk, {"name": "Nutzung"}, Actor.person(lena), on(0))
        terms = {"kpi": kpi.pk, "comparator": "under", "limit": "30", "window_days": 28, "action": "stop"}
        criterion, _ = add_criterion(one.pk, {**terms, "decider": "elsa"}, Actor.person(lena), on(0))
        criterion.triggers.create(on=the_day(0), at=on(0), words=str(criterion))
        move_stage(one.pk, "stopped", Actor.person(lena), on(1), lesson=LESSON)
        assert criterion.triggers.get().reason == DECIDED_WITH_THE_END
        shown = pages(lena).get(f"/initiatives/{one.ref}/", **GERMAN).content.decode()
        assert "In dieser Phase übernommen" in shown
        assert TAKEN_OVER not in shown
        shown = pages(lena).get(f"/initiatives/{one.ref}/promises/", **GERMAN).content.decode()
        assert "Mit dem Ende der Initiative entschieden." in shown
        assert DECIDED_WITH_THE_END not in shown

    def test_a_reviewer_decides_in_german(self, lena: User, ravi: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        answer_all(one, lena, gates=["data"])
        submit_gate(one.pk, "data", "", Actor.person(lena), _now())
        shown = pages(ravi).get(f"/initiatives/{one.ref}/gates/data/decide/", **GERMAN).content.decode()
        for item in Item.objects.filter(gate__slug="data"):
            for words in (item.title, item.reviewer_check):
                assert content(words) != words
                assert escape(words) not in shown
                assert escape(content(words)) in shown

    def test_what_waits_for_a_reviewer_is_named_in_german(self, lena: User, ravi: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        answer_all(one, lena, gates=["data"])
        submit_gate(one.pk, "data", "", Actor.person(lena), _now())
        shown = pages(ravi).get("/home/", **GERMAN).content.decode()
        assert "Daten, eingereicht von" in shown
        assert "Data, eingereicht von" not in shown

    def test_an_exit_criterion_to_decide_is_read_in_german(self, lena: User, elsa: User) -> None:
        one = create(lena, on(0), stage="poc")
        kpi, _ = create_kpi(one.pk, {"name": "Nutzung", "unit": "%"}, Actor.person(lena), on(0))
        terms = {"kpi": kpi.pk, "comparator": "under", "limit": "30.5", "window_days": 28, "action": "stop"}
        criterion, _ = add_criterion(one.pk, {**terms, "decider": "elsa"}, Actor.person(lena), on(0))
        criterion.triggers.create(on=the_day(0), at=on(0), words="Nutzung under 30.5 % for 4 weeks")
        words = "Nutzung unter 30,5 %, 4 Wochen lang"
        places = (
            "/home/",
            "/portfolio/",
            f"/initiatives/{one.ref}/promises/",
            f"/initiatives/{one.ref}/history/",
        )
        for place in (*places, f"/initiatives/{one.ref}/promises/exits/{criterion.pk}/decision/"):
            answer = pages(elsa).get(place, **GERMAN)
            assert answer.status_code == 200
            assert words in answer.content.decode(), place
            assert "Nutzung under" not in answer.content.decode(), place

    def test_a_field_made_before_anybody_asked_is_read_in_german(self) -> None:
        with translation.override("en"):
            field = over_limit_field()
        assert str(field.label) == "Warum die Grenze überschritten werden darf"

    def test_the_phase_that_a_roadmap_is_in_is_german(self, lena: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        RoadmapPhase.objects.create(
            roadmap=Roadmap.objects.create(initiative=one, updated_at=_now()),
            kind=Phase.EXPANSION.value,
            began_on=today(),
        )
        shown = pages(lena).get(f"/initiatives/{one.ref}/roadmap/", **GERMAN).content.decode()
        assert ">Ausweitung</p>" in shown

    def test_nobody_has_a_german_name(self) -> None:
        assert avatar("")["name"] == "Niemand"

    def test_what_waits_at_a_gate_is_no_small_noun(self, lena: User, elsa: User) -> None:
        one = create(lena, _now(), name="Invoice triage")
        answer_all(one, lena, gates=["data"])
        submit_gate(one.pk, "data", "", Actor.person(lena), _now())
        Initiative.objects.filter(pk=one.pk).update(stage="pilot")
        shown = pages(elsa).get("/portfolio/gates/", **GERMAN).content.decode()
        assert "Daten – In Prüfung: 1" in shown


class TestImports:
    def test_what_a_check_found_is_read_in_german_whoever_the_worker_was(self, ada: User) -> None:
        with translation.override("en"):
            upload(ada, [*ROWS, BAD])
            work_off()
        shown = _page(ada)
        assert "Die Zeile sagt nicht, was eine Initiative braucht: Name." in shown

    def test_why_it_failed(self, ada: User) -> None:
        with translation.override("en"):
            upload(ada, [], name="list.csv")
            work = work_off()
        assert work.message == "The file holds the names of the columns and no row below them."
        assert "Die Datei enthält die Namen der Spalten und darunter keine Zeile." in _page(ada)


def _page(by: User) -> str:
    response = pages(by).get(f"/organisation/imports/{newest().pk}/", **GERMAN)
    assert response.status_code == 200
    return response.content.decode()


def _now() -> datetime:
    return clock.now()
