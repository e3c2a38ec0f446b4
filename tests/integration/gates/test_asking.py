"""Questions whose SQL is built once: the same rows as from the queryset, for any keys."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from gates.asking import KEPT, Prepared
from gates.definitions import passages_of
from gates.models import Decision, Initiative, Passage, TeamRole
from readiness.accounts.models import User
from readiness.actions.frameworks import attach_framework
from readiness.actions.material_changes import declare_material_change
from readiness.audit.recording import Actor
from readiness.clock import now
from tests.fixtures import answer_all, create, pass_gate

pytestmark = pytest.mark.django_db


def passages(keys: Sequence[int]) -> QuerySet[Passage]:
    rows = Passage.objects.filter(initiative__in=keys).order_by()
    return rows.annotate(slug=F("assessment__framework__slug"), seven=Value(7))


def told(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    return sorted((row.pk, row.initiative_id, row.assessment_id, row.slug, row.seven) for row in rows)


@pytest.fixture
def three(lena: User) -> list[int]:
    return [create(lena, name=name).pk for name in ("Claims triage", "Spare parts", "Night rota")]


@pytest.mark.parametrize("places", [(), (0,), (2,), (0, 1), (2, 0, 1), (1, 1)])
def test_the_rows_are_those_of_the_queryset(three: list[int], places: tuple[int, ...]) -> None:
    keys = [three[place] for place in places]
    question = Prepared(passages)
    for _again in range(2):
        assert told(question(*keys)) == told(list(passages(keys)))
    assert len(question(*keys)) >= len(set(keys))


def test_what_no_key_narrows_is_asked_for_as_a_whole(three: list[int]) -> None:
    question = Prepared(lambda keys: Initiative.objects.order_by("-pk"))
    for _again in range(2):
        assert [row.pk for row in question.all()] == three[::-1]
    assert question() == []


def test_each_time_it_is_one_query_and_none_for_no_key(three: list[int]) -> None:
    question = Prepared(passages)
    for keys, queries in (([], 0), (three[:1], 1), (three, 1), (three[1:2], 1)):
        with CaptureQueriesContext(connection) as asked:
            question(*keys)
        assert len(asked) == queries


def test_its_sql_is_built_once_for_a_number_of_keys(three: list[int]) -> None:
    built = []

    def build(keys: Sequence[int]) -> QuerySet[Passage]:
        built.append(len(keys))
        return passages(keys)

    question = Prepared(build)
    for keys in (three[:1], three[1:2], three, three[:1], three[::-1]):
        question(*keys)
    assert built == [1, 3]


def test_of_many_keys_nothing_is_kept(three: list[int]) -> None:
    many = [*three, *range(10**6, 10**6 + KEPT)]
    question = Prepared(passages)
    assert told(question(*many)) == told(list(passages(three)))
    assert question._built == {}


def test_two_keys_of_two_kinds_keep_their_places(lena: User, initiative: Initiative) -> None:
    own = Prepared(
        lambda keys: TeamRole.objects.filter(user=keys[1], initiative=keys[0], until__isnull=True).only("pk")
    )
    assert own(initiative.pk, lena.pk)
    assert own(initiative.pk, lena.pk + 10**6) == []
    assert own(initiative.pk + 10**6, lena.pk) == []


def test_related_rows_come_with_it(initiative: Initiative, lena: User, ravi: User) -> None:
    """Forwards and backwards, where there is one and where there is none."""
    answer_all(initiative, lena, gates=["data"])
    pass_gate(initiative, "data", lena, ravi)
    first = Decision.objects.get()
    declare_material_change(initiative.pk, "model", "New.", ["data"], Actor.person(lena), now())
    pass_gate(initiative, "data", lena, ravi)
    question = Prepared(
        lambda keys: (
            Decision.objects.filter(passage__initiative__in=keys)
            .select_related("lapse__by", "submission", "by")
            .order_by("pk")
        )
    )
    for _again in range(2):
        with CaptureQueriesContext(connection) as asked:
            old, new = question(initiative.pk)
            assert (old, old.lapse.by, old.by, old.submission.decision) == (first, lena, ravi, old)
            assert old.by.name == "Ravi"
            assert not hasattr(new, "lapse")
        assert len(asked) == 1


@pytest.mark.parametrize(
    "build",
    [
        lambda keys: Passage.objects.filter(initiative=keys[0]),
        lambda keys: Passage.objects.filter(initiative__in=[key + 1 for key in keys]),
        lambda keys: Initiative.objects.prefetch_related("team_roles").filter(pk__in=keys),
    ],
    ids=["leaves a key out", "reckons with a key", "is two queries"],
)
def test_what_cannot_be_prepared_is_refused(three: list[int], build: Any) -> None:
    with pytest.raises(ValueError, match="prepared question"):
        Prepared(build)(*three[:2])


def test_what_was_attached_since_is_there(lena: User, three: list[int]) -> None:
    before = [framework.slug for _, framework in passages_of(three[0])]
    attach_framework(three[0], "conversational-ai", Actor.person(lena), now())
    after = [framework.slug for _, framework in passages_of(three[0])]
    assert after[: len(before)] == before
    assert after[len(before) :] == ["conversational-ai"]
