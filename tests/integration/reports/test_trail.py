"""What leaves the product as a report stands in the audit trail: who took it, what kind of file, and of what."""

from datetime import UTC, datetime
from typing import Any

import pytest

from readiness import clock
from readiness.accounts.models import User
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import verify
from readiness.portfolio.scope import Scope
from readiness.reports import making, monthly
from readiness.reports.models import Format, Report
from readiness.work import doing
from readiness.work.models import LEASE, LongWork, State
from readiness.workbench.initiatives.personal_sayings import FORMATS
from tests.fixtures import create, pages
from tests.integration.reports.making import HOME, ask, made, newest, work_off
from tests.integration.workbench.markup import read

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 12, 1, 0, 7, tzinfo=UTC)


def events() -> list[Event]:
    return list(Event.objects.filter(verb__startswith="report.").order_by("seq"))


def told() -> list[tuple[str, dict[str, Any]]]:
    return [(one.verb, one.data) for one in events()]


def test_an_order_is_one_event_with_its_filters_and_its_kind_of_file(lena: User, elsa: User) -> None:
    create(lena)
    before = Event.objects.count()
    ask(elsa, "xlsx", unit="Sales", stage="pilot")
    (event,) = events()
    assert Event.objects.count() == before + 1
    assert (event.actor, event.actor_kind, event.initiative) == (elsa, ActorKind.PERSON, None)
    filters = {"unit": "sales", "stage": "pilot"}
    assert event.data == {"report": newest(elsa).pk, "format": "xlsx", "filters": filters}
    work_off(newest(elsa))
    assert len(events()) == 1, "that it was made is told by its own row"
    assert verify()[1] is None


def test_what_is_refused_is_no_order(lena: User, elsa: User) -> None:
    create(lena)
    assert ask(elsa, "exe").status_code == 422 and events() == []
    ask(elsa, "csv")
    assert ask(elsa, "xlsx").status_code == 409
    assert [data["format"] for _verb, data in told()] == ["csv"]
    assert Report.objects.count() == 1


def test_each_download_is_told_and_a_look_is_none(lena: User, elsa: User, ada: User) -> None:
    create(lena)
    report = made(elsa, "csv", unit="sales")
    path = f"{HOME}{report.pk}/file/"
    assert pages(ada).get(path).status_code == 404
    looked_at = pages(elsa).head(path)
    for close in looked_at._resource_closers:  # what a server does once it has answered
        close()
    assert looked_at.status_code == 200
    assert [verb for verb, _data in told()] == ["report.ordered"]
    for _ in range(2):
        pages(elsa).get(path).getvalue()
    assert (
        told()[1:]
        == [("report.downloaded", {"report": report.pk, "format": "csv", "filters": {"unit": "sales"}})] * 2
    )
    assert {one.actor for one in events()} == {elsa}
    making.store().delete(report.file_key)
    assert pages(elsa).get(path).status_code == 404
    assert len(told()) == 3, "what is gone left nothing"


def test_a_file_that_cannot_be_noted_is_not_handed_out(
    lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)
    report = made(elsa, "csv")

    def refuses(*_: Any) -> None:
        raise OSError("The trail is away")

    monkeypatch.setattr(making, "record", refuses)
    with pytest.raises(OSError, match="trail is away"):
        making.hand_out(report, clock.now())


def test_the_monthly_one_is_told_when_it_begins_goes_out_and_ends(
    lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)

    def missing(*_: Any) -> None:
        raise making.CannotMake(making.NO_PDF)

    monkeypatch.setattr(making, "_lay_out", missing)
    asked_at = datetime(2026, 11, 15, 12, tzinfo=UTC)
    monthly.subscribe(elsa, Scope(unit="sales"), "Sales", asked_at.date(), asked_at)
    monthly.owe(FIRST)
    (key,) = monthly.due(FIRST)
    assert monthly.send(key, FIRST) and not monthly.send(key, FIRST)
    path = f"{HOME}unsubscribe/{monthly.unsubscribe_key(elsa.pk)}/"
    for _ in range(2):
        pages(lena).post(path)
    filters = {"unit": "sales"}
    assert told() == [
        ("report.monthly_wanted", {"filters": filters}),
        ("report.mailed", {"username": "elsa", "month": "2026-12", "filters": filters}),
        ("report.monthly_ended", {"filters": filters, "by_link": True}),
    ]
    assert [one.actor for one in events()] == [elsa, None, elsa]
    assert events()[1].actor_kind == ActorKind.CLOCK
    assert verify()[1] is None


def test_an_auditor_reads_it_in_words(lena: User, elsa: User, iris: User) -> None:
    create(lena)
    report = made(elsa, "csv", unit="sales", stage="pilot", since="2026-11-03")
    pages(elsa).get(f"{HOME}{report.pk}/file/").getvalue()
    pages(elsa).post(f"{HOME}monthly/", {"wanted": "1"})
    rows = [row.text for row in read(pages(iris).get("/audit/")).one("tbody").all("tr")]
    words = "Table of the initiatives (CSV) Business unit: sales Stage: Pilot Started from: 3 November 2026"
    for row, title in zip(rows[1:3], ("Report downloaded", "Report ordered"), strict=True):
        assert "Elsa" in row and title in row and words in row, row
    assert "Monthly report ordered" in rows[0] and "The whole portfolio" in rows[0]
    german = read(pages(iris).get("/audit/", HTTP_ACCEPT_LANGUAGE="de")).one("tbody").text
    for words in (
        "Bericht bestellt",
        "Bericht heruntergeladen",
        "Monatlicher Bericht bestellt",
        "Phase: Pilot",
    ):
        assert words in german


def test_the_trail_calls_the_kinds_of_file_as_their_own_page_does() -> None:
    assert {key: str(words) for key, words in FORMATS.items()} == {one.value: one.label for one in Format}


class TestWhyNot:
    """Why a report failed is kept as it was said, and read in the language of whoever looks."""

    def shown(self, by: User, report: Report, language: str) -> str:
        return (
            read(pages(by).get(f"{HOME}{report.pk}/", HTTP_ACCEPT_LANGUAGE=language)).by_id("progress").text
        )

    def test_a_server_without_pango_says_so_in_both_languages(
        self, lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create(lena)
        ask(elsa, "pdf")

        def missing(_: str) -> None:
            raise OSError("cannot load library 'libpango-1.0-0'")

        monkeypatch.setattr(making.importlib, "import_module", missing)
        report = work_off(newest(elsa))
        assert report.work is not None and report.work.message == making.NO_PDF
        assert making.NO_PDF in self.shown(elsa, report, "en")
        german = self.shown(elsa, report, "de")
        assert "PDFs können auf diesem Server nicht erstellt werden" in german and "cannot" not in german

    def test_so_does_one_that_went_wrong_and_one_that_is_stuck(
        self, lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create(lena)

        def breaks(*_: Any) -> None:
            raise ValueError("unforeseen")

        monkeypatch.setattr(making, "write_csv", breaks)
        ask(elsa, "csv")
        report = work_off(newest(elsa))
        assert making.UNEXPECTED in self.shown(elsa, report, "en")
        assert "Hier ist etwas schiefgegangen" in self.shown(elsa, report, "de")
        ask(elsa, "csv")
        report = newest(elsa)
        LongWork.objects.filter(pk=report.work_id).update(
            state=State.RUNNING, claims=doing.MOST_CLAIMS, beat_at=clock.now() - LEASE
        )
        work_off(report)
        assert doing.BROKEN in self.shown(elsa, report, "en")
        german = self.shown(elsa, report, "de")
        assert "mehrmals begonnen" in german and "several times" not in german
