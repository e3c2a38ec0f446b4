"""KPIs on their pages: shown, added, amended, read, and refused with what was typed kept."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from gates.models import Amendment, Initiative, Kpi, Reading
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.kpis import create_kpi, edit_kpi
from readiness.actions.promises import lock_promises
from readiness.actions.readings import NewReading, add_reading
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, today
from tests.integration.workbench.initiatives.scenes import EMOJI, LESSON, LONG, RTL, SCRIPT
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

MINUTES: dict[str, Any] = {
    "name": "Handling time", "unit": "minutes", "direction": "down", "baseline": "42", "target": "20",
    "go_limit": "28", "stop_limit": "38",
}  # fmt: skip
FORM = MINUTES | {"kind": "business", "owner": "lena", "due": "end_of_pilot", "signal": ""}


@pytest.fixture
def pilot(lena: User) -> Initiative:
    return create(lena, stage="pilot")


@pytest.fixture
def kpi(pilot: Initiative, lena: User) -> Kpi:
    return promised(pilot, lena)


def promised(initiative: Initiative, by: User, **facts: Any) -> Kpi:
    given = MINUTES | facts
    return create_kpi(initiative.pk, given, Actor.person(by), clock.now(), "It came with it.")[0]


def lock(kpi: Kpi) -> None:
    """As the passing of Checkpoint 0 locks it."""

    class Passing:
        initiative, at = kpi.initiative, clock.now()

    lock_promises(Passing)  # type: ignore[arg-type]


def amend(kpi: Kpi, by: User, **facts: Any) -> None:
    edit_kpi(kpi.initiative_id, kpi.pk, facts, Actor.person(by), clock.now(), "The volume doubled.")


def measure(kpi: Kpi, by: User, ago: int, value: object, note: str = "") -> Reading:
    given = NewReading(day(ago), value, note)
    return add_reading(kpi.initiative_id, kpi.pk, given, Actor.person(by), clock.now()).readings[0]


def day(ago: int = 0) -> date:
    return today() - timedelta(days=ago)


def url(initiative: Initiative, below: str = "") -> str:
    return f"/initiatives/{initiative.ref}/promises/{below}"


def get(by: User, initiative: Initiative, below: str = "") -> Node:
    response = pages(by).get(url(initiative, below))
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def post(by: User, initiative: Initiative, below: str, **sent: Any) -> HttpResponse:
    return pages(by).post(url(initiative, below), sent)


def refused(response: HttpResponse, status: int = 422) -> Node:
    assert response.status_code == status
    page = read(response)
    assert complaints(page) == []
    return page


def problem(page: Node, field: str) -> str:
    """What stands at a field."""
    return page.by_id(f"{field}_error").text


# --- Shown --------------------------------------------------------------------------------------------------------


def test_a_kpi_stands_there_with_its_limits_and_where_it_stands(
    pilot: Initiative, kpi: Kpi, lena: User, iris: User
) -> None:
    measure(kpi, lena, 5, "31.5")
    card = get(lena, pilot).by_id(f"kpi-{kpi.pk}")
    for words in ("Handling time", "42 minutes", "20 minutes", "28 minutes", "38 minutes", "Lower is better"):
        assert words in card.text
    assert "31.5 minutes on" in card.text and "Short of the go limit" in card.text
    links = card.links()
    assert {"Enter a reading", "Change", "Remove"} <= links.keys()
    other = get(iris, pilot).by_id(f"kpi-{kpi.pk}").links()
    assert "All readings" in other and not {"Enter a reading", "Change", "Remove"} & other.keys()


@pytest.mark.parametrize(
    ("value", "words"),
    [("20", "At the target or better"), ("28", "At the go limit or better"), ("29", "Short of the go limit"),
     ("38", "At the stop limit or beyond")],
)  # fmt: skip
def test_the_latest_reading_is_told_against_the_limits(
    pilot: Initiative, kpi: Kpi, lena: User, value: str, words: str
) -> None:
    measure(kpi, lena, 9, 1)
    measure(kpi, lena, 1, value)
    assert words in get(lena, pilot).by_id(f"kpi-{kpi.pk}").text


def test_the_drawing_carries_its_figures_as_a_table(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    measure(kpi, lena, 5, "31.125")
    table = get(lena, pilot).by_id(f"kpi-{kpi.pk}").all("table")[0]
    rows = [[cell.text for cell in row.parts if isinstance(cell, Node)] for row in table.all("tr")][1:]
    assert rows == [
        [f"{day(5):%-d %b %Y}", "31.125"],
        ["Baseline", "42"], ["Target", "20"], ["Go limit", "28"], ["Stop limit", "38"],
    ]  # fmt: skip


def test_a_page_without_promises_says_what_to_do(pilot: Initiative, lena: User, iris: User) -> None:
    assert "Add the first KPI" in get(lena, pilot).links()
    assert "Add the first KPI" not in get(iris, pilot).links()


@pytest.mark.parametrize("text", [EMOJI, RTL, SCRIPT, LONG[:200]], ids=["emoji", "rtl", "script", "long"])
def test_what_people_type_is_shown_as_text(pilot: Initiative, lena: User, text: str) -> None:
    kpi = promised(pilot, lena, name=text, unit=text[:20])
    measure(kpi, lena, 1, 30, text)
    assert " ".join(text.split()) in get(lena, pilot).text
    page = get(lena, pilot, f"kpis/{kpi.pk}/")
    assert page.text.count(" ".join(text.split())) >= 2
    assert not [node for node in page.all("script") if "alert" in node.text]


def test_an_amended_promise_shows_the_original_who_when_and_why(
    pilot: Initiative, kpi: Kpi, lena: User, ravi: User
) -> None:
    lock(kpi)
    measure(kpi, lena, 1, 30)
    amend(kpi, lena, target="25")
    card = get(lena, pilot).by_id(f"kpi-{kpi.pk}")
    assert "25 minutes (promised: 20 minutes)" in card.text
    assert "Target: 20 minutes to 25 minutes." in card.text
    assert "The volume doubled." in card.text and "after it was first read" in card.text
    assert "has not acknowledged it yet" in card.text
    assert "Remove" not in card.links()
    asked = get(ravi, pilot).by_id(f"kpi-{kpi.pk}")
    assert [button.text for button in asked.all("button")] == ["Acknowledge"]
    answer = pages(ravi).post(
        url(pilot, f"amendments/{Amendment.objects.get().pk}/acknowledge/"), follow=True
    )
    assert "Acknowledged by Ravi" in read(answer).by_id(f"kpi-{kpi.pk}").text


def test_after_the_launch_the_value_is_told_against_the_locked_promise(ada: User) -> None:
    live = create(ada, stage="live", stage_since=day(100), budget={"currency": "EUR"})
    kpi = promised(live, ada)
    for ago, value in ((85, 29), (40, 20), (5, 19)):
        measure(kpi, ada, ago, value)
    money = create_kpi(
        live.pk,
        {"name": "Value", "signal": "value", "target": "40000"},
        Actor.person(ada),
        clock.now(),
        "So.",
    )[0]
    measure(money, ada, 20, 30_000)
    page = get(ada, live)
    table = page.by_id(f"kpi-{kpi.pk}").all("table")[1]
    rows = [[cell.text for cell in row.parts if isinstance(cell, Node)] for row in table.all("tr")][1:]
    assert [row[:2] for row in rows] == [
        ["30 days", "Below the promise"], ["90 days", "On the promise"], ["180 days", "Above the promise"],
    ]  # fmt: skip
    assert [row[3] for row in rows] == ["28 minutes", "20 minutes", "20 minutes"]
    words = page.by_id(f"kpi-{money.pk}").text
    assert "It brings 30,000 EUR a month of the 40,000 EUR a month promised (75 %)." in words
    assert "Unmeasured" in words


def test_the_initiatives_own_page_shows_them_at_a_glance(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    measure(kpi, lena, 9, 35)
    measure(kpi, lena, 1, 30)
    page = read(pages(lena).get(f"/initiatives/{pilot.ref}/"))
    assert complaints(page) == []
    (shown,) = [node for node in page.all("li") if node.attrs.get("class") == "sparks__kpi"]
    assert shown.links() == {"Handling time": url(pilot, f"kpis/{kpi.pk}/")}
    assert "30 minutes on" in shown.text and "Short of the go limit" in shown.text
    assert "Handling time: from 35 to 30" in shown.one("svg", role="img").attrs["aria-label"]


def test_an_initiative_that_has_ended_is_only_read(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    reading = measure(kpi, lena, 1, 30)
    move_stage(pilot.pk, "stopped", Actor.person(lena), clock.now(), "", LESSON)
    assert not {"Add a KPI", "Enter a reading", "Change", "Remove"} & get(lena, pilot).links().keys()
    assert "Withdraw" not in get(lena, pilot, f"kpis/{kpi.pk}/").links()
    for below, sent in (
        ("kpis/new/", FORM | {"name": "Another"}),
        (f"kpis/{kpi.pk}/edit/", FORM | {"target": "19"}),
        (f"kpis/{kpi.pk}/remove/", {}),
        (f"kpis/{kpi.pk}/readings/", {"on": day().isoformat(), "value": "5"}),
        (f"readings/{reading.pk}/withdraw/", {"reason": "Miscounted."}),
    ):
        page = refused(post(lena, pilot, below, **sent), 409)
        assert "This initiative has ended" in page.text
    assert (Kpi.objects.count(), Reading.objects.count()) == (1, 1)


# --- Adding and changing ------------------------------------------------------------------------------------------


def test_a_kpi_is_added(pilot: Initiative, lena: User) -> None:
    form = get(lena, pilot, "kpis/new/")
    assert not form.has_id("id_reason")
    answer = post(lena, pilot, "kpis/new/", **FORM | {"target": "19,5", "baseline": "1 042"})
    kpi = Kpi.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url(pilot) + f"#kpi-{kpi.pk}")
    assert (float(kpi.target or 0), kpi.baseline, kpi.owner, kpi.due) == (19.5, 1042, lena, "end_of_pilot")


def test_what_was_typed_stays_beside_what_is_wrong_with_it(pilot: Initiative, lena: User) -> None:
    sent = FORM | {"name": SCRIPT, "stop_limit": "20", "target": "1,234", "unit": "x" * 41}
    page = refused(post(lena, pilot, "kpis/new/", **sent))
    assert problem(page, "id_target") == "A number such as 12.5."
    assert "At most 40 characters" in problem(page, "id_unit")
    assert page.by_id("id_name").attrs["value"] == SCRIPT
    assert page.by_id("id_target").attrs["value"] == "1,234"
    page = refused(post(lena, pilot, "kpis/new/", **sent | {"target": "", "unit": ""}))
    assert problem(page, "id_stop_limit") == "The stop limit must lie at or above the go limit of 28."
    assert not Kpi.objects.exists()


def test_a_locked_kpi_asks_why_and_keeps_both(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    lock(kpi)
    below = f"kpis/{kpi.pk}/edit/"
    form = get(lena, pilot, below)
    assert "This promise is locked" in form.text
    version = form.one("input", name="version").attrs["value"]
    page = refused(post(lena, pilot, below, **FORM | {"target": "25", "version": version}))
    assert problem(page, "id_reason") == "This is required."
    assert page.by_id("id_target").attrs["value"] == "25"
    sent = FORM | {"target": "25", "version": version, "reason": "The volume doubled."}
    assert post(lena, pilot, below, **sent).status_code == 302
    kpi.refresh_from_db()
    assert (kpi.target, kpi.promised["target"]) == (25, "20")


def test_a_late_kpi_asks_why_it_is_added(ada: User) -> None:
    live = create(ada, stage="live")
    assert "locked at once" in get(ada, live, "kpis/new/").text
    page = refused(post(ada, live, "kpis/new/", **FORM | {"owner": "ada"}))
    assert problem(page, "id_reason")
    sent = FORM | {"owner": "ada", "reason": "It came with it."}
    assert post(ada, live, "kpis/new/", **sent).status_code == 302
    assert Amendment.objects.get().changes == {"added": [None, "Handling time"]}


def test_somebody_else_was_faster(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    amend(kpi, lena, unit="min")
    page = refused(post(lena, pilot, f"kpis/{kpi.pk}/edit/", **FORM | {"target": "19", "version": "1"}), 409)
    assert "Somebody else changed this KPI" in page.text
    assert page.by_id("id_target").attrs["value"] == "19"
    again = page.one("input", name="version").attrs["value"]
    sent = FORM | {"target": "19", "version": again}
    assert post(lena, pilot, f"kpis/{kpi.pk}/edit/", **sent).status_code == 302


def test_a_kpi_is_removed_after_one_question(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    measure(kpi, lena, 1, 30)
    assert "Its 1 reading goes with it." in get(lena, pilot, f"kpis/{kpi.pk}/remove/").text
    assert post(lena, pilot, f"kpis/{kpi.pk}/remove/").status_code == 302
    assert pages(lena).get(url(pilot, f"kpis/{kpi.pk}/")).status_code == 404
    other = promised(pilot, lena)
    lock(other)
    assert "This promise is locked" in refused(post(lena, pilot, f"kpis/{other.pk}/remove/"), 409).text


def test_a_kpi_of_another_initiative_is_not_there(
    pilot: Initiative, kpi: Kpi, lena: User, omar: User
) -> None:
    elsewhere = create(omar)
    reading = measure(kpi, lena, 1, 30)
    for below in ("", "edit/", "remove/", "readings/", "readings/file/"):
        assert pages(omar).get(url(elsewhere, f"kpis/{kpi.pk}/{below}")).status_code == 404
    assert pages(omar).get(url(elsewhere, f"readings/{reading.pk}/withdraw/")).status_code == 404
    assert pages(lena).get(url(pilot, f"kpis/{10**30}/")).status_code == 404


# --- Readings -----------------------------------------------------------------------------------------------------


def test_a_reading_is_typed_and_stands_in_the_list(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    sent = {"on": day(2).isoformat(), "value": "31,5", "note": "Week 44"}
    answer = pages(lena).post(url(pilot, f"kpis/{kpi.pk}/readings/"), sent, follow=True)
    page = read(answer)
    assert complaints(page) == []
    row = page.by_id("readings").all("tr")[1]
    assert "31.5 minutes" in row.text and "Week 44" in row.text and "Typed in, Lena" in row.text
    assert f"31.5 minutes on {day(2):%-d %B %Y} is entered." in page.text
    again = pages(lena).post(url(pilot, f"kpis/{kpi.pk}/readings/"), sent, follow=True)
    assert "stood there already" in read(again).text
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"on": "", "value": "5"}, "on", "required"),
        ({"on": "soon", "value": "5"}, "on", "valid date"),
        ({"on": "2099-01-01", "value": "5"}, "on", "still to come"),
        ({"on": "2026-01-01", "value": ""}, "value", "required"),
        ({"on": "2026-01-01", "value": "many"}, "value", "A number such as 12.5."),
        ({"on": "2026-01-01", "value": "5", "note": "x" * 501}, "note", "At most 500 characters"),
        ({"on": "2026-01-01", "value": "5", "note": "a\x00b"}, "note", "ull characters"),
    ],
)
def test_a_wrong_reading_is_told_at_its_field_and_stays(
    pilot: Initiative, kpi: Kpi, lena: User, sent: dict[str, str], field: str, words: str
) -> None:
    page = refused(post(lena, pilot, f"kpis/{kpi.pk}/readings/", **sent))
    assert words in problem(page, f"reading-{field}")
    assert page.by_id("reading-value").attrs.get("value", "") == sent["value"]
    assert not Reading.objects.exists()


def test_a_day_that_has_a_reading_names_it(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    measure(kpi, lena, 2, "31.5")
    page = refused(post(lena, pilot, f"kpis/{kpi.pk}/readings/", on=day(2).isoformat(), value="32"))
    assert "it reads 31.5. Withdraw that reading first." in problem(page, "reading-on")


def test_a_reading_is_withdrawn_with_a_reason_that_stays(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    reading = measure(kpi, lena, 2, "31.5")
    below = f"readings/{reading.pk}/withdraw/"
    assert "31.5 minutes on" in get(lena, pilot, below).text
    assert problem(refused(post(lena, pilot, below, reason=" ")), "id_reason")
    assert post(lena, pilot, below, reason="A test batch was counted in.").status_code == 302
    page = get(lena, pilot, f"kpis/{kpi.pk}/")
    assert "A test batch was counted in." in page.text
    assert "No reading yet" in page.text


def csv(*lines: str, name: str = "weeks.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(lines).encode())


def test_a_file_is_taken_over(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    file = csv("date;value;note", f"{day(9)};31,5;Week 43", f"{day(2)};30")
    answer = pages(lena).post(url(pilot, f"kpis/{kpi.pk}/readings/file/"), {"file": file}, follow=True)
    assert "2 readings entered." in read(answer).text
    file = csv("date;value", f"{day(2)};30", f"{day(1)};29")
    answer = pages(lena).post(url(pilot, f"kpis/{kpi.pk}/readings/file/"), {"file": file}, follow=True)
    assert "1 reading entered. 1 stood there already." in read(answer).text


def test_every_bad_line_of_a_file_is_named_and_nothing_is_taken_over(
    pilot: Initiative, kpi: Kpi, lena: User
) -> None:
    file = csv("date,value", f"{day(9)},31", "soon,5", f"{day(8)},<script>", f"{day(-1)},5")
    page = refused(pages(lena).post(url(pilot, f"kpis/{kpi.pk}/readings/file/"), {"file": file}))
    assert "3 lines are wrong, so nothing was taken over." in problem(page, "file-file")
    rows = {cell.text for cell in page.all("tr")}
    assert any(row.startswith("3 “soon” is no day.") for row in rows)
    assert any(row.startswith("4 “<script>” is no number") for row in rows)
    assert any(row.startswith("5 This day is still to come.") for row in rows)
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "required"),
        (csv(), "The file is empty."),
        (csv("a,b", "1,2"), "The column “a” is not known."),
        (csv("date,value", "x" * (2 * 1024 * 1024)), "At most 2 MB."),
    ],
    ids=["none", "empty", "header", "large"],
)
def test_a_file_that_is_none_says_so(
    pilot: Initiative, kpi: Kpi, lena: User, file: SimpleUploadedFile | None, words: str
) -> None:
    sent = {"file": file} if file else {}
    page = refused(pages(lena).post(url(pilot, f"kpis/{kpi.pk}/readings/file/"), sent))
    assert words in problem(page, "file-file")


def test_readings_are_shown_in_pages(pilot: Initiative, kpi: Kpi, lena: User) -> None:
    rows = [
        Reading(kpi=kpi, on=day(ago), value=ago, source="api", received_at=clock.now()) for ago in range(60)
    ]
    Reading.objects.bulk_create(rows)
    first = get(lena, pilot, f"kpis/{kpi.pk}/")
    assert len(first.by_id("readings").all("tr")) == 51
    second = get(lena, pilot, f"kpis/{kpi.pk}/?page=2")
    assert len(second.by_id("readings").all("tr")) == 11
    assert pages(lena).get(url(pilot, f"kpis/{kpi.pk}/?page=nonsense")).status_code == 200


# --- Cost ---------------------------------------------------------------------------------------------------------


def test_the_pages_take_as_many_queries_for_one_kpi_as_for_many(
    pilot: Initiative, kpi: Kpi, lena: User, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    measure(kpi, lena, 1, 30)
    lock(kpi)
    amend(kpi, lena, target="25")
    browser = pages(lena)
    addresses = (url(pilot), f"/initiatives/{pilot.ref}/", url(pilot, f"kpis/{kpi.pk}/"))
    for address in addresses:
        browser.get(address)
    few = [query_count(partial(browser.get, address)) for address in addresses]
    for number in range(12):
        other = promised(pilot, lena, name=f"Number {number}", kind="technical", owner="lena")
        rows = [
            Reading(kpi=one, on=day(ago), value=ago, source="api", by=lena, received_at=clock.now())
            for one in (other, kpi) for ago in range(2, 9) if one is other or number == 0
        ]  # fmt: skip
        Reading.objects.bulk_create(rows)
    Kpi.objects.filter(locked_at__isnull=True).update(locked_at=clock.now(), promised=kpi.promised)
    for one in Kpi.objects.exclude(pk=kpi.pk):
        amend(one, lena, target="24")
    assert [query_count(partial(browser.get, address)) for address in addresses] == few
