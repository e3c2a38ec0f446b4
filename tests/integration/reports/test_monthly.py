"""The report by mail: once a month and person, with their own view, until they say no."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from readiness.accounts.models import Organisation, User
from readiness.portfolio.scope import EVERYTHING, Scope
from readiness.reports import making, monthly
from readiness.reports.models import MonthlyMail, Report, Subscription
from tests.fixtures import create, pages
from tests.integration.reports.making import HOME
from tests.integration.workbench.initiatives.scenes import overrun

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 15, 12, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, 0, 7, tzinfo=UTC)


def subscribed(*people: User, scope: Scope = EVERYTHING) -> None:
    for one in people:
        monthly.subscribe(one, scope, scope.unit, NOVEMBER.date(), NOVEMBER)


def sent(at: datetime) -> list[EmailMultiAlternatives]:
    """Do as the tasks do, and return what went out now."""
    mail.outbox.clear()
    monthly.owe(at)
    for key in monthly.due(at):
        monthly.send(key, at)
    return list(mail.outbox)  # type: ignore[arg-type]


@pytest.fixture
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not about the PDF goes quicker without."""

    def missing(*_: Any) -> None:
        raise making.CannotMake(making.NO_PDF)

    monkeypatch.setattr(making, "_lay_out", missing)


@pytest.mark.usefixtures("able_to_make_pdfs")
def test_it_carries_the_pdf_the_summary_and_the_way_out(lena: User, elsa: User, settings: Any) -> None:
    overrun(lena)
    subscribed(elsa)
    (message,) = sent(FIRST)
    assert message.to == [elsa.email] and "December 2026" in message.subject
    assert "Running: 1." in message.body and "Stalled: 1, on which 5,000 EUR were spent" in message.body
    ((name, content, kind),) = message.attachments
    assert (name, kind) == ("portfolio-2026-12.pdf", "application/pdf") and bytes(content).startswith(
        b"%PDF-"
    )
    report = Report.objects.get()
    assert f"{settings.FIVEGATES_URL}{HOME}{report.pk}/" in message.body
    assert (report.person, report.month) == (elsa, "2026-12")
    assert pages(elsa).get(f"{HOME}{report.pk}/file/").getvalue() == bytes(content)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.usefixtures("able_to_make_pdfs")
