"""An initiative is moved to a later version of a framework: what carries over, is looked at again, or refused."""

from dataclasses import replace

import pytest

from checklists.drafting import with_values
from checklists.frameworks import parse_framework
from checklists.loading import GuardLost, load_framework, stored_framework
from checklists.models import Answer, Framework
from gates.models import Assignment, Decision
from readiness.accounts.models import Scope
from readiness.actions.assignments import assign
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.framework_drafts import change_draft, change_framework, publish_draft
from readiness.actions.frameworks import attach_framework
from readiness.actions.material_changes import declare_material_change
from readiness.actions.versions import move_version, prospect
from readiness.audit.models import Event
from readiness.standing.bars import bars_at
from tests.fixtures import api, create, make_ready, pages
from tests.integration.actions.props import act, decide, errors, gate, on, refused, say, statuses, submit
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db

HEAD = """
slug: house
version: '{version}'
name: House rules
kind: gates
order: any
evidence: optional
gates:
"""
GATE = """
- slug: {slug}
  name: {slug}
  purpose: Why it is there
  min_share_met: 1/2
  items:"""
ITEM = """
  - {{code: {code}, title: Of {code}, critical: false, statement: '{statement}', met: M, partial: P, not_met: N,
     root_cause: ownership, help: '{help}'}}"""


def item(code, statement="S", help_text="Help."):
    return ITEM.format(code=code, statement=statement, help=help_text)


def house(version, **gates):
    text = HEAD.format(version=version)
    text += "".join(GATE.format(slug=slug) + "".join(items) for slug, items in gates.items())
    return load_framework(parse_framework(text.encode(), "house.yaml"), on(-1)).framework


@pytest.fixture
def initiative(lena, ravi):
    """Three gates of the house, all passed in version 1.0."""
    house("1.0", roof=[item("R-1"), item("R-2")], wall=[item("W-1"), item("W-2")], door=[item("D-1")])
    one = create(lena, on(0))
    attach_framework(one.pk, "house", act(lena), on(0))
    for code in ("R-1", "R-2", "W-1", "W-2", "D-1"):
        say(one, lena, code, "met", 0, proof=True, note=f"About {code}.")
    for slug in ("roof", "wall", "door"):
        submit(one, slug, lena, 0)
        decide(one, slug, ravi, day=1)
    return one


def next_version():
    """The roof says the same with better help; the wall reads differently; the door is gone, a floor is new."""
    return house(
        "1.1",
        roof=[item("R-1", help_text="Better help."), item("R-2")],
        wall=[item("W-1", "Another statement"), item("W-3")],
        floor=[item("F-1")],
    )


def move(initiative, by, to="", day=2, version=None):
    return move_version(initiative.pk, "house", act(by), on(day), to, version)


def answers(initiative):
    rows = Answer.objects.filter(
        assessment__passage__initiative=initiative, item__gate__framework__slug="house"
    )
    return {row.item.code: (row.declared, row.note, row.item.gate.framework.version) for row in rows}


def test_it_is_shown_before_it_is_done(initiative):
    next_version()
    found = prospect(initiative, "house")
    codes = {
        name: [one.code for one in getattr(found.compared, name)]
        for name in ("kept", "reworded", "new", "gone")
    }
    assert codes == {
        "kept": ["R-1", "R-2"],
        "reworded": ["W-1"],
        "new": ["W-3", "F-1"],
        "gone": ["W-2", "D-1"],
    }
    assert (found.lapsing, found.waiting, found.after.version) == (("wall",), (), "1.1")


def test_answers_go_on_under_the_same_code_and_none_is_deleted(initiative, lena):
    next_version()
    move(initiative, lena)
    found = answers(initiative)
    assert found["R-1"] == ("met", "About R-1.", "1.1")
    assert found["W-1"] == ("met", "About W-1.", "1.1")
    assert found["W-2"] == ("met", "About W-2.", "1.0")
    assert found["D-1"] == ("met", "About D-1.", "1.0")
    passage = initiative.passages.get(framework_slug="house")
    assert passage.assessment.framework.version == "1.1"
    assert (
        passage.assessment.evidence.filter(item__code="R-1", item__gate__framework__version="1.1").count()
        == 1
    )
    assert passage.assessment.evidence.count() == 5


