"""Drafts of frameworks: who begins, changes and publishes them, what is refused, and what the trail keeps."""

from dataclasses import replace
from typing import Any

import pytest

from checklists.drafting import HEAD, moved, with_item, with_values
from checklists.loading import stored_framework
from checklists.models import Framework, FrameworkDraft
from checklists.writing import Document
from readiness.accounts.models import User
from readiness.actions import framework_drafts
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from readiness.actions.framework_drafts import (
    begin_framework,
    change_draft,
    change_framework,
    copy_framework,
    discard_draft,
    in_the_way,
    publish_draft,
    wrong_with,
)
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND
from tests.integration.actions.props import act, on

pytestmark = pytest.mark.django_db

SHIPPED = ("conversational-ai", "environment-gap", "five-gate", "poc-checkpoints")


def edited(draft: FrameworkDraft, by: User, key: int, day: int = 1, **values: Any) -> FrameworkDraft:
    def edit(document: Document) -> Document:
        return with_values(document, key, values)

    return change_draft(draft.pk, draft.version, key, edit, act(by), on(day))


def key_of(draft: FrameworkDraft, code: str) -> int:
    parts = [*draft.document["gates"], *(item for gate in draft.document["gates"] for item in gate["items"])]
    return next(part["key"] for part in parts if code in (part.get("code"), part.get("slug")))


def current(slug: str) -> Framework:
    return Framework.objects.current().with_content().get(slug=slug)


@pytest.mark.parametrize("slug", SHIPPED)
def test_published_unchanged_it_says_the_same_but_for_its_version(ada: User, slug: str) -> None:
    before = stored_framework(current(slug))
    draft, is_new = change_framework(slug, act(ada), on(0))
    assert is_new and draft.document["version"] == "1.1"
    loaded = publish_draft(draft.pk, draft.version, act(ada), on(1))
    after = stored_framework(Framework.objects.with_content().get(pk=loaded.framework.pk))
    assert replace(after, version=before.version).checksum == before.checksum
    assert after.version == "1.1" and current(slug).version == "1.1"
    assert not FrameworkDraft.objects.exists()


def test_from_the_first_press_to_the_last_each_step_leaves_one_event(ada: User) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    draft = edited(draft, ada, key_of(draft, "DATA-1"), title="Another title")
    assert edited(draft, ada, key_of(draft, "DATA-1"), 2, title="Another title").version == draft.version
    draft = change_draft(
        draft.pk,
        draft.version,
        key_of(draft, "data"),
        lambda document: with_item(document, key_of(draft, "data"))[0],
        act(ada),
        on(3),
    )
    assert (draft.version, draft.changed_by, draft.changed_at, draft.created_at) == (3, ada, on(3), on(0))
    discard_draft(draft.pk, draft.version, act(ada), on(4))
    discard_draft(draft.pk, draft.version, act(ada), on(4))  # it is gone, as was wanted
    told = {"slug": "five-gate", "version": "1.1"}
    assert [(event.verb, event.data) for event in Event.objects.order_by("seq")] == [
        ("draft.created", told | {"based_on": "five-gate 1.0"}),
        ("draft.changed", told | {"part": "DATA-1"}),
        ("draft.changed", told | {"part": "data"}),
        ("draft.deleted", told),
    ]
    assert not FrameworkDraft.objects.exists()
    assert current("five-gate").version == "1.0"


def test_a_published_draft_is_a_version_and_one_event_more(ada: User) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    draft = edited(draft, ada, key_of(draft, "DATA-1"), statement="It is otherwise.")
    publish_draft(draft.pk, draft.version, act(ada), on(2))
    newest = current("five-gate")
    assert newest.published_at == on(2)
    assert newest.gates.first().items.first().statement == "It is otherwise."
    event = Event.objects.order_by("seq").last()
    assert (event.verb, event.data["version"]) == ("framework.published", "1.1")


