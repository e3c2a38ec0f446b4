"""Whom the words of a field mean: by username, label or name, and asked back where that is not clear."""

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.gates import submit_gate
from readiness.actions.team import people_of
from readiness.audit.recording import Actor
from tests.fixtures import answer_all, create, pages
from tests.integration.workbench.choosing.scenes import called, edited, picks, refused, said_at
from tests.integration.workbench.markup import read
from tests.integration.workbench.reviews.scenes import a_condition, decide

pytestmark = pytest.mark.django_db

OWNER = "people_business_owner"
MEMBERS = "people_members"
ADD = "people_members-add"


@pytest.fixture
def house(db: None) -> dict[str, User]:
    names = {"anna": "Anna Alt", "anna2": "Anna Alt", "annabel": "Annabel Kern", "bert": "Bert, Baron Ost"}
    return {username: called(username, name) for username, name in names.items()}


@pytest.fixture
def initiative(lena: User, house: dict[str, User]) -> Initiative:
    return create(lena)


class TestOnePerson:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("anna", "anna"),
            ("ANNA2", "anna2"),
            ("@annabel", "annabel"),
            ("Anna Alt (anna2)", "anna2"),
            ("  annabel kern ", "annabel"),
            ("kern", "annabel"),
            ("bert, baron", "bert"),
            ("", None),
        ],
    )
    def test_is_meant_by_username_label_whole_name_or_the_beginnings_of_its_words(
        self, lena: User, initiative: Initiative, typed: str, meant: str | None
    ) -> None:
        assert edited(lena, initiative, **{OWNER: typed}).status_code == 302
        assert people_of(initiative)["business_owner"] == meant

    def test_who_stands_there_is_shown_by_name_and_kept(self, lena: User, initiative: Initiative) -> None:
        edited(lena, initiative, **{OWNER: "anna2"})
        page = read(pages(lena).get(f"/initiatives/{initiative.ref}/edit/"))
        assert page.by_id(f"id_{OWNER}").attrs["value"] == "Anna Alt (anna2)"
        boxes = [one.attrs["value"] for one in page.all("input", name=MEMBERS)]
        assert boxes == people_of(initiative)["members"]
        assert edited(lena, initiative, vendor="Papyra").status_code == 302
        assert people_of(initiative)["business_owner"] == "anna2"

    def test_several_are_asked_back_for_and_one_is_picked(self, lena: User, initiative: Initiative) -> None:
        page = refused(edited(lena, initiative, **{OWNER: "Ann"}))
        assert said_at(page, OWNER) == "“Ann” may mean several people. Choose below who is meant."
        assert page.by_id(f"id_{OWNER}").attrs["value"] == "Ann"
        assert page.by_id(f"id_{OWNER}").attrs["aria-invalid"] == "true"
        offered = ["Anna Alt (anna)", "Anna Alt (anna2)", "Annabel Kern (annabel)"]
        assert picks(page, OWNER) == dict.fromkeys(offered, False)
        assert people_of(initiative)["business_owner"] is None
        picked = {OWNER: "Ann", f"{OWNER}-pick": offered[1]}
        assert edited(lena, initiative, **picked).status_code == 302
        assert people_of(initiative)["business_owner"] == "anna2"

    def test_namesakes_are_asked_back_for_though_others_begin_alike(
        self, lena: User, initiative: Initiative
    ) -> None:
        page = refused(edited(lena, initiative, **{OWNER: "anna alt"}))
        assert list(picks(page, OWNER)) == ["Anna Alt (anna)", "Anna Alt (anna2)"]

    def test_a_pick_counts_only_for_the_words_that_it_answers(
        self, lena: User, initiative: Initiative
    ) -> None:
        sent = {OWNER: "Bert", f"{OWNER}-pick": "Anna Alt (anna2)"}
        assert edited(lena, initiative, **sent).status_code == 302
        assert people_of(initiative)["business_owner"] == "bert"

    def test_a_pick_stays_where_something_else_is_refused(self, lena: User, initiative: Initiative) -> None:
        sent = {OWNER: "Ann", f"{OWNER}-pick": "Anna Alt (anna2)", "name": ""}
        page = refused(edited(lena, initiative, **sent))
        assert page.by_id(f"id_{OWNER}").attrs["value"] == "Anna Alt (anna2)"

    def test_more_than_twenty_are_not_listed(self, lena: User, initiative: Initiative) -> None:
        for number in range(21):
            called(f"cleo{number}", f"Cleo {number}")
        page = refused(edited(lena, initiative, **{OWNER: "cleo"}))
        assert len(picks(page, OWNER)) == 20
        assert "may mean many people" in said_at(page, OWNER)

    @pytest.mark.parametrize("typed", ["nobody", "nn", "Anna Alt (nobody)", "%", "a" * 3000, "<b>"])
    def test_nobody_is_said(self, lena: User, initiative: Initiative, typed: str) -> None:
        page = refused(edited(lena, initiative, **{OWNER: typed}))
        assert said_at(page, OWNER).startswith("Nobody who can be chosen here is called “")
        assert page.by_id(f"id_{OWNER}").attrs["value"] == typed
        assert picks(page, OWNER) == {}

    def test_who_left_stays_where_they_are_and_comes_nowhere_else(
        self, lena: User, initiative: Initiative
    ) -> None:
        edited(lena, initiative, **{OWNER: "bert"})
        User.objects.filter(username="bert").update(is_active=False)
        assert edited(lena, initiative, vendor="Papyra").status_code == 302
        assert people_of(initiative)["business_owner"] == "bert"
        other = create(lena, name="Another")
        assert said_at(refused(edited(lena, other, **{OWNER: "bert"})), OWNER).startswith("Nobody")


