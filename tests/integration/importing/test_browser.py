"""An import in the browser: a file comes in, is checked, and is written when an admin says so."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import Organisation, User
from readiness.actions.files import sweep_orphans
from readiness.audit.models import ActorKind, Event
from readiness.audit.recording import Actor, Ledger, verify
from readiness.importing import jobs, tasks, writing
from readiness.portfolio.behind import found_behind
from readiness.portfolio.symptoms.loading import load
from readiness.work.models import LEASE, REMAINS, REMAINS_KEPT, LongWork, State
from tests.fixtures import create, pages
from tests.integration.workbench.markup import Node, complaints, read
from tests.unit.importing.building import HEADER, MAPPING, csv_bytes, row, xlsx_bytes

pytestmark = pytest.mark.django_db

HOME = "/organisation/imports/"
ROWS = [row(name=f"Number {number}", unit="HR", stage="Idea", begun="6/1/2026") for number in range(5)]
BAD = row(name="", unit="HR", stage="Idea", begun="6/1/2026")


def upload(by: User, rows: list[Any], name: str = "list.csv", mapping: str = MAPPING, **more: Any) -> Any:
    data = xlsx_bytes(rows) if name.endswith("xlsx") else csv_bytes(rows)
    own = SimpleUploadedFile("acme.yaml", mapping.encode())
    return pages(by).post(HOME, {"file": SimpleUploadedFile(name, data), "mapping_file": own} | more)


def newest() -> LongWork:
    work = LongWork.objects.order_by("-pk").first()
    assert work is not None
    return work


def work_off(work: LongWork | None = None) -> LongWork:
    """What a worker does with it."""
    work = work or newest()
    while jobs.carry_on(work.pk, clock.now()):
        pass
    work.refresh_from_db()
    return work


def page_of(by: User, work: LongWork) -> Node:
    response = pages(by).get(f"{HOME}{work.pk}/")
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def run(by: User, check: LongWork, **given: str) -> Any:
    return pages(by).post(f"{HOME}{check.pk}/run/", given)


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_it_is_checked_first_and_then_written_by_whom_it_says(ada: User, name: str) -> None:
    response = upload(ada, ROWS, name)
    check = newest()
    assert response["Location"] == f"{HOME}{check.pk}/"
    assert "Waiting for a worker" in page_of(ada, check).text
    assert work_off().state == State.DONE
    assert Initiative.objects.count() == 0, "a check writes nothing"
    assert "5 initiatives would be written" in page_of(ada, check).text
    assert run(ada, check).status_code == 302
    written = work_off()
    assert (written.state, written.done, written.total, written.result["written"]) == (State.DONE, 5, 5, 5)
    assert "5 initiatives were written" in page_of(ada, written).text
    events = Event.objects.filter(verb="initiative.imported")
    assert {(event.actor_kind, event.actor) for event in events} == {(ActorKind.PERSON, ada)}
    assert events.count() == 5 and verify()[1] is None
    assert "list." in read(pages(ada).get(HOME)).text


def test_what_a_person_has_imported_is_no_act_of_theirs(ada: User) -> None:
    upload(ada, ROWS)
    run(ada, work_off())
    work_off()
    first = Initiative.objects.order_by("pk")[0]
    day = Organisation.get().day_of(clock.now())
    assert Event.objects.filter(initiative=first, actor=ada).count() == 1
    assert load(Initiative.objects.all(), Organisation.get(), day).facts.acts == {}
    with transaction.atomic():
        ledger = Ledger(clock.now())
        ledger.append(Actor.person(ada), "answer.recorded", {}, first.pk)
        ledger.close()
    assert load(Initiative.objects.all(), Organisation.get(), day).facts.acts == {first.pk: (0, 0, 0, 1)}


def test_the_same_file_again_has_nothing_to_write(ada: User) -> None:
    for _ in range(2):
        upload(ada, ROWS)
        check = work_off()
        if check.result["new"]:
            run(ada, check)
            work_off()
    assert check.result["same"] == 5
    assert "There is nothing to write" in page_of(ada, check).text
    assert Initiative.objects.count() == 5


def test_rows_that_cannot_be_used_are_shown_and_left_out_only_when_told_to(ada: User) -> None:
    upload(ada, [*ROWS, BAD])
    check = work_off()
    page = page_of(ada, check)
    assert "What could not be used" in page.text and "Row left out" in page.text
    refused = run(ada, check)
    assert refused.status_code == 422 and "Say what is to become" in refused.content.decode()
    assert newest() == check, "nothing was asked for"
    run(ada, check, skip_bad="1")
    assert work_off().result["written"] == 5


def test_what_is_killed_half_way_is_carried_on_and_nothing_is_doubled(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH", 2)
    upload(ada, ROWS)
    run(ada, work_off())
    work = newest()
    honest, calls = writing._write_batch, []

    def dies(batch: Any, of: Any) -> None:
        calls.append(batch)
        if len(calls) == 2:
            raise OperationalError("killed")
        honest(batch, of)

    monkeypatch.setattr(writing, "_write_batch", dies)
    with pytest.raises(OperationalError):
        jobs.carry_on(work.pk, clock.now())
    work.refresh_from_db()
    assert (work.state, work.done, Initiative.objects.count()) == (State.RUNNING, 2, 2)
    assert jobs.forgotten(clock.now(), lambda _: None) == 0, "its sign of life is young"
    LongWork.objects.update(beat_at=clock.now() - LEASE)
    assert "Nothing has happened for a while" in page_of(ada, work).text
    sent: list[int] = []
    assert jobs.forgotten(clock.now(), sent.append) == 1 and sent == [work.pk]
    work_off(work)
    assert (work.state, work.done, work.total, work.result["written"]) == (State.DONE, 5, 5, 5)
    assert Initiative.objects.count() == Event.objects.filter(verb="initiative.imported").count() == 5


def test_a_long_one_is_written_in_slices(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 2)
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    upload(ada, ROWS)
    run(ada, work_off())
    work = newest()
    assert jobs.carry_on(work.pk, clock.now()), "something is left"
    work.refresh_from_db()
    assert (work.state, work.done, work.total) == (State.WAITING, 2, 5)
    assert "2 of 5 rows are written" in page_of(ada, work).text
    assert work_off(work).result["written"] == 5


def shown(page: Node) -> list[str]:
    """The figures of the result, as the page shows them."""
    return [tile.text for tile in page.all(class_="stat__value")]


@pytest.mark.parametrize("in_slices", [True, False])
def test_what_was_written_in_slices_is_told_as_if_it_had_been_in_one_go(
    ada: User, monkeypatch: pytest.MonkeyPatch, in_slices: bool
) -> None:
    upload(ada, ROWS)
    run(ada, work_off())
    work_off()
    changed = [
        row(name=f"Number {number}", unit="HR", stage="Trial", begun="6/1/2026") for number in (0, 1, 2)
    ]
    new = [row(name=f"Number {number}", unit="HR", stage="Idea", begun="6/1/2026") for number in (5, 6, 7, 8)]
    if in_slices:
        monkeypatch.setattr(writing, "BATCH", 2)
        monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    upload(ada, [*changed, ROWS[3], *new, BAD])
    check = work_off()
    run(ada, check, skip_bad="1")
    work = newest()
    assert jobs.carry_on(work.pk, clock.now()) is in_slices
    written = work_off(work)
    kept = written.result[REMAINS]
    assert kept and kept != check.result[REMAINS], "each has a file of its own"
    assert written.result == check.result | {"written": 7, REMAINS: kept}
    assert shown(page_of(ada, written)) == shown(page_of(ada, check)) == ["4", "3", "1", "1"]
    assert len(written.result["gone"]) == 1, "Number 4 is not in this file"


def test_a_file_that_takes_long_to_read_is_written_for_a_fair_while_and_within_the_limit(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH", 1)
    upload(ada, ROWS)
    run(ada, work_off())
    honest_read, honest_batch, passed = jobs.read, writing._write_batch, [timedelta(0)]
    start = clock.now()

    def slow_read(*given: Any) -> jobs.Read:
        passed[0] += timedelta(seconds=60)
        return honest_read(*given)

    def slow_batch(*given: Any) -> None:
        passed[0] += timedelta(seconds=6)
        honest_batch(*given)

    monkeypatch.setattr(jobs, "read", slow_read)
    monkeypatch.setattr(writing, "_write_batch", slow_batch)
    monkeypatch.setattr(clock, "now", lambda: start + passed[0])
    work = newest()
    assert jobs.carry_on(work.pk, start)
    work.refresh_from_db()
    assert work.done == 3, "a minute after it began it still writes"
    assert passed[0] < timedelta(seconds=tasks.carry_on.soft_time_limit or 0)
    assert not jobs.carry_on(work.pk, start + passed[0])
    work.refresh_from_db()
    assert (work.state, work.result["written"]) == (State.DONE, 5)


def test_a_task_that_began_its_last_batch_has_time_to_end_it() -> None:
    assert jobs.LATEST + timedelta(seconds=15) <= timedelta(seconds=tasks.carry_on.soft_time_limit or 0)


def test_two_at_once_are_refused_and_the_other_is_shown(ada: User) -> None:
    upload(ada, ROWS[:2])
    check = work_off()
    upload(ada, ROWS)
    other = work_off()
    run(ada, check)
    first = newest()
    again = run(ada, other)
    assert again.status_code == 409
    assert read(again).links()["Look at it"] == f"{HOME}{first.pk}/"
    work_off(first)
    assert run(ada, other).status_code == 302


def test_what_was_written_is_not_offered_again(ada: User) -> None:
    upload(ada, ROWS)
    check = work_off()
    assert "Import them" in page_of(ada, check).text
    run(ada, check)
    first = newest()
    page = page_of(ada, check)
    assert "Import them" not in page.text and "It is being written" in page.text
    assert run(ada, check)["Location"] == f"{HOME}{first.pk}/" and newest() == first, (
        "no second one is asked for"
    )
    work_off(first)
    page = page_of(ada, check)
    assert "Import them" not in page.text and "Written for Ada, " in page.text
    assert page.links()["Look at the import"] == f"{HOME}{first.pk}/"
    LongWork.objects.filter(pk=first.pk).update(state=State.FAILED.value)
    assert "Import them" in page_of(ada, check).text, "what failed may be tried again"


def test_it_ends_with_what_came_in_and_leads_to_the_list_of_it(ada: User, lena: User) -> None:
    create(lena, name="Here before")
    upload(ada, [row(name=f"Earlier {number}", unit="HR", stage="Idea") for number in range(2)])
    run(ada, work_off())
    earlier = work_off()
    upload(ada, [*(row(name=f"Earlier {number}", unit="HR", stage="Trial") for number in range(2)),
                 *(row(name=f"Later {number:02}", unit="HR", stage="Idea") for number in range(13))])  # fmt: skip
    check = work_off()
    run(ada, check)
    later = work_off()
    for work, shown_there in ((later, later), (check, later)):
        page = page_of(ada, work)
        names = [link.text for link in page.all("a", class_="strong plain-link")]
        assert names == [
            *(f"Earlier {number}" for number in range(2)),
            *(f"Later {number:02}" for number in range(8)),
        ]
        main = [link for link in page.all("a") if "button--primary" in link.attrs.get("class", "")]
        assert [link.text for link in main] == ["Show the 15 initiatives that came in"]
        assert main[0].attrs["href"] == f"/initiatives/?behind=imported%3A{shown_there.pk}"
        assert page.links()["Import another file"] == HOME
    found = read(pages(ada).get(f"/initiatives/?behind=imported%3A{later.pk}"))
    assert "15" in found.by_id("found").text and "Here before" not in found.text
    assert f"Came in with import {later.pk}" in found.text
    written_first = found_behind(Initiative.objects.all(), f"imported:{earlier.pk}", clock.now().date())
    assert written_first is not None
    assert {one.name for one in written_first.rows} == {"Earlier 0", "Earlier 1"}
    seen = read(pages(lena).get(f"/initiatives/?behind=imported%3A{later.pk}"))
    assert (
        int(seen.by_id("found").text.split()[0])
        == Initiative.objects.visible_to(lena).exclude(name="Here before").count()
    )


@pytest.mark.parametrize("asked", ["", "x", "1.5", "-1", "٣", "9" * 40, "0"])
def test_an_import_that_is_none_is_no_question(asked: str) -> None:
    assert found_behind(Initiative.objects.all(), f"imported:{asked}", clock.now().date()) is None


def lines_of(by: User, work: LongWork, **headers: str) -> list[list[str]]:
    response = pages(by).get(f"{HOME}{work.pk}/left-out.csv", headers=headers)
    assert response.status_code == 200 and response.streaming
    assert response["Content-Disposition"] == f'attachment; filename="left-out-{work.pk}.csv"'
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_every_row_that_was_left_out_can_be_taken_along_with_its_cells(ada: User, name: str) -> None:
    bad = [row(name="", unit="@1+1", stage="Idea", problem=f"Nr {number}, „é“") for number in range(70)]
    odd = row(name="Odd", unit="HR", stage="Idea", begun="not a day")
    upload(ada, [*ROWS, *bad, odd], name)
    check = work_off()
    page = page_of(ada, check)
    assert "The first 50 of 71." in page.text
    assert page.links()["Take all 71 along (CSV)"] == f"{HOME}{check.pk}/left-out.csv"
    run(ada, check, skip_bad="1")
    for work in (check, work_off()):
        head, *lines = lines_of(ada, work)
        assert head == ["Row", "What", "Column", "Text", "Reason", "Why", *HEADER]
        gone = [line for line in lines if line[1] == "row left out"]
        assert [int(line[0]) for line in gone] == list(range(7, 77))
        first = dict(zip(head, gone[0], strict=True))
        assert (first["Column"], first["Reason"]) == ("Name", "missing")
        assert first["Why"] == "The row does not say what an initiative needs: name."
        assert first["Problem"] == "Nr 0, „é“"
        assert first["Unit"] == "'@1+1", "no formula"
        (cell,) = [line for line in lines if line[1] != "row left out"]
        assert (cell[0], cell[3]) == ("77", "not a day") and len(cell) == 6
    german = lines_of(ada, check, accept_language="de")
    assert german[0][0] == "Zeile" and german[1][1] == "Zeile ausgelassen"


def test_the_rows_are_kept_as_long_as_it_says_and_no_longer(ada: User) -> None:
    upload(ada, [*ROWS, BAD])
    check = work_off()
    key, later = check.result[REMAINS], clock.now() + timedelta(days=3)
    Path(default_storage.path(key)).touch()
    sweep_orphans(later)
    assert default_storage.exists(key) and not default_storage.exists(check.params["file_key"])
    assert len(lines_of(ada, check)) == 2
    sweep_orphans(clock.now() + REMAINS_KEPT + timedelta(hours=1))
    assert not default_storage.exists(key)
    assert pages(ada).get(f"{HOME}{check.pk}/left-out.csv").status_code == 404
    assert "Take it along" not in page_of(ada, check).text
    upload(ada, ROWS)
    assert pages(ada).get(f"{HOME}{work_off().pk}/left-out.csv").status_code == 404, (
        "there is nothing left out"
    )


def test_what_is_no_spreadsheet_or_no_mapping_is_refused_with_the_reason(ada: User) -> None:
    cases = [
        ({"file": SimpleUploadedFile("list.pdf", b"%PDF-1.7")}, "ends in .csv or .xlsx"),
        ({"file": SimpleUploadedFile("list.xlsx", b"not a workbook")}, "list.xlsx"),
        ({"mapping_file": SimpleUploadedFile("acme.yaml", b"mapping: 3\n")}, "acme.yaml"),
    ]
    for given, _words in cases:
        response = upload(ada, ROWS, **given)
        assert response.status_code == 422
        assert read(response).all(class_="field__errors") or "form-errors" in response.content.decode()
    assert not LongWork.objects.exists()
    upload(ada, ROWS, mapping=MAPPING.replace("columns", "cols"))
    assert not LongWork.objects.exists(), "a mistake in the mapping is told before anything is stored"


def summary(response: Any) -> list[str]:
    """What the head of the refused form lists, and the count that it announces."""
    (box,) = read(response).all(class_="form-errors")
    return [box.all(class_="form-errors__title")[0].text, *(one.text for one in box.all("li"))]


def test_each_mistake_of_a_mapping_is_told_by_itself_and_counted(ada: User) -> None:
    wrong = MAPPING.replace("poc: 30", "poc: soon").replace("Us: build", "Us: own")
    wrong = wrong.replace("answer: not_met", "answer: perhaps")
    response = upload(ada, ROWS, mapping=wrong)
    assert response.status_code == 422
    title, *told = summary(response)
    assert title == "3 things need your attention"
    words = ("'poc' must be a whole number", "'Us' must be one of build", "'answer' must be one of met")
    for one, word, place in zip(told, words, ("poc: soon", "Us: own", "answer: perhaps"), strict=True):
        line = wrong[: wrong.index(place)].count("\n") + 1
        assert f"acme.yaml, line {line}: {word}" in one
    page = read(response)
    assert "3 mistakes; they are listed above." in page.by_id("id_mapping_file_error").text
    assert page.text.count("'poc' must be a whole number") == 1


def test_a_column_that_the_file_lacks_is_named_with_the_nearest_before_anything_is_asked_for(
    ada: User,
) -> None:
    misspelt = MAPPING.replace("name: {column: Name}", "name: {column: Nam}").replace("Topic", "Weather")
    for name in ("list.csv", "list.xlsx"):
        title, *told = summary(upload(ada, ROWS, name, misspelt))
        assert title == "2 things need your attention"
        assert "acme.yaml, line 8: the file has no column 'Nam'; did you mean 'Name'?" in told[0]
        assert "the file has no column 'Weather'" in told[1]
    assert not LongWork.objects.exists()
    german = read(
        pages(ada).post(
            HOME,
            {
                "file": SimpleUploadedFile("list.csv", b"A;B\n1;2\n"),
                "mapping_file": SimpleUploadedFile("acme.yaml", MAPPING.encode()),
            },
            HTTP_ACCEPT_LANGUAGE="de",
        )
    )
    assert "die Datei hat keine Spalte" in german.text and "has no column" not in german.text


def kept_word(response: Any) -> str:
    (field,) = [one for one in read(response).all("input") if one.attrs.get("name") == "kept"]
    return field.attrs["value"]


def test_the_spreadsheet_is_kept_and_only_the_mapping_chosen_anew(ada: User) -> None:
    refused = upload(ada, ROWS, mapping=MAPPING.replace("column: Name", "column: Nam"))
    assert "list.csv is kept" in read(refused).text
    word = kept_word(refused)
    own = SimpleUploadedFile("acme.yaml", MAPPING.replace("Problem", "Trouble").encode())
    again = pages(ada).post(HOME, {"kept": word, "mapping_file": own})
    assert "did you mean 'Problem'" in summary(again)[1] or "no column 'Trouble'" in summary(again)[1]
    own = SimpleUploadedFile("acme.yaml", MAPPING.encode())
    assert pages(ada).post(HOME, {"kept": kept_word(again), "mapping_file": own}).status_code == 302
    assert (newest().title, work_off().result["new"]) == ("list.csv", 5)


def test_what_is_kept_is_of_whom_it_was_uploaded_by(ada: User, omar: User) -> None:
    User.objects.filter(pk=omar.pk).update(is_admin=True)
    word = kept_word(upload(ada, ROWS, mapping=MAPPING.replace("column: Name", "column: Nam")))
    own = SimpleUploadedFile("acme.yaml", MAPPING.encode())
    refused = pages(omar).post(HOME, {"kept": word, "mapping_file": own})
    assert refused.status_code == 422 and "list.csv" not in read(refused).text
    own.seek(0)
    assert pages(ada).post(HOME, {"kept": word[:-1], "mapping_file": own}).status_code == 422
    assert not LongWork.objects.exists()


def by_headings(by: User, header: tuple[str, ...], *rows: tuple[str, ...]) -> Any:
    return pages(by).post(
        HOME, {"file": SimpleUploadedFile("list.csv", csv_bytes(rows, header)), "mapping": ""}
    )


def test_without_a_mapping_the_headings_say_it_and_the_check_shows_what_they_are_taken_for(ada: User) -> None:
    header = ("Name", "Abteilung", "Status", "Kosten")
    rows = (("Chat", "HR", "Pilotbetrieb", "3"), ("Post", "IT", "Idee", "4"))
    assert by_headings(ada, header, *rows).status_code == 302
    check = work_off()
    assert check.state == State.DONE
    shown_there = page_of(ada, check).text
    for words in ("No mapping was chosen", "Abteilung Business unit", "Status Stage", "Not used Kosten"):
        assert words in shown_there, words
    run(ada, check)
    assert work_off().result["written"] == 2
    chat = Initiative.objects.get(name="Chat")
    assert (chat.stage, chat.business_unit, chat.source) == ("pilot", "HR", "by-headings")


def test_the_same_list_on_another_day_has_nothing_to_write(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_headings(ada, ("Name", "Stage"), ("Chat", "Pilot"), ("Post", "Idea"))
    run(ada, work_off())
    work_off()
    later = clock.now() + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr("readiness.importing.pages.now", lambda: later)
    by_headings(ada, ("Name", "Stage"), ("Chat", "Pilot"), ("Post", "Trial"))
    check = work_off()
    assert check.params["as_of"] == later.date().isoformat()
    assert [check.result[name] for name in ("new", "changed", "same")] == [0, 1, 1]


def test_headings_that_say_too_little_are_refused_each_by_itself(ada: User) -> None:
    refused = by_headings(ada, ("Nmae", "Cost"), ("Chat", "3"))
    assert refused.status_code == 422
    title, *told = summary(refused)
    assert title == "2 things need your attention"
    assert "is 'Nmae' meant?" in told[0] and "Stage / Phase" in told[1]
    assert not LongWork.objects.exists()


def test_the_template_can_be_taken_and_sent_back_as_it_is(ada: User) -> None:
    page = read(pages(ada).get(HOME))
    links = page.links()
    sheet = b"".join(pages(ada).get(links["Template to fill in (CSV)"]).streaming_content)
    mapping = b"".join(pages(ada).get(links["Its mapping (YAML)"]).streaming_content)
    assert "docs/importing.md" not in page.text and "Words for a stage" in page.text
    for given in ({}, {"mapping_file": SimpleUploadedFile("mapping.yaml", mapping)}):
        pages(ada).post(HOME, {"file": SimpleUploadedFile("list.csv", sheet), **given})
        check = work_off()
        assert (check.state, check.result["new"], check.result["entries_count"]) == (State.DONE, 2, 0)


def test_a_check_that_failed_leads_to_another_mapping_for_the_same_file(ada: User) -> None:
    upload(ada, [])
    failed = work_off()
    assert failed.state == State.FAILED
    link = page_of(ada, failed).links()["Choose another mapping for this file"]
    assert "list.csv is kept" in read(pages(ada).get(link)).text
    for other in ("0", "x", "9" * 30, str(failed.pk + 1)):
        assert "is kept" not in read(pages(ada).get(f"{HOME}?again={other}")).text
    default_storage.delete(failed.params["file_key"])
    assert "Choose another mapping" not in page_of(ada, failed).text


def test_a_mistake_in_a_mapping_is_told_in_the_language_of_who_uploads_it(ada: User) -> None:
    wrong = SimpleUploadedFile("acme.yaml", MAPPING.replace("columns", "cols").encode())
    given = {"file": SimpleUploadedFile("list.csv", b"A;B\n1;2\n"), "mapping_file": wrong}
    response = pages(ada).post(HOME, given, HTTP_ACCEPT_LANGUAGE="de")
    assert response.status_code == 422
    assert re.search(r"acme\.yaml, Zeile \d+: 'cols' ist hier nicht bekannt", read(response).text)


def test_a_file_that_is_gone_and_a_person_who_is_no_admin_any_more(ada: User) -> None:
    upload(ada, ROWS)
    check = work_off()
    default_storage.delete(check.params["file_key"])
    run(ada, check)
    gone = work_off()
    assert gone.state == State.FAILED and "Upload it again" in gone.message
    upload(ada, ROWS)
    User.objects.filter(pk=ada.pk).update(is_admin=False)
    assert work_off().message == jobs.NOT_ALLOWED
    assert Initiative.objects.count() == 0


def test_nobody_else_comes_near(ada: User, lena: User, elsa: User) -> None:
    upload(ada, ROWS)
    work = work_off()
    for user in (lena, elsa):
        for path in ("", f"{work.pk}/", f"{work.pk}/progress/"):
            assert pages(user).get(HOME + path).status_code == 403
        for path in (f"{work.pk}/run/", f"{work.pk}/resume/"):
            assert pages(user).post(HOME + path).status_code == 403


def test_the_progress_asks_anew_until_it_is_done(ada: User) -> None:
    upload(ada, ROWS)
    work = newest()
    url = f"{HOME}{work.pk}/progress/"
    part = pages(ada).get(url, HTTP_HX_REQUEST="true")
    assert "every 2s" in part.content.decode() and "HX-Refresh" not in part
    assert page_of(ada, work).links()["Look again"] == f"{HOME}{work.pk}/"
    work_off(work)
    part = pages(ada).get(url, HTTP_HX_REQUEST="true")
    assert "every 2s" not in part.content.decode() and part["HX-Refresh"] == "true"