def test_a_pass_is_kept_where_its_gate_asks_for_the_same_and_lapses_where_not(initiative, lena, ravi):
    next_version()
    outcome = move(initiative, lena)
    assert {one.gate: one.status for one in outcome.gates if one.framework == "house"} == {
        "roof": "passed",
        "wall": "lapsed",
        "floor": "open",
    }
    assert statuses(initiative, framework="house") == ["passed", "lapsed", "open"]
    lapsed = Decision.objects.get(gate__slug="wall").lapse
    assert lapsed.reason == "It asks for something else in version 1.1 of House rules."
    assert Decision.objects.filter(gate__slug="door").exists()
    # Only a new decision ends it, and that is what ends it.
    say(initiative, lena, "W-3", "met", 3)
    assert gate(initiative, "wall").status == "lapsed"
    submit(initiative, "wall", lena, 3)
    decide(initiative, "wall", ravi, day=3)
    assert gate(initiative, "wall").status == "passed"


def test_a_pass_as_a_checkpoint_is_none_as_a_gate(lena, ravi):
    """A gate asks of every item what a checkpoint leaves open, although neither has another word."""
    first = HEAD.format(version="1.0").replace("kind: gates", "kind: checkpoints")
    roof = GATE.format(slug="roof") + item("R-1") + item("R-2")
    load_framework(parse_framework((first + roof).encode(), "house.yaml"), on(-1))
    one = create(lena, on(0))
    attach_framework(one.pk, "house", act(lena), on(0))
    say(one, lena, "R-1", "met", 0)
    submit(one, "roof", lena, 0)
    decide(one, "roof", ravi, day=1)
    assert statuses(one, framework="house") == ["passed"]
    house("1.1", roof=[item("R-1"), item("R-2")])
    assert prospect(one, "house").lapsing == ("roof",)
    move(one, lena)
    say(one, lena, "R-2", "met", 3)
    assert statuses(one, framework="house") == ["lapsed"]  # by an act: only a new decision ends it


def test_a_reworded_item_alone_makes_its_gate_lapse(initiative, lena):
    """The criteria hold as before: nothing else would notice."""
    house(
        "1.1", roof=[item("R-1", "Another"), item("R-2")], wall=[item("W-1"), item("W-2")], door=[item("D-1")]
    )
    move(initiative, lena)
    assert statuses(initiative, framework="house") == ["lapsed", "passed", "passed"]


def test_the_trail_says_what_became_of_everything(initiative, lena):
    next_version()
    move(initiative, lena)
    data = Event.objects.filter(verb="framework.moved").get().data
    del data["standing"]
    assert data == {
        "framework": "house",
        "from": "1.0",
        "to": "1.1",
        "kept": 2,
        "reworded": ["W-1"],
        "new": ["W-3", "F-1"],
        "gone": ["W-2", "D-1"],
        "lapsed": ["wall"],
        "waivers_ended": [],
    }


def test_while_a_review_waits_the_version_stays(initiative, lena):
    next_version()
    submit(initiative, "roof", lena, 2)
    with refused(Conflict, "review_waits"):
        move(initiative, lena)


def test_only_forward_and_only_to_what_is_published(initiative, lena):
    with refused(Invalid) as caught:
        move(initiative, lena)
    assert errors(caught) == [("version", "unknown_version")]
    next_version()
    move(initiative, lena, "1.1")
    for version in ("1.0", "1.1", "7.0", "\x00", ""):
        with refused(Invalid) as caught:
            move(initiative, lena, version)
        assert errors(caught) == [("version", "unknown_version")]
    with refused(NotFound):
        move_version(initiative.pk, "conversational-ai", act(lena), on(2))


def test_on_what_was_seen_and_by_the_team_only(initiative, lena, ravi, elsa, ada):
    next_version()
    initiative.refresh_from_db()
    with refused(Stale):
        move(initiative, lena, version=initiative.version - 1)
    for by in (ravi, elsa, ada):
        with refused(NotAllowed, "not_allowed"):
            move(initiative, by)
    move(initiative, lena, version=initiative.version)


def test_a_code_that_another_framework_has_meanwhile_is_refused(initiative, lena):
    house("1.1", roof=[item("DATA-1")])
    with refused(Conflict, "codes_collide"):
        move(initiative, lena)