class TestSeveral:
    @pytest.mark.parametrize(
        ("sent", "meant"),
        [
            ({ADD: "kern"}, ["annabel", "lena"]),
            ({ADD: "annabel; anna, Bert"}, ["anna", "annabel", "bert", "lena"]),
            ({ADD: "Bert, Baron Ost"}, ["bert", "lena"]),
            ({MEMBERS: ["anna"]}, ["anna"]),
            ({MEMBERS: None}, []),
            ({MEMBERS: None, ADD: "bert"}, ["bert"]),
        ],
    )
    def test_are_unticked_and_added(
        self, lena: User, initiative: Initiative, sent: dict[str, str | list[str] | None], meant: list[str]
    ) -> None:
        edited(lena, initiative, **{MEMBERS: ["lena"]})
        assert edited(lena, initiative, **sent).status_code == 302
        assert people_of(initiative)["members"] == meant

    def test_who_is_not_clear_is_asked_back_for_and_nothing_is_lost(
        self, lena: User, initiative: Initiative
    ) -> None:
        edited(lena, initiative, **{MEMBERS: ["lena"]})
        sent = {MEMBERS: ["bert"], ADD: "kern, anna alt, nobody"}
        page = refused(edited(lena, initiative, **sent))
        told = said_at(page, MEMBERS)
        assert "“anna alt” may mean several people." in told and "called “nobody”" in told
        assert page.by_id(f"id_{ADD}").attrs["value"] == sent[ADD]
        ticked = {one.attrs["value"]: "checked" in one.attrs for one in page.all("input", name=MEMBERS)[:2]}
        assert ticked == {"bert": True, "lena": False}
        assert list(picks(page, ADD)) == ["Anna Alt (anna)", "Anna Alt (anna2)"]
        again = sent | {ADD: "kern, anna alt", f"{ADD}-pick": ["Anna Alt (anna)", "Anna Alt (anna2)"]}
        assert edited(lena, initiative, **again).status_code == 302
        assert people_of(initiative)["members"] == ["anna", "anna2", "annabel", "bert"]

    def test_who_cannot_be_chosen_is_refused(self, lena: User, initiative: Initiative) -> None:
        User.objects.filter(username="bert").update(is_active=False)
        page = refused(edited(lena, initiative, **{MEMBERS: ["bert", "\x00", "ghost"]}))
        assert said_at(page, MEMBERS).count("Nobody who can be chosen here is called") == 3


def test_another_row_of_a_decision_keeps_who_was_picked_and_who_was_typed(
    lena: User, ravi: User, initiative: Initiative, house: dict[str, User]
) -> None:
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "", Actor.person(lena), clock.now())
    for one in house.values():
        User.objects.filter(pk=one.pk).update(is_lead=True)
    rows = a_condition(0, "Ann", **{"owner-pick": "Anna Alt (anna2)"}) | a_condition(1, "bert")
    response = decide(pages(ravi), initiative, decision="pass_with_conditions", another="", **rows)
    page = read(response)
    values = [page.by_id(f"id_condition-{number}-owner").attrs.get("value", "") for number in range(4)]
    assert values == ["Anna Alt (anna2)", "bert", "", ""]
