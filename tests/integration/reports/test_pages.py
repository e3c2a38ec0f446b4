"""A report is asked for, made by a worker, found again and kept for its person alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from readiness import clock
from readiness.accounts.models import User
from readiness.reports import libraries, making
from readiness.reports.models import Report
from readiness.work.models import LEASE, LongWork, State
from tests.fixtures import create, pages
from tests.integration.reports.making import HOME, ask, file_of, made, newest, work_off
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db


def page(by: User, path: str = HOME) -> Node:
    response = pages(by).get(path)
    assert response.status_code == 200
    found = read(response)
    assert complaints(found) == []
    return found


def stored() -> list[str]:
    return making._stored_keys()


@pytest.fixture(autouse=True)
def _empty_store() -> None:
    for key in stored():
        making.store().delete(key)


def test_it_is_asked_for_made_and_downloaded(lena: User, elsa: User) -> None:
    create(lena, business_unit="Sales")
    response = ask(elsa, "csv", unit="sales")
    report = newest(elsa)
    assert response["Location"] == f"{HOME}{report.pk}/"
    assert "Waiting for a worker" in page(elsa, response["Location"]).text
    assert pages(elsa).get(f"{HOME}{report.pk}/file/").status_code == 404, "it is not made yet"
    work_off(report)
    shown = page(elsa, response["Location"])
    assert "stays as it is" in shown.text and "Sales" in shown.text
    answer = pages(elsa).get(f"{HOME}{report.pk}/file/")
    assert answer["Content-Disposition"].startswith("attachment") and ".csv" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    answer.getvalue()
    assert f"{HOME}{report.pk}/file/" in page(elsa).links().values()


def test_nobody_else_gets_it(lena: User, elsa: User, ada: User) -> None:
    create(lena)
    report = made(elsa, "csv")
    for path in ("", "progress/", "file/"):
        assert pages(ada).get(f"{HOME}{report.pk}/{path}").status_code == 404
    assert pages(ada).post(f"{HOME}{report.pk}/resume/").status_code == 404
    assert "No report yet" in page(ada).text


def test_an_empty_installation_offers_it_all_the_same(elsa: User) -> None:
    assert "Create report" in page(elsa).text and "No report yet" in page(elsa, f"{HOME}?unit=nowhere").text
    assert file_of(elsa, made(elsa, "csv")).decode("utf-8-sig").startswith("Reference,")


def test_what_is_no_format_is_refused(elsa: User) -> None:
    refused = ask(elsa, "exe")
    assert refused.status_code == 422 and "Choose what you want" in refused.content.decode()
    assert not Report.objects.exists()


def test_of_one_person_one_is_made_at_a_time(lena: User, elsa: User, omar: User) -> None:
    create(lena)
    ask(elsa, "csv")
    again = ask(elsa, "xlsx")
    assert again.status_code == 409 and "is being made" in again.content.decode()
    assert ask(omar, "csv").status_code == 302, "others do not wait for it"
    work_off(newest(elsa))
    assert ask(elsa, "xlsx").status_code == 302


def test_a_killed_worker_is_followed_and_leaves_nothing(
    lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)
    ask(elsa, "csv")
    report = newest(elsa)
    honest = making.write_csv

    def dies(*_: Any) -> None:
        raise OperationalError("killed")

    monkeypatch.setattr(making, "write_csv", dies)
    with pytest.raises(OperationalError):
        making.carry_on(report.work_id or 0, clock.now())
    monkeypatch.setattr(making, "write_csv", honest)
    assert making.forgotten(clock.now(), lambda _: None) == 0, "its sign of life is young"
    LongWork.objects.update(beat_at=clock.now() - LEASE)
    assert "Nothing has happened for a while" in page(elsa, f"{HOME}{report.pk}/").text
    sent: list[int] = []
    assert making.forgotten(clock.now(), sent.append) == 1 and sent == [report.work_id]
    assert work_off(report).made_at is not None
    assert len(stored()) == 1


def test_whoever_comes_back_from_the_dead_keeps_no_file(
    lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)
    ask(elsa, "csv")
    report = newest(elsa)
    honest = making.write_csv

    def slow(*given: Any) -> None:
        honest(*given)
        monkeypatch.setattr(making, "write_csv", honest)
        LongWork.objects.update(beat_at=clock.now() - LEASE)
        making.carry_on(report.work_id or 0, clock.now())  # meanwhile another takes over, and is done first

    monkeypatch.setattr(making, "write_csv", slow)
    work_off(report)
    assert report.work is not None
    report.work.refresh_from_db()
    assert report.work.state == State.DONE
    assert stored() == [report.file_key]


def test_only_the_newest_are_kept_and_their_files_with_them(
    lena: User, elsa: User, omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)
    monkeypatch.setattr(making, "KEPT", 2)
    his = made(omar, "csv")
    hers = [made(elsa, "csv") for _ in range(4)]
    assert set(Report.objects.values_list("pk", flat=True)) == {his.pk, hers[2].pk, hers[3].pk}
    assert sorted(stored()) == sorted(Report.objects.values_list("file_key", flat=True))


def test_files_that_no_report_names_are_swept_after_a_day(lena: User, elsa: User) -> None:
    create(lena)
    kept, lost = made(elsa, "csv"), made(elsa, "csv")
    Report.objects.filter(pk=lost.pk).delete()
    assert making.sweep_orphans(clock.now()) == 0
    assert making.sweep_orphans(clock.now() + timedelta(days=2)) == 1
    assert stored() == [kept.file_key]


def test_whoever_left_meanwhile_gets_none(lena: User, elsa: User) -> None:
    create(lena)
    ask(elsa, "csv")
    User.objects.filter(pk=elsa.pk).update(is_active=False)
    report = work_off(newest(elsa))
    assert report.made_at is None and report.work is not None
    report.work.refresh_from_db()
    assert (report.work.state, report.work.message) == (State.FAILED, making.NOT_ALLOWED)
    assert stored() == []


def test_a_server_without_pango_says_what_to_install_and_offers_the_print_view(
    lena: User, elsa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(lena)
    ask(elsa, "pdf", unit="sales")
    report = newest(elsa)

    def missing(_: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(making.importlib, "import_module", missing)
    work_off(report)
    shown = page(elsa, f"{HOME}{report.pk}/")
    assert "libpango-1.0-0" in shown.text
    assert shown.links()["The overview, to print"] == "/portfolio/?unit=sales"
    monkeypatch.setattr(libraries, "pdf_at_hand", lambda: False)
    offered = page(elsa, f"{HOME}?unit=sales")
    assert "libpango-1.0-0" in offered.text and "Board report (PDF)" not in [
        one.text for one in offered.all("label")
    ]
    assert offered.links()["The overview, to print"] == "/portfolio/?unit=sales"