def test_who_wrote_before_the_move_is_still_kept_from_deciding(initiative, lena, ravi, omar):
    """Also where the item stands in another gate now."""
    say(initiative, lena, "W-2", "partial", 2)
    new = house(
        "1.1", roof=[item("R-1"), item("R-2")], wall=[item("W-1")], attic=[item("W-2")], door=[item("D-1")]
    )
    passage = initiative.passages.get(framework_slug="house")
    move(initiative, lena, day=3)
    for slug in ("wall", "attic"):
        key = (passage.pk, new.gates.get(slug=slug).pk)
        assert "wrote_in_it" in {bar.value for bar in bars_at(lena, [key])[key]}
    # What came before the last decision keeps nobody away, as ever.
    key = (passage.pk, new.gates.get(slug="roof").pk)
    assert "wrote_in_it" not in {bar.value for bar in bars_at(lena, [key])[key]}


def test_what_was_asked_of_a_gone_item_is_asked_no_more(initiative, lena):
    assign(initiative.pk, "R-1", "lena", on(20).date(), act(lena), on(1))
    assign(initiative.pk, "D-1", "lena", on(20).date(), act(lena), on(1))
    next_version()
    move(initiative, lena)
    found = {one.item.code: one.outcome for one in Assignment.objects.order_by("pk")}
    assert found == {"R-1": "", "D-1": "withdrawn"}
    assert Event.objects.filter(verb="assignment.ended").count() == 1


def test_what_guards_a_step_as_a_whole_goes_on_doing_so(lena):
    """A version that names one of its gates instead would leave the rest of it unasked."""
    head = HEAD.format(version="1.0").replace("gates:\n", "guards: [{from: pilot, to: rollout}]\ngates:\n")
    whole = head + GATE.format(slug="roof") + item("R-1")
    load_framework(parse_framework(whole.encode(), "house.yaml"), on(-1))
    part = whole.replace("1.0", "1.1").replace("rollout}", "rollout, gate: roof}")
    with pytest.raises(GuardLost):
        load_framework(parse_framework(part.encode(), "house.yaml"), on(-1))


def test_comparisons_say_that_versions_are_mixed(lena, elsa):
    """The board of gates of what is shown, and two days side by side."""
    one, other = create(lena, on(0), stage="pilot"), create(lena, on(0), stage="pilot")
    gates, compare = "/portfolio/gates/", f"/portfolio/compare/?on={on(0).date()}&against={on(9).date()}"
    mixed = "different versions"
    for page in (gates, compare):
        assert mixed not in pages(elsa).get(page).content.decode()
    own = Framework.objects.with_content().get(slug="five-gate")
    load_framework(replace(stored_framework(own), version="1.1"), on(1))
    move_version(one.pk, "five-gate", act(lena), on(2))
    board = " ".join(pages(elsa).get(gates).content.decode().split())
    assert "They are on different versions of it, which do not all ask the same: 1.0 (1), 1.1 (1)." in board
    assert mixed in pages(elsa).get(compare).content.decode()
    move_version(other.pk, "five-gate", act(lena), on(2))
    assert mixed not in pages(elsa).get(gates).content.decode()
    assert mixed in pages(elsa).get(compare).content.decode()  # one of the days was before the move


def test_pages_and_rest_after_a_move(initiative, lena, ravi):
    next_version()
    move(initiative, lena)
    say(initiative, lena, "W-3", "met", 3)
    submit(initiative, "wall", lena, 3)
    at = f"/initiatives/{initiative.ref}/"
    for path in (
        "",
        "history/",
        "gates/roof/",
        "gates/wall/",
        "checklist/wall/",
        "checklist/floor/",
        "why/",
        "people/",
    ):
        assert pages(lena).get(at + path).status_code == 200, path
    for path in ("gates/wall/", "gates/wall/decide/", "gates/roof/"):
        assert pages(ravi).get(at + path).status_code in (200, 302), path
    assert pages(ravi).get("/reviews/").status_code == 200
    assert pages(lena).get("/").status_code in (200, 302)
    history = pages(lena).get(f"{at}history/").content.decode()
    assert "Moved to version 1.1 of house" in history
    client = api(lena, Scope.READ)
    for path in ("", "readiness/", "checklist/?framework=house", "gates/", "waivers/"):
        assert client.get(f"initiatives/{initiative.ref}/{path}").status_code == 200, path


