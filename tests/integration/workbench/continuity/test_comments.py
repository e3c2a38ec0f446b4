"""Comments: written by whoever may, also on what has ended, never edited; and the page that shows them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gates.models import Comment, Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.comments import COMMENT_MAX, add_comment
from readiness.actions.errors import Invalid, NotAllowed, NotFound
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor
from readiness.standing.models import Flag
from readiness.standing.recompute import recompute_batch
from tests.fixtures import create, pages, person, today
from tests.integration.workbench.continuity.scenes import page_at, shown, stopped, url
from tests.integration.workbench.initiatives.scenes import EMOJI, RTL, SCRIPT

pytestmark = pytest.mark.django_db


def comment(initiative: Initiative, by: User, body: str = "Fine.", ago: int = 0) -> Comment:
    return add_comment(initiative.pk, body, Actor.person(by), clock.now() - timedelta(days=ago))


class TestTheAct:
    def test_it_is_kept_with_who_and_when_and_told_in_the_trail(
        self, lena: User, initiative: Initiative
    ) -> None:
        made = comment(initiative, lena, f"  {RTL} {EMOJI}\nsecond  ")
        assert (made.body, made.by) == (f"{RTL} {EMOJI}\nsecond", lena)
        event = Event.objects.filter(verb="comment.added").get()
        assert (event.initiative_id, event.data["text"]) == (initiative.pk, made.body)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("", "required"),
            (" \n ", "required"),
            ("x" * (COMMENT_MAX + 1), "too_long"),
            ("a\x00", "null_characters"),
        ],
    )
    def test_what_is_no_comment_is_refused(
        self, lena: User, initiative: Initiative, body: str, code: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            comment(initiative, lena, body)
        assert [(error.field, error.code) for error in refused.value.errors] == [("body", code)]

    def test_whoever_sees_it_comments_but_an_auditor(
        self, lena: User, omar: User, ravi: User, elsa: User, ada: User, iris: User, initiative: Initiative
    ) -> None:
        for by in (lena, omar, ravi, elsa, ada):
            comment(initiative, by)
        with pytest.raises(NotAllowed):
            comment(initiative, iris)
        with pytest.raises(NotFound):
            comment(initiative, person("nils"))
        with pytest.raises(NotAllowed):
            add_comment(initiative.pk, "Beep.", COMMAND, clock.now())
        assert Comment.objects.count() == 5

    def test_it_is_written_on_what_has_ended(self, lena: User) -> None:
        ended = stopped(lena)
        comment(ended, lena, "We keep the data set.")
        ended.refresh_from_db()
        assert (ended.stage, Comment.objects.get().initiative) == ("stopped", ended)

    def test_it_is_activity(self, lena: User) -> None:
        old = clock.now() - timedelta(days=40)
        quiet = create(lena, old, stage="poc", stage_since=today(old))
        recompute_batch([quiet.pk], clock.now())
        flags = Flag.objects.filter(initiative=quiet, code="no_activity", resolved_at__isnull=True)
        assert flags.exists()
        comment(quiet, lena)
        assert not flags.exists()

    def test_an_import_that_nobody_edited_stays_one(self, lena: User, initiative: Initiative) -> None:
        as_of = today() - timedelta(days=9)
        Initiative.objects.filter(pk=initiative.pk).update(as_of=as_of)
        comment(initiative, lena)
        initiative.refresh_from_db()
        assert initiative.as_of == as_of

    def test_the_sponsor_who_comments_is_heard(self, lena: User, elsa: User) -> None:
        row = create(lena, people={"executive_sponsor": "elsa"})
        comment(row, elsa)
        assert row.team_roles.get(user=elsa).heard_on == today()

    @pytest.mark.parametrize(
        "statement", ["UPDATE gates_comment SET body = 'no'", "DELETE FROM gates_comment"]
    )
    def test_the_database_lets_nobody_change_it(
        self, lena: User, initiative: Initiative, statement: str
    ) -> None:
        made = comment(initiative, lena)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert Comment.objects.get() == made


class TestThePage:
    def test_the_newest_stands_last(self, lena: User, omar: User, initiative: Initiative) -> None:
        comment(initiative, lena, "First.", ago=2)
        comment(initiative, omar, "Second.")
        page = page_at(lena, url(initiative, "comments/"))
        said = [one.text for one in page.one("ol", class_="comments").all("li")]
        assert "First." in said[0] and "Omar" in said[1] and "Second." in said[1]

    def test_it_is_plain_text_with_lines_and_links(self, lena: User, initiative: Initiative) -> None:
        made = comment(
            initiative,
            lena,
            f"{SCRIPT}\nsee https://wiki.example.com/?a=1&b=2 <b>now</b> javascript:alert(1)",
        )
        response = pages(lena).get(url(initiative, "comments/"))
        assert SCRIPT not in response.content.decode() and "<b>now" not in response.content.decode()
        words = shown(response).by_id(f"comment-{made.pk}")
        link = words.one("a", rel="noopener nofollow")
        assert link.attrs["href"] == "https://wiki.example.com/?a=1&b=2"
        assert len(words.all("br")) == 1
        assert not [one for one in words.all("a") if one.attrs["href"].startswith("javascript")]

    def test_it_is_written_without_javascript(self, lena: User, initiative: Initiative) -> None:
        response = pages(lena).post(url(initiative, "comments/"), {"body": "Met them."})
        assert response["Location"] == url(initiative, f"comments/#comment-{Comment.objects.get().pk}")

    @pytest.mark.parametrize("body", ["", "x" * (COMMENT_MAX + 1)])
    def test_what_was_typed_stays_when_it_is_refused(
        self, lena: User, initiative: Initiative, body: str
    ) -> None:
        page = shown(pages(lena).post(url(initiative, "comments/"), {"body": body}), 422)
        assert page.has_id("initiative_body_error")
        assert page.one("textarea", name="body").text == body

    def test_an_auditor_reads(self, lena: User, iris: User, initiative: Initiative) -> None:
        comment(initiative, lena, "Read me.")
        page = page_at(iris, url(initiative, "comments/"))
        assert "Read me." in page.text and page.all("textarea") == []

    def test_an_empty_page_says_what_it_is_for(self, lena: User, initiative: Initiative) -> None:
        assert "No comments yet" in page_at(lena, url(initiative, "comments/")).text

    def test_pages_end_with_the_newest_and_take_as_many_queries(
        self, lena: User, initiative: Initiative
    ) -> None:
        def counted(address: str) -> int:
            browser = pages(lena)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            return len(queries)

        place = url(initiative, "comments/")
        comment(initiative, lena, "Number 0.")
        one = counted(place)
        rows = [
            Comment(initiative=initiative, by=person(f"p{number}"), at=clock.now(), body=f"Number {number}.")
            for number in range(1, 52)
        ]
        Comment.objects.bulk_create(rows)
        assert counted(place) == one
        assert "Number 51." in page_at(lena, place).text and "Number 0." not in page_at(lena, place).text
        assert "Number 0." in page_at(lena, f"{place}?page=1").text
        assert page_at(lena, f"{place}?page=99999999999999999999")
