"""The page of one initiative: where it stands, why it is not ready, what comes next, and for whom."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.models import Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.flags import confirm_cause, snooze_flag
from readiness.actions.frameworks import attach_framework
from readiness.actions.gates import submit_gate
from readiness.actions.initiatives import edit_initiative
from readiness.actions.organisation import set_thresholds
from readiness.actions.people import deactivate_person
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.standing.flags.registry import RULES
from readiness.standing.links import flag_url
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute_batch
from readiness.workbench.initiatives.shown_flags import shown_flags
from tests.fixtures import answer_all, create, make_ready, pages, pass_gate, person, promise, today
from tests.integration.standing.flag_scenes import AT_ONCE, BY_DAY, Cast
from tests.integration.workbench.initiatives.scenes import (
    EMOJI,
    LESSON,
    RTL,
    SCRIPT,
    ago,
    caught_up,
    held,
    overrun,
)
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


def at(initiative: Initiative, by: User) -> Node:
    response = pages(by).get(f"/initiatives/{initiative.ref}/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def test_the_points_of_what_is_declared_are_called_points_beside_the_counts(
    lena: User, initiative: Initiative
) -> None:
    """Met without evidence counts as Partial: half a point of the one that is declared."""
    record_answers(initiative.pk, [AnswerChange("DATA-2", "met")], Actor.person(lena), clock.now())
    score = at(initiative, lena).by_id("header-score").text
    assert "0 of 20 met 16 needed · 1.0 points declared" in score


def card(page: Node, title: str) -> Node:
    """The card with this title."""
    found = [
        node
        for node in page.all("section")
        if any(head.text == title for head in node.all("h2", class_="card__title"))
    ]
    assert len(found) == 1, f"{len(found)} cards {title}"
    return found[0]


def has_card(page: Node, title: str) -> bool:
    return any(head.text == title for head in page.all("h2", class_="card__title"))


class TestWhoSeesWhat:
    def test_the_team_is_offered_what_it_may_do(self, initiative: Initiative, lena: User) -> None:
        offered = card(at(initiative, lena), "What you can do").links()
        below = f"/initiatives/{initiative.ref}/"
        assert offered == {
            "Fill in the checklist": f"{below}checklist/data/",
            "Edit facts and people": f"{below}edit/",
            "Move to another stage": f"{below}stage/",
            "Put on hold": f"{below}hold/",
            "Declare a material change": f"{below}material-change/",
            "Stop with a lesson": f"{below}stop/",
        }

    @pytest.mark.parametrize(
        ("who", "offered"),
        [
            ("omar", None),
            ("iris", None),
            ("ravi", {"Read the checklist", "Declare a material change"}),
            ("elsa", {"Read the checklist", "Move to another stage", "Put on hold", "Stop with a lesson"}),
            ("ada", {"Read the checklist", "Edit people and visibility"}),
        ],
    )
    def test_others_are_offered_what_they_may_do_and_no_dead_button(
        self, initiative: Initiative, request: pytest.FixtureRequest, who: str, offered: set[str] | None
    ) -> None:
        viewer = request.getfixturevalue(who)
        page = at(initiative, viewer)
        if offered is None:
            assert not has_card(page, "What you can do")
            assert not page.by_id("main").all("form", method="post")
        else:
            assert set(card(page, "What you can do").links()) == offered
        client = pages(viewer)
        for node in page.all("a"):
            href = node.attrs["href"].partition("#")[0]
            if href.startswith("/initiatives/"):
                assert client.get(href).status_code == 200, f"{who} is led to {href}"

    def test_a_team_only_initiative_is_not_there_for_an_outsider(
        self, lena: User, omar: User, iris: User
    ) -> None:
        secret = create(lena, visibility="team")
        assert pages(omar).get(f"/initiatives/{secret.ref}/").status_code == 404
        assert pages(omar).get(f"/initiatives/{secret.ref}/history/").status_code == 404
        assert "Team only" in at(secret, iris).text

    @pytest.mark.parametrize(
        "ref", ["AI-9999", "AI-1", "AI-00001", "ai-0001", "1", "AI-" + "9" * 18, "AI-0001%00", "AI-٠٠٠١"]
    )
    def test_what_is_no_reference_or_nobodys_is_not_found(self, lena: User, ref: str) -> None:
        create(lena)
        for page in ("", "edit/", "history/", "stage/", "hold/", "stop/", "material-change/"):
            assert pages(lena).get(f"/initiatives/{ref}/{page}").status_code == 404

    def test_it_asks_the_database_a_fixed_number_of_times(self, lena: User, ravi: User) -> None:
        small = create(lena)
        large = make_busy(lena, ravi)
        assert self._queries(small, lena) <= self._queries(large, lena) <= 26

    @staticmethod
    def _queries(initiative: Initiative, by: User) -> int:
        client = pages(by)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/initiatives/{initiative.ref}/").status_code == 200
        return len(asked)


def make_busy(lena: User, ravi: User) -> Initiative:
    """With people in every role, many flags, a hold behind it, an overlay and a long history."""
    members = [person(f"member{number}").username for number in range(12)]
    people = {
        "business_owner": person("olga").username,
        "executive_sponsor": person("erik", executive=True).username,
        "deputy": person("dora").username,
        "members": [*members, "lena"],
    }
    initiative = held(lena, people=people)
    attach_framework(initiative.pk, "conversational-ai", Actor.person(lena), clock.now())
    for code in ("DATA-1", "DATA-2", "ARCH-1", "INTG-1", "GOVN-1"):
        changes = [AnswerChange(code, "partial", note="On the way.")]
        record_answers(initiative.pk, changes, Actor.person(lena), clock.now())
    return initiative


class TestNextSteps:
    def test_the_teams_first_step_leads_straight_to_its_item(
        self, initiative: Initiative, lena: User
    ) -> None:
        step = card(at(initiative, lena), "Next best action")
        assert "Answer “One-sentence problem”." in step.text
        assert step.links()["Answer it"].endswith("/checklist/checkpoint-0/#CP0-1")

    def test_who_cannot_carry_it_out_may_look_at_it_and_is_told_whose_it_is(
        self, initiative: Initiative, omar: User
    ) -> None:
        step = card(at(initiative, omar), "Next best action")
        assert "For the team" in step.text
        assert "Answer it" not in step.links()
        assert step.links()["Look at it"].endswith("#CP0-1")

    def test_where_nobody_is_on_the_team_somebody_is_to_be_named_first(
        self, initiative: Initiative, omar: User
    ) -> None:
        TeamRole.objects.filter(initiative=initiative).update(until=clock.now())
        step = card(at(initiative, omar), "Next best action")
        assert "For the team" not in step.text
        assert step.links()["Name a technical lead"] == f"/initiatives/{initiative.ref}/people/"
        assert "Before the PoC: Answer “" in step.text

    def test_a_move_that_is_free_is_offered_to_those_who_may_move(
        self, lena: User, ravi: User, elsa: User, omar: User
    ) -> None:
        ready = create(lena, stage="pilot")
        make_ready(ready, lena, ravi)
        for mover in (lena, elsa):
            step = card(at(ready, mover), "Next best action")
            assert step.links()["Move it on"] == f"/initiatives/{ready.ref}/stage/"
        for looker in (omar, ravi):
            step = card(at(ready, looker), "Next best action")
            assert "Move it on to Rollout: nothing stands in the way." in step.text
            assert not any("stage" in href for href in step.links().values())

    def test_a_reviewer_sees_their_own_step_beside_the_teams(
        self, lena: User, ravi: User, initiative: Initiative
    ) -> None:
        answer_all(initiative, lena, gates=["data"])
        submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
        step = card(at(initiative, ravi), "Next best action")
        assert "For the team" in step.text
        assert "For you Decide the Data gate" in step.text
        assert step.links()["Review it"] == f"/initiatives/{initiative.ref}/gates/data/"
        assert "For you" not in card(at(initiative, lena), "Next best action").text


class TestWhyItIsNotReady:
    def test_the_blockers_stand_gate_by_gate_collapsed_but_counted(
        self, initiative: Initiative, lena: User
    ) -> None:
        why = card(at(initiative, lena), "Why it is not ready")
        gates = why.all("details")
        assert [gate.one("summary").text for gate in gates] == [
            f"{name} {status} 6 in the way"
            for name, status in [
                ("Data", "Open"),
                ("Architecture", "Locked"),
                ("Integration", "Locked"),
                ("Governance", "Locked"),
                ("Adoption", "Locked"),
            ]
        ]
        assert ["open" in gate.attrs for gate in gates] == [True, False, False, False, False]
        assert len(gates[0].all("li")) == 6
        assert gates[0].all("a")[0].attrs["href"].endswith("/gates/data/")
        assert gates[0].all("a")[1].attrs["href"].endswith("/checklist/data/#DATA-1")
        assert "0 of 20 items are Met" in why.text

    def test_every_page_and_rest_count_the_same_things_in_the_way(self, lena: User, ravi: User) -> None:
        one = create(lena, stage="pilot")
        answer_all(one, lena, gates=["data"])
        pass_gate(one, "data", lena, ravi)
        told = pages(lena).get(f"/api/v1/initiatives/{one.ref}/readiness/").json()["blockers"]
        overview = card(at(one, lena), "Why it is not ready")
        said = f"{len(told)} things stand in the way."
        counted = [
            int(gate.one("span", class_="blockers__count").text.split()[0])
            for gate in overview.all("details")
        ]
        alone = len(overview.all("p", class_="blockers__gate blockers__plain"))
        assert said in overview.text and sum(counted) + alone == len(told)
        why = read(pages(lena).get(f"/initiatives/{one.ref}/why/"))
        assert said in why.text and f"In the way {len(told)}" in why.by_id("supposed").text
        assert said in read(pages(lena).get(f"/initiatives/{one.ref}/stage/")).text
        refused = pages(lena).post(f"/initiatives/{one.ref}/stage/", {"to": "rollout"})
        assert said in read(refused).text

    def test_one_that_is_ready_says_so(self, lena: User, ravi: User, initiative: Initiative) -> None:
        make_ready(initiative, lena, ravi)
        page = at(initiative, lena)
        assert not has_card(page, "Why it is not ready")
        assert "20 of 20 items are Met; 16 were asked for." in card(page, "Ready for production").text

    def test_one_that_is_conditional_says_so(self, lena: User, ravi: User, initiative: Initiative) -> None:
        answer_all(initiative, lena)
        for gate in ("data", "architecture", "integration", "governance"):
            pass_gate(initiative, gate, lena, ravi)
        pass_gate(initiative, "adoption", lena, ravi, conditions=[promise(lena)])
        assert "under conditions" in card(at(initiative, lena), "Ready for production").text

    def test_the_track_shows_the_gates_in_order(self, lena: User, ravi: User, initiative: Initiative) -> None:
        answer_all(initiative, lena, gates=["data"])
        pass_gate(initiative, "data", lena, ravi)
        track = at(initiative, lena).by_id("header-track")
        assert [step.text for step in track.all("li")][:2] == [
            "Data Passed 4 of 4 met",
            "Architecture Open 0 of 4 met",
        ]


class TestFlags:
    def test_a_flag_tells_its_cause_what_helps_and_from_what_it_follows(self, lena: User) -> None:
        initiative = overrun(lena)
        flags = at(initiative, lena).by_id("flags")
        first = flags.all("li")[0]
        assert first.one("h3").text == "Longer in this stage than planned"
        for words in (
            "it was planned to take 90 days",
            "Suspected cause: momentum lost",
            "What helps:",
            "Counted 300 days since",
            "Planned 90 days",
            "A warning after 135 days",
            "Critical after 180 days",
            "Held against",
            "Only information up to this multiple of the plan: × 1.5 (as shipped)",
            "An admin sets these under Organisation, Thresholds.",
        ):
            assert words in first.text, words
        assert first.one("svg", role="img").attrs["aria-label"] == "Critical"

    def test_the_gravest_stand_first(self, lena: User) -> None:
        flags = at(overrun(lena), lena).by_id("flags")
        graveness = [node.attrs["aria-label"] for node in flags.all("svg", role="img")]
        order = ["Critical", "Warning", "Info"]
        assert graveness == sorted(graveness, key=order.index)

    @pytest.mark.parametrize(
        ("who", "may"), [("lena", True), ("ravi", True), ("elsa", True), ("omar", False), ("iris", False)]
    )
    def test_only_those_who_may_quiet_a_flag_are_offered_to(
        self, lena: User, request: pytest.FixtureRequest, who: str, may: bool
    ) -> None:
        flags = at(overrun(lena), request.getfixturevalue(who)).by_id("flags")
        assert bool(flags.all("form")) is may
        assert ("Snooze" in flags.links()) is may

    def test_a_snoozed_flag_says_until_when_and_why(self, lena: User) -> None:
        initiative = overrun(lena)
        flag = Flag.objects.get(initiative=initiative, code="stage_overrun")
        until = today() + timedelta(days=7)
        snooze_flag(flag.pk, until, f"The board meets {SCRIPT}", Actor.person(lena), clock.now())
        response = pages(lena).get(f"/initiatives/{initiative.ref}/")
        assert f"The board meets {SCRIPT}" in read(response).by_id("flags").text
        assert SCRIPT not in response.content.decode()

    def test_a_threshold_says_where_it_is_set_and_an_admin_is_led_there(self, lena: User, ada: User) -> None:
        initiative = overrun(lena)
        for stage, words in (("", "for all stages"), ("pilot", "for Pilot")):
            set_thresholds("no_activity", {(stage, "days"): Decimal(9)}, Actor.person(ada), clock.now())
            flags = at(initiative, ada).by_id("flags")
            assert f"Days without activity: 9 days (set by an admin {words})" in flags.text
        hrefs = {link.attrs["href"] for link in flags.all("a")}
        assert "/organisation/thresholds/no_activity/" in hrefs

    def test_a_flag_about_promises_leads_to_where_it_is_mended(self, lena: User) -> None:
        initiative = create(lena, stage="pilot")
        links = at(initiative, lena).by_id("flags").links()
        assert links["To the promises"].startswith(f"/initiatives/{initiative.ref}/promises/")
        for code in RULES:
            url = flag_url(initiative.ref, code)
            assert not url or pages(lena).get(url).status_code == 200, code

    def test_two_lessons_of_the_same_cause_are_shown_and_none_of_what_one_may_not_see(
        self, lena: User, omar: User
    ) -> None:
        for number in range(4):
            made = create(omar, name=f"Earlier {number}", visibility="organisation" if number else "team")
            told = LESSON | {"root_cause": "momentum", "did_not_work": f"It slept {number}. {SCRIPT}"}
            move_stage(made.pk, "stopped", Actor.person(omar), clock.now(), "", told)
        shown = at(overrun(lena), lena).by_id("flags").all("li")[0]
        assert [name for name in shown.links() if name.startswith("Earlier")] == ["Earlier 3", "Earlier 2"]
        assert f"It slept 3. {SCRIPT}" in shown.text

    def test_the_flags_take_as_many_queries_whatever_their_number(
        self, lena: User, query_count: Callable[..., int]
    ) -> None:
        initiative = overrun(lena)
        flags = list(Flag.objects.filter(initiative=initiative, resolved_at=None))
        for flag in flags:
            confirm_cause(flag.pk, flag.root_cause, Actor.person(lena), clock.now())
        flags = list(Flag.objects.filter(initiative=initiative, resolved_at=None))
        counts = [
            query_count(lambda some=some: shown_flags(initiative, some, today(), lena))
            for some in (flags[:1], flags)
        ]
        assert counts[0] == counts[1] <= 4

    def test_where_none_is_open_it_says_so(self, initiative: Initiative, lena: User) -> None:
        assert at(initiative, lena).by_id("flags").text == "No flag is open."

    def test_days_on_hold_do_not_make_it_older(self, lena: User) -> None:
        initiative = held(lena)
        initiative.refresh_from_db()
        flags = Flag.objects.filter(initiative=initiative, resolved_at=None)
        days = {one.flag.code: one.days for one in shown_flags(initiative, flags, today(), lena)}
        assert days["no_activity"] == 50

    def test_the_details_of_every_rule_can_be_said(self, lena: User, ravi: User) -> None:
        """One flag of each rule as the rules write it; a rule that is new needs words here too."""
        said = set()
        for initiative in in_every_trouble(lena, ravi):
            flags = list(Flag.objects.filter(initiative=initiative, resolved_at=None))
            for one in shown_flags(initiative, flags, today(), lena):
                said.add(one.flag.code)
                spoken = " ".join(words for reason in one.reasons for words in reason.words)
                assert "{" not in spoken and "None" not in spoken and "'" not in spoken
                details = {key: value for key, value in one.flag.details.items() if value not in (None, [])}
                assert one.reasons or not details, one.flag.code
        assert said == set(RULES)


PROMISES = [
    *(BY_DAY[code] for code in ("exit_triggered", "sponsor_silent", "technical_metrics_only")),
    BY_DAY["value_shortfall"],
    *((1, AT_ONCE[code]) for code in ("promise_amended", "success_without_roadmap", "low_usage")),
]


def in_every_trouble(lena: User, ravi: User) -> list[Initiative]:
    """Initiatives on which together every rule has a flag open."""
    leaver, owner = person("leaver"), person("olga")
    by = Actor.person(lena)
    old = overrun(
        lena,
        people={"business_owner": leaver.username},
        budget={"planned": "1000.00", "spent": "990.00", "data_share": 10, "change_share": 5},
        plan={"pilot_days": 90, "decision_on": today() - timedelta(days=20)},
    )
    deactivate_person("leaver", Actor.person(person("boss", admin=True)), clock.now())
    waiting = create(
        lena, ago(90), stage="pilot", people={"business_owner": owner.username, "deputy": "lena"}
    )
    answer_all(waiting, lena, gates=["data"], at=ago(40))
    submit_gate(waiting.pk, "data", "", by, ago(40))
    poc = create(lena, ago(60), stage="poc")
    behind = create(lena, ago(200), stage="pilot")
    answer_all(behind, lena, gates=["data", "architecture"], at=ago(60))
    pass_gate(behind, "data", lena, ravi, ago(59))
    pass_gate(behind, "architecture", lena, ravi, ago(58), [promise_due(lena, ago(40))])
    next_one = create(lena, ago(200), stage="pilot")
    for day in (120, 60, 5):
        answer_all(next_one, lena, gates=["data", "architecture"], at=ago(day))
    pass_gate(next_one, "data", lena, ravi, ago(59))
    pass_gate(next_one, "architecture", lena, ravi, ago(58))
    root = person("root", admin=True)
    live = create(root, ago(200), stage="live", people={"members": ["lena"]})
    found = [old, waiting, poc, behind, next_one, live, held(lena)]
    found += [scene(Cast(lena, ravi, root, ago(days))) for days, scene in PROMISES]
    recompute_batch([one.pk for one in found], clock.now())
    for one in found:
        one.refresh_from_db()
    return found


def promise_due(owner: User, at: Any) -> Any:
    given = promise(owner)
    return type(given)(given.text, given.owner, at.date())


class TestStates:
    def test_on_hold_it_says_since_when_why_and_until_when(self, lena: User, omar: User) -> None:
        initiative = held(lena)
        page = at(initiative, lena)
        assert "Waiting for the vendor." in page.text
        assert "It was to be looked at again by" in page.text
        assert page.links()["Lift the hold"] == f"/initiatives/{initiative.ref}/hold/"
        assert "Move to another stage" not in page.links()
        assert "Lift the hold" not in at(initiative, omar).links()

    def test_stopped_it_shows_the_lesson_and_offers_nothing(self, lena: User, initiative: Initiative) -> None:
        lesson = LESSON | {"advice": f"Ask first. {SCRIPT}", "root_cause": "governance"}
        move_stage(initiative.pk, "stopped", Actor.person(lena), clock.now(), "", lesson)
        page = at(initiative, lena)
        told = card(page, "The lesson").text
        for words in ("Stopped by decision", "Sorting by layout.", f"Ask first. {SCRIPT}", "Governance late"):
            assert words in told, words
        assert not has_card(page, "What you can do")
        assert not has_card(page, "Next best action")
        assert not has_card(page, "Why it is not ready")

    def test_taken_over_it_says_so(self, lena: User) -> None:
        page = at(create(lena, stage="pilot"), lena)
        assert "It was already under way when it was entered" in page.text

    def test_imported_it_says_of_which_day_it_speaks_until_somebody_edits_it(self, lena: User) -> None:
        initiative = create(lena, stage="pilot")
        Initiative.objects.filter(pk=initiative.pk).update(
            as_of=ago(100).date(), source="inventory", source_key="1", people_known=False
        )
        recompute_batch([initiative.pk], clock.now())
        page = at(initiative, lena)
        assert "the day of its file (inventory)" in page.text
        assert "The imported file names nobody who is here." in card(page, "People").text
        edit_initiative(initiative.pk, {"vendor": "Papyra"}, Actor.person(lena), clock.now())
        assert "the day of its file" not in at(initiative, lena).text

    def test_its_way_shows_each_stage_with_its_days(self, lena: User) -> None:
        initiative = create(lena, ago(40), plan={"intake_days": 5, "poc_days": 30})
        move_stage(initiative.pk, "stopped", Actor.person(lena), ago(10), "", LESSON)
        way = card(at(initiative, lena), "Its way so far")
        stays = [stay.text for stay in way.all("li")]
        assert stays[0].startswith("Intake30 days") and "5 planned" in stays[0]
        assert stays[1].startswith("Stopped")
        assert "Planned days: Intake 5, PoC 30" in way.text

    def test_people_are_shown_by_role_and_who_has_left_is_marked(self, lena: User) -> None:
        owner, member = person("olga", unit="Claims"), person("mara")
        people = {"business_owner": owner.username, "members": [member.username, "lena"]}
        initiative = create(lena, people=people)
        deactivate_person("olga", Actor.person(person("boss", admin=True)), clock.now())
        text = card(at(initiative, lena), "People").text
        assert "OlgaClaims Left" in text
        assert "Executive sponsor Nobody yet" in text
        assert text.rpartition("Members")[2].count("Mara") == 1
        assert "Lena" not in text.rpartition("Members")[2], "she is named as technical lead"

    def test_the_budget_shows_how_much_of_the_plan_is_spent(self, lena: User) -> None:
        initiative = create(lena, budget={"planned": "2000.00", "spent": "500.00", "currency": "CHF"})
        assert (
            "Spent of the plan25 % Planned 2,000 CHF Spent so far 500 CHF"
            in card(at(initiative, lena), "Budget").text
        )
        assert not has_card(at(create(lena), lena), "Budget")

    def test_the_profile_and_the_overlay_stand_beside_the_gates(
        self, lena: User, omar: User, initiative: Initiative
    ) -> None:
        profile = card(at(initiative, lena), "PoC-to-production gap")
        assert "None of its 10 questions is answered yet." in profile.text
        assert profile.links()["Fill it in"].endswith("/profile/environment-gap/")
        assert set(card(at(initiative, omar), "PoC-to-production gap").links()) == {"Look at it"}
        changes = [AnswerChange("ENV-1", "met"), AnswerChange("ENV-2", "not_met")]
        record_answers(initiative.pk, changes, Actor.person(lena), clock.now())
        attach_framework(initiative.pk, "conversational-ai", Actor.person(lena), clock.now())
        page = at(initiative, lena)
        assert "Data quality As in a PoC" in card(page, "PoC-to-production gap").text
        assert "Conversation in the wild" in card(page, "Conversational AI overlay").text
        assert "Add this overlay" not in page.text

    def test_the_score_is_drawn_once_there_is_a_way_to_see(self, lena: User) -> None:
        assert not has_card(at(create(lena, ago(30)), lena), "Readiness over time")
        initiative = create(lena, ago(30))
        answer_all(initiative, lena, at=ago(10), gates=["data"])
        chart = card(at(caught_up(initiative), lena), "Readiness over time")
        assert [row.text for row in chart.one("tbody").all("tr")][-1].endswith("20")

    def test_strings_that_break_careless_pages_are_shown_as_they_are(self, lena: User) -> None:
        nasty = {
            name: f"{name} {SCRIPT} {RTL} {EMOJI}"
            for name in ("name", "business_problem", "business_unit", "technology", "vendor")
        }
        initiative = create(lena, **nasty, tags=[SCRIPT])
        for below in ("", "edit/", "history/", "stage/", "hold/", "stop/", "material-change/"):
            response = pages(lena).get(f"/initiatives/{initiative.ref}/{below}")
            assert response.status_code == 200
            assert SCRIPT not in response.content.decode(), below
            assert nasty["name"] in read(response).text, below
            assert complaints(read(response)) == [], below
        assert nasty["business_problem"] in at(initiative, lena).text


def test_a_page_is_not_kept_by_any_cache(initiative: Initiative, lena: User) -> None:
    response = pages(lena).get(f"/initiatives/{initiative.ref}/")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/initiatives/", "/initiatives/new/", "/portfolio/", "/audit/"])
def test_who_is_not_signed_in_is_asked_to(client: Any, path: str, query_count: Callable[..., int]) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={path}"