def test_the_page_shows_it_and_does_what_was_shown(initiative, lena, ravi):
    at = f"/initiatives/{initiative.ref}/frameworks/house/move/"
    assert "has a newer version" not in pages(lena).get(f"/initiatives/{initiative.ref}/").content.decode()
    assert "There is no later version of House rules." in pages(lena).get(at).content.decode()
    next_version()
    assert at in pages(lena).get(f"/initiatives/{initiative.ref}/").content.decode()
    assert at not in pages(ravi).get(f"/initiatives/{initiative.ref}/").content.decode()
    shown = pages(lena).get(at).content.decode()
    for words in (
        "from 1.0 to 1.1",
        "Passed, and asking for something else from then on: wall.",
        "Passed, and no longer part of it: door.",
        "W-3",
        "D-1",
    ):
        assert words in shown
    initiative.refresh_from_db()
    sent = {"to": "1.1", "version": initiative.version}
    assert pages(lena).post(at, sent | {"version": initiative.version - 1}).status_code == 409
    assert pages(lena).post(at, sent | {"to": "7.0"}).status_code == 409
    assert pages(lena).post(at, sent).status_code == 302
    assert statuses(initiative, framework="house") == ["passed", "lapsed", "open"]


def test_over_rest_it_is_shown_and_done(initiative, lena):
    at = f"initiatives/{initiative.ref}/frameworks/house/move/"
    client = api(lena, Scope.READ, Scope.WRITE)
    assert client.get(at).status_code == 404
    assert client.post(at, {}).json()["errors"][0]["code"] == "unknown_version"
    next_version()
    shown = client.get(at).json()
    assert shown == {
        "framework": "house",
        "from": "1.0",
        "to": "1.1",
        "kept": ["R-1", "R-2"],
        "reworded": ["W-1"],
        "new": ["W-3", "F-1"],
        "gone": ["W-2", "D-1"],
        "lapsing": ["wall"],
        "waivers_ending": [],
        "waiting": [],
    }
    etag = client.get(f"initiatives/{initiative.ref}/")["ETag"]
    assert client.post(at, {"version": "1.1"}, If_Match='"0"').status_code == 412
    moved = client.post(at, {"version": "1.1"}, If_Match=etag)
    assert moved.status_code == 200
    assert {"slug": "house", "version": "1.1"} in moved.json()["frameworks"]
    assert client.get("initiatives/AI-0001/frameworks/no-such/move/").status_code == 404


def test_a_gone_item_says_nothing_of_another_frameworks_item_with_its_code(initiative, lena):
    """The code is free after the move; what was answered under it before is another answer, of another version."""
    next_version()
    move(initiative, lena)
    shed = (
        HEAD.format(version="1.0").replace("slug: house", "slug: shed")
        + GATE.format(slug="door")
        + item("D-1")
    )
    load_framework(parse_framework(shed.encode(), "shed.yaml"), on(2))
    attach_framework(initiative.pk, "shed", act(lena), on(3))
    for answer in ("partial", "not_met", "met"):
        say(initiative, lena, "D-1", answer, 3)
    client = api(lena, Scope.READ, Scope.WRITE)
    at = f"initiatives/{initiative.ref}/checklist/D-1/"
    etag = client.get(at)["ETag"]
    assert client.put(at, {"note": "Read again."}, If_Match=etag).status_code == 200
    page = f"/initiatives/{initiative.ref}/answers/D-1/check/"
    version = read(pages(lena).get(page)).all("input", name="version")[0].attrs["value"]
    answer = Answer.objects.get(item__code="D-1", item__gate__framework__slug="shed")
    assert int(version) == answer.version
    # Nor does the passed gate that is gone answer for the gate that has its slug now.
    declare_material_change(initiative.pk, "vendor", "Another one.", ["door"], act(lena), on(4))
    assert Event.objects.get(verb="material_change.declared").data["lapsed"] == []
    assert not Decision.objects.filter(gate__slug="door", lapse__isnull=False).exists()


def test_it_is_said_that_a_move_takes_readiness_away(initiative, lena, ravi, ada):
    draft, _new = change_framework("five-gate", act(ada), on(1))
    key = draft.document["gates"][0]["items"][0]["key"]
    reworded = with_values(draft.document, key, {"statement": "Otherwise."})
    draft = change_draft(draft.pk, 1, key, lambda _document: reworded, act(ada), on(1))
    publish_draft(draft.pk, draft.version, act(ada), on(1))
    at, told = f"/initiatives/{initiative.ref}/frameworks/five-gate/move/", "the deploy check refuses"
    assert told not in pages(lena).get(at).content.decode()  # it is not ready anyway
    make_ready(initiative, lena, ravi)
    assert told in pages(lena).get(at).content.decode()
    next_version()  # of what readiness is not computed on
    page = pages(lena).get(at.replace("five-gate", "house")).content.decode()
    assert "To be decided anew" in page and told not in page
