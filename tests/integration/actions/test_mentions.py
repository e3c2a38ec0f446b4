"""Whom a comment speaks to, what it speaks of, and that neither tells more than one may know."""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from gates.models import Comment, Initiative, Mention
from readiness import clock
from readiness.accounts.audience import who_may_see
from readiness.accounts.models import SystemRole, User
from readiness.actions.comments import add_comment
from readiness.actions.errors import Invalid
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from tests.fixtures import create, person

pytestmark = pytest.mark.django_db


def say(initiative: Initiative, by: User, body: str, **about: str) -> Comment:
    return add_comment(initiative.pk, body, Actor.person(by), clock.now(), **about)


def mentioned(comment: Comment) -> list[str]:
    return [one.person.username for one in comment.mentions.select_related("person")]


def wrong(initiative: Initiative, by: User, body: str = "Hm.", **about: str) -> list[tuple[str, str, str]]:
    with pytest.raises(Invalid) as refused:
        say(initiative, by, body, **about)
    return [(error.field, error.code, error.message) for error in refused.value.errors]


class TestMentions:
    @pytest.mark.parametrize(
        ("body", "names"),
        [
            ("@ravi, please look. @Ravi!", ["ravi"]),
            ("Ask @ravi. Or (@elsa) or @omar-", ["ravi", "elsa", "omar"]),
            ("mail ravi@example.com, see https://x.example/@elsa and a@b", []),
            ("@j.r. and @j.r", ["j.r"]),
            ("@ and @@ravi", []),
            ("Zeile\n@elsa", ["elsa"]),
        ],
    )
    def test_who_is_meant(
        self,
        lena: User,
        ravi: User,
        elsa: User,
        omar: User,
        initiative: Initiative,
        body: str,
        names: list[str],
    ) -> None:
        person("j.r", lead=True)
        made = say(initiative, lena, body)
        assert mentioned(made) == names
        event = Event.objects.get(verb="comment.added")
        keys = [User.objects.get(username=name).pk for name in names]
        assert (event.data["mentions"], event.data["mentioned"]) == (keys, names)

    def test_nobody_learns_who_exists(self, lena: User, omar: User, ravi: User) -> None:
        """omar is known and may not see it, nils sees nothing, gone left, and there is no ghost: told alike."""
        person("nils")
        User.objects.filter(pk=person("gone", reviewer=True).pk).update(is_active=False)
        row = create(lena, visibility="team")
        told = {name: wrong(row, lena, f"@ravi and @{name}.") for name in ("omar", "nils", "gone", "ghost")}
        plain = {
            name: [(field, code, message.replace(name, "…")) for field, code, message in errors]
            for name, errors in told.items()
        }
        assert len({str(errors) for errors in plain.values()}) == 1
        assert told["omar"][0][:2] == ("body", "unknown_mention") and "@omar" in told["omar"][0][2]
        assert not Comment.objects.exists()

    def test_twenty_at_most(self, lena: User, initiative: Initiative) -> None:
        names = [person(f"p{number}", lead=True).username for number in range(21)]
        assert len(mentioned(say(initiative, lena, " ".join(f"@{name}" for name in names[:20])))) == 20
        [(field, code, _)] = wrong(initiative, lena, " ".join(f"@{name}" for name in names))
        assert (field, code) == ("body", "too_many_mentions")

    @pytest.mark.parametrize(
        "statement", ["UPDATE gates_mention SET person_id = comment_id", "DELETE FROM gates_mention"]
    )
    def test_the_database_lets_nobody_change_them(
        self, lena: User, ravi: User, initiative: Initiative, statement: str
    ) -> None:
        say(initiative, lena, "@ravi")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert Mention.objects.get().person == ravi


class TestSubjects:
    def test_of_the_initiative_a_gate_or_an_item(self, lena: User, initiative: Initiative) -> None:
        made = [
            say(initiative, lena, "Whole."),
            say(initiative, lena, "Gate.", gate="data"),
            say(initiative, lena, "Item.", item="DATA-2"),
            say(initiative, lena, "Both.", gate="data", item="DATA-2"),
        ]
        subjects = [("", ""), ("data", ""), ("data", "DATA-2"), ("data", "DATA-2")]
        assert [(one.gate, one.item) for one in made] == subjects
        told = Event.objects.filter(verb="comment.added").order_by("seq").values_list("data", flat=True)
        assert [(data["gate"], data["item"]) for data in told] == subjects

    @pytest.mark.parametrize(
        ("about", "expected"),
        [
            ({"gate": "nope"}, ("gate", "unknown_gate")),
            ({"gate": "a\x00"}, ("gate", "null_characters")),
            ({"item": "NOPE-1"}, ("item", "unknown_item")),
            ({"gate": "integration", "item": "DATA-1"}, ("gate", "another_gate")),
        ],
    )
    def test_what_the_initiative_does_not_have(
        self, lena: User, initiative: Initiative, about: dict[str, str], expected: tuple[str, str]
    ) -> None:
        assert [error[:2] for error in wrong(initiative, lena, **about)] == [expected]

    def test_no_row_names_an_item_without_its_gate(self, lena: User, initiative: Initiative) -> None:
        row = Comment(initiative=initiative, item="DATA-1", by=lena, at=clock.now(), body="Hm.")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_who_may_see_it_is_the_other_side_of_what_one_may_see(lena: User) -> None:
    """Every mixture of roles, on the team and off it, active or not, and both visibilities."""
    people = []
    for number, held in enumerate(product((False, True), repeat=len(SystemRole))):
        roles = {role.value: one for role, one in zip(SystemRole, held, strict=True)}
        for place in ("on", "off", "was", "left"):
            people.append(person(f"{place}{number}", **roles))
    members = [one.username for one in people if not one.username.startswith("off")]
    for visibility in ("organisation", "team"):
        row = create(lena, name=visibility, visibility=visibility, people={"members": members})
        row.team_roles.filter(user__username__startswith="was").update(until=clock.now())
        User.objects.filter(username__startswith="left").update(is_active=False)
        seeing = {one.pk for one in who_may_see(row)}
        expected = {
            one.pk
            for one in User.objects.active()
            if Initiative.objects.visible_to(one).filter(pk=row.pk).exists()
        }
        assert seeing == expected and seeing
        User.objects.update(is_active=True)