def test_a_large_one_stays_behind_its_link(lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    overrun(lena)
    subscribed(elsa)
    monkeypatch.setattr(monthly, "ATTACHED_MAX", 100)
    (message,) = sent(FIRST)
    assert message.attachments == [] and f"{HOME}{Report.objects.get().pk}/" in message.body


@pytest.mark.usefixtures("without_pdf")
class TestOnce:
    def test_a_month_and_person_however_often_the_task_runs(self, lena: User, elsa: User, omar: User) -> None:
        create(lena)
        subscribed(elsa, omar)
        assert sorted(one.to[0] for one in sent(FIRST)) == [elsa.email, omar.email]
        for hours in (0, 1, 5, 24 * 20):
            assert sent(FIRST + timedelta(hours=hours)) == []
        january = sent(FIRST + timedelta(days=31))
        assert len(january) == 2 and "January 2027" in january[0].subject
        assert MonthlyMail.objects.count() == 4

    def test_of_two_workers_one_sends(self, lena: User, elsa: User) -> None:
        create(lena)
        subscribed(elsa)
        monthly.owe(FIRST)
        (key,) = monthly.due(FIRST)
        assert monthly.send(key, FIRST) is True
        assert monthly.send(key, FIRST) is False

    def test_what_a_worker_died_over_is_left_to_it_for_a_while_and_then_sent(
        self, lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create(lena)
        subscribed(elsa)

        def dies(*_: Any) -> None:
            raise SystemExit

        with monkeypatch.context() as killed:
            killed.setattr(EmailMultiAlternatives, "send", dies)
            with pytest.raises(SystemExit):
                sent(FIRST)
        assert sent(FIRST + timedelta(minutes=1)) == []
        assert len(sent(FIRST + monthly.LEASE)) == 1
        assert sent(FIRST + monthly.LEASE * 3) == []

    def test_a_server_that_says_no_is_tried_again_and_given_up_in_the_end(
        self, lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create(lena)
        subscribed(elsa)

        def refuses(*_: Any) -> None:
            raise OSError("The mail server is away")

        monkeypatch.setattr(EmailMultiAlternatives, "send", refuses)
        at = FIRST
        for pause in (*monthly.RETRIES, timedelta(days=2)):
            sent(at)
            at += pause
        row = MonthlyMail.objects.get()
        assert row.attempts == len(monthly.RETRIES) + 1 and row.given_up_at and "away" in row.last_error
        assert sent(at + timedelta(days=3)) == []


@pytest.mark.usefixtures("without_pdf")
class TestWhen:
    def test_the_first_one_comes_with_the_next_month(self, lena: User, elsa: User) -> None:
        create(lena)
        subscribed(elsa)
        assert sent(NOVEMBER) == [] and sent(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)) == []
        assert len(sent(FIRST)) == 1

    def test_on_the_first_day_where_the_organisation_is(self, lena: User, elsa: User) -> None:
        create(lena)
        Organisation.get()
        Organisation.objects.update(time_zone="Pacific/Auckland")
        subscribed(elsa)
        assert sent(datetime(2026, 11, 30, 10, 30, tzinfo=UTC)) == []
        assert len(sent(datetime(2026, 11, 30, 11, 30, tzinfo=UTC))) == 1, "there December has begun"

    def test_after_an_outage_the_month_is_made_up_for_and_a_past_one_is_not(
        self, lena: User, elsa: User
    ) -> None:
        create(lena)
        subscribed(elsa)
        assert len(sent(datetime(2026, 12, 20, 9, tzinfo=UTC))) == 1
        monthly.owe(datetime(2027, 1, 31, 23, tzinfo=UTC))
        assert len(sent(datetime(2027, 2, 1, 1, tzinfo=UTC))) == 1


@pytest.mark.usefixtures("without_pdf")
class TestWho:
    def test_each_reads_what_they_may_see(self, lena: User, elsa: User, omar: User) -> None:
        create(lena)
        create(lena, visibility="team")
        subscribed(elsa, omar)
        said = {one.to[0]: one.body for one in sent(FIRST)}
        assert "Running: 2." in said[elsa.email] and "Running: 1." in said[omar.email]

    def test_with_the_filters_they_chose(self, lena: User, elsa: User) -> None:
        create(lena, business_unit="Sales")
        create(lena, business_unit="Legal")
        pages(elsa).post(f"{HOME}monthly/?unit=sales", {"wanted": "1"})
        Subscription.objects.update(since=NOVEMBER.date())
        (message,) = sent(FIRST)
        assert "Running: 1." in message.body and "It speaks of: Sales" in message.body

    def test_nobody_who_left_or_has_no_address(self, lena: User, elsa: User, omar: User) -> None:
        create(lena)
        subscribed(elsa, omar)
        User.objects.filter(pk=elsa.pk).update(is_active=False)
        User.objects.filter(pk=omar.pk).update(email="")
        assert sent(FIRST) == []

    def test_a_name_breaks_no_header(self, lena: User, elsa: User) -> None:
        create(lena)
        Organisation.get()
        Organisation.objects.update(name="Ours\nBcc: all@example.com")
        subscribed(elsa)
        (message,) = sent(FIRST)
        assert "\n" not in message.subject and message.recipients() == [elsa.email]


@pytest.mark.usefixtures("without_pdf")
class TestTheWayOut:
    def test_a_mail_programs_button_ends_it_without_a_sign_in(
        self, lena: User, elsa: User, omar: User
    ) -> None:
        create(lena)
        subscribed(elsa, omar)
        hers = next(one for one in sent(FIRST) if one.to == [elsa.email])
        path = hers.extra_headers["List-Unsubscribe"].strip("<>").split("8000", 1)[1]
        program = Client(enforce_csrf_checks=True)
        assert program.get(path).status_code == 200
        assert Subscription.objects.filter(person=elsa).exists(), "to look at the page ends nothing"
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not Subscription.objects.filter(person=elsa).exists()
        assert Subscription.objects.filter(person=omar).exists()
        assert program.post(f"{HOME}unsubscribe/1:forged/").status_code == 404

    def test_who_ends_it_before_it_is_sent_gets_none(self, lena: User, elsa: User) -> None:
        create(lena)
        subscribed(elsa)
        monthly.owe(FIRST)
        pages(elsa).post(f"{HOME}monthly/", {"wanted": "0"})
        assert sent(FIRST) == []

    def test_the_page_says_when_the_next_one_comes(self, elsa: User) -> None:
        answer = pages(elsa).post(f"{HOME}monthly/", {"wanted": "1"}, follow=True)
        assert "first day of each month" in answer.content.decode() and elsa.email in answer.content.decode()