def test_a_copy_has_another_slug_and_name_and_the_same_codes(ada: User) -> None:
    draft = copy_framework("five-gate", " our-gates ", " Our gates ", act(ada), on(0))
    assert {key: draft.document[key] for key in ("slug", "version", "name")} == {
        "slug": "our-gates", "version": "1.0", "name": "Our gates",
    }  # fmt: skip
    publish_draft(draft.pk, 1, act(ada), on(1))
    codes = [item.code for item in stored_framework(current("our-gates")).items]
    assert codes == [item.code for item in stored_framework(current("five-gate")).items]
    assert current("five-gate").version == "1.0"


def test_an_empty_one_is_there_to_be_written(ada: User) -> None:
    draft = begin_framework("our-own", "Our own", "overlay", act(ada), on(0))
    parsed, wrong = wrong_with(draft.document)
    assert parsed is None
    assert {each.field for each in wrong} >= {"purpose", "code", "statement", "root_cause"}
    with pytest.raises(Invalid):
        publish_draft(draft.pk, 1, act(ada), on(1))
    assert FrameworkDraft.objects.get().version == 1


@pytest.mark.parametrize(
    ("slug", "name", "kind", "wrong"),
    [
        ("five-gate", "Ours", "gates", [("slug", "taken")]),
        ("", " ", "gates", [("slug", "required"), ("name", "required")]),
        ("x" * 61, "x" * 121, "game", [("slug", "too_long"), ("name", "too_long"), ("kind", "unknown_word")]),
        ("a\x00b", "Ours", "gates", [("slug", "null_characters")]),
    ],
)
def test_what_cannot_begin_is_refused_at_its_fields(
    ada: User, slug: str, name: str, kind: str, wrong: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        begin_framework(slug, name, kind, act(ada), on(0))
    assert [(error.field, error.code) for error in refused.value.errors] == wrong
    if kind == "gates":
        with pytest.raises(Invalid):
            copy_framework("five-gate", slug, name, act(ada), on(0))
    assert not FrameworkDraft.objects.exists()


def test_a_further_change_of_the_same_framework_goes_on_with_its_draft(ada: User) -> None:
    first, _new = change_framework("five-gate", act(ada), on(0))
    assert change_framework("five-gate", act(ada), on(1)) == (first, False)
    copy_framework("environment-gap", "our-gap", "Our gap", act(ada), on(1))
    assert change_framework("environment-gap", act(ada), on(1))[1] is True
    edited(first, ada, HEAD, slug="our-gates")  # it became another framework
    assert change_framework("five-gate", act(ada), on(2))[1] is True


def test_nobody_else_begins_changes_publishes_or_throws_away(
    lena: User, ravi: User, elsa: User, iris: User, ada: User
) -> None:
    draft, _new = change_framework("five-gate", COMMAND, on(0))
    assert draft.created_by is None
    for other in (lena, ravi, elsa, iris):
        by = act(other)
        for deed in (
            lambda by=by: change_framework("five-gate", by, on(1)),
            lambda by=by: copy_framework("five-gate", "our-gates", "Ours", by, on(1)),
            lambda by=by: begin_framework("our-gates", "Ours", "gates", by, on(1)),
            lambda by=by: change_draft(draft.pk, 1, HEAD, lambda document: {}, by, on(1)),
            lambda by=by: publish_draft(draft.pk, 1, by, on(1)),
            lambda by=by: discard_draft(draft.pk, 1, by, on(1)),
        ):
            with pytest.raises(NotAllowed):
                deed()
    assert FrameworkDraft.objects.get().version == 1


def test_of_two_admins_the_second_is_told_and_changes_nothing(ada: User) -> None:
    opened, _new = change_framework("five-gate", act(ada), on(0))
    key = key_of(opened, "DATA-1")
    edited(opened, ada, key, title="First")
    with pytest.raises(Stale) as refused:
        edited(opened, ada, key, title="Second")
    assert refused.value.current.version == 2
    with pytest.raises(Stale):
        publish_draft(opened.pk, 1, act(ada), on(2))
    with pytest.raises(Stale):
        discard_draft(opened.pk, 1, act(ada), on(2))
    stands = FrameworkDraft.objects.get()
    assert next(item["title"] for item in stands.document["gates"][0]["items"]) == "First"
    assert current("five-gate").version == "1.0"


def test_what_is_gone_is_not_found(ada: User) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    with pytest.raises(NotFound):
        edited(draft, ada, 999, title="Nobody")
    with pytest.raises(NotFound):
        change_draft(draft.pk, 1, 5, lambda document: moved(document, 999, 1), act(ada), on(1))
    discard_draft(draft.pk, None, act(ada), on(1))
    with pytest.raises(NotFound):
        edited(draft, ada, HEAD, name="Late")
    with pytest.raises(NotFound):
        publish_draft(draft.pk, 1, act(ada), on(1))
    for slug in ("nothing", "a\x00b"):
        with pytest.raises(NotFound):
            change_framework(slug, act(ada), on(1))


def test_a_version_that_stands_is_not_published_again_and_the_draft_stays(ada: User) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    draft = edited(draft, ada, HEAD, version="1.0")
    parsed, wrong = wrong_with(draft.document)
    assert parsed is not None and wrong == ()
    for title in (None, "Another title"):
        if title:
            draft = edited(draft, ada, key_of(draft, "DATA-1"), title=title)
        parsed, _wrong = wrong_with(draft.document)
        assert "1.0" in in_the_way(parsed)
        with pytest.raises(Conflict) as refused:
            publish_draft(draft.pk, draft.version, act(ada), on(2))
        assert refused.value.code == "framework_stands"
    assert FrameworkDraft.objects.filter(pk=draft.pk).exists()
    assert not Event.objects.filter(verb="framework.published").exists()


def test_a_lost_guard_is_told_before_and_refused_and_the_draft_stays(ada: User) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    assert in_the_way(wrong_with(draft.document)[0]) == ""
    draft = edited(draft, ada, HEAD, guards=None)
    assert "does not guard" in in_the_way(wrong_with(draft.document)[0])
    with pytest.raises(Conflict) as refused:
        publish_draft(draft.pk, draft.version, act(ada), on(2))
    assert refused.value.code == "guard_lost"
    assert FrameworkDraft.objects.get().version == draft.version


def test_what_could_not_stand_beside_the_start_is_told_before_and_refused(ada: User) -> None:
    draft, _new = change_framework("environment-gap", act(ada), on(0))
    parsed, _wrong = wrong_with(draft.document)
    assert parsed is not None and in_the_way(parsed) == ""
    item = draft.document["gates"][0]["items"][0]
    draft = edited(draft, ada, item["key"], code="DATA-1")
    parsed, _wrong = wrong_with(draft.document)
    assert parsed is not None
    with pytest.raises(Conflict) as refused:
        publish_draft(draft.pk, draft.version, act(ada), on(2))
    assert refused.value.code == "not_beside_the_start"
    assert in_the_way(parsed) == refused.value.message and "DATA-1" in refused.value.message


@pytest.mark.parametrize(("field", "word"), [("root_cause", "no_such_cause"), ("fact", "no.such_fact")])
def test_a_cause_or_fact_that_nobody_knows_is_told_at_its_item(ada: User, field: str, word: str) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    key = key_of(draft, "ARCH-2")
    draft = edited(draft, ada, key, **{field: word})
    _parsed, wrong = wrong_with(draft.document)
    assert [(each.part, each.field) for each in wrong] == [(key, field)]
    assert word in wrong[0].reason
    with pytest.raises(Invalid):
        publish_draft(draft.pk, draft.version, act(ada), on(2))


def test_a_draft_larger_than_a_file_may_be_is_refused(ada: User) -> None:
    draft, _new = change_framework("five-gate", act(ada), on(0))
    with pytest.raises(Invalid) as refused:
        edited(draft, ada, key_of(draft, "DATA-1"), statement="word " * 100_001)
    assert [(error.field, error.code) for error in refused.value.errors] == [("document", "too_long")]
    assert FrameworkDraft.objects.get().version == 1


def test_there_is_an_end_to_drafts(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework_drafts, "DRAFTS_MAX", 2)
    change_framework("five-gate", act(ada), on(0))
    begin_framework("our-own", "Our own", "gates", act(ada), on(0))
    with pytest.raises(Conflict) as refused:
        begin_framework("our-other", "Our other", "gates", act(ada), on(0))
    assert refused.value.code == "too_many_drafts"
    assert FrameworkDraft.objects.count() == 2
