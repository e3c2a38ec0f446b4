"""What is taken along proves itself elsewhere: with the guide's own program, on nothing but the file."""

import csv
import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import User
from readiness.audit import searching
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, Ledger, record, verify
from readiness.audit.telling import COLUMNS
from tests.fixtures import create, pages
from tests.integration.audit.test_chain import HARD_TEXTS, KNOWN
from tests.integration.workbench.markup import read
from tests.services.stacks import REPOSITORY

pytestmark = pytest.mark.django_db
FORMATS = ("ndjson", "csv")
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def told(lena: User) -> list[Event]:
    """A few events with everything that is hard to write down."""
    create(lena, name='Ölpreis, "Vorhersage"')
    record(Actor.person(lena, token_name=FORMULA), "thing.done", {"texts": HARD_TEXTS}, clock.now())
    record(COMMAND, "thing.done", KNOWN, datetime(2026, 1, 5, 12, 0, 0, 5, tzinfo=UTC))
    record(COMMAND, "other.done", {}, datetime(2026, 1, 6, tzinfo=UTC))
    return list(Event.objects.order_by("seq"))


def taken(by: User, form: str, query: str = "") -> HttpResponse:
    answer = pages(by).get(f"/audit/file/{form}/{query}")
    assert answer.status_code == 200 and answer.streaming  # type: ignore[attr-defined]
    return answer


def text_of(answer: HttpResponse) -> str:
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def lines_of(answer: HttpResponse) -> list[str]:
    """Without the ends. A text may hold other characters that end lines elsewhere."""
    return [line for line in re.split(r"\r?\n", text_of(answer)) if line]


def checked(folder: Path, form: str, text: str) -> tuple[int, str]:
    """What the program of the guide says of this file: its exit status, and all that it printed."""
    guide = (REPOSITORY / "docs" / "guide.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    script, file = folder / "check.py", folder / f"trail.{form}"
    script.write_text(program, encoding="utf-8")
    file.write_text(text, encoding="utf-8", newline="")
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(file)], capture_output=True, text=True, timeout=60
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.mark.parametrize("form", FORMATS)
def test_the_chain_is_recomputed_from_the_file_alone(
    told: list[Event], iris: User, form: str, tmp_path: Path
) -> None:
    answer = taken(iris, form)
    said = checked(tmp_path, form, text_of(answer))
    assert said == (0, f"{len(told)} events hold. The last one is {told[-1].seq} {told[-1].hash}")
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-trail-')


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Vorhersage", "Nachhersage"),
        ("2.5", "2.6"),
        ("2026-01-06", "2026-01-07"),
        ("other.done", "other.went"),
    ],
)
def test_a_file_that_was_changed_does_not_hold(
    told: list[Event], iris: User, form: str, old: str, new: str, tmp_path: Path
) -> None:
    text = text_of(taken(iris, form))
    assert old in text
    status, said = checked(tmp_path, form, text.replace(old, new))
    assert status == 1 and "is not what was recorded" in said


@pytest.mark.parametrize("form", FORMATS)
def test_a_line_that_was_taken_out_or_put_in_is_seen(
    told: list[Event], iris: User, form: str, tmp_path: Path
) -> None:
    lines = lines_of(taken(iris, form))
    first = 2 if form == "csv" else 1
    _status, said = checked(tmp_path, form, "\n".join(lines[:first] + lines[first + 1 :]))
    assert "Events 2 to 2 are not in the file" in said
    _status, said = checked(tmp_path, form, "\n".join([*lines, lines[-1]]))
    assert "are not in the file" in said


def test_a_line_of_ndjson_holds_all_that_was_recorded(told: list[Event], iris: User, lena: User) -> None:
    rows = [json.loads(line) for line in lines_of(taken(iris, "ndjson"))]
    assert [row["seq"] for row in rows] == [1, 2, 3, 4]
    assert [row["data"] for row in rows] == [event.data for event in told]
    assert rows[2]["at"] == "2026-01-05T12:00:00.000005+00:00"
    assert (rows[1]["actor"], rows[1]["actor_id"], rows[1]["token_name"]) == ("lena", lena.pk, FORMULA)
    assert (rows[0]["initiative"], rows[3]["actor"]) == (told[0].initiative.ref, None)  # type: ignore[union-attr]


def test_no_cell_of_the_table_is_a_formula(told: list[Event], iris: User) -> None:
    rows = list(csv.DictReader(StringIO(text_of(taken(iris, "csv")), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1]["token_name"] == f"'{FORMULA}"
    assert json.loads(rows[1]["hashed"])["token_name"] == FORMULA
    assert [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ] == []
    text = rows[2]["hashed"]
    assert hashlib.sha256(f"{rows[2]['previous_hash']}\n{text}".encode()).hexdigest() == rows[2]["hash"]


def test_it_holds_what_the_filters_ask_for(told: list[Event], iris: User) -> None:
    def numbers(query: str) -> list[int]:
        return [json.loads(line)["seq"] for line in lines_of(taken(iris, "ndjson", query))]

    assert numbers("?who=lena") == [1, 2]
    assert numbers("?verb=initiative.created") == numbers("?q=vorhersage") == [1]
    assert numbers("?since=2026-01-06&until=2026-01-06") == [4]
    assert numbers("?until=2026-01-05") == [3]
    assert numbers(f"?about={told[0].initiative.ref}") == [1]  # type: ignore[union-attr]
    assert numbers("?q=nothing+of+it") == []


def test_with_a_filter_that_is_not_understood_nothing_is_handed_out(told: list[Event], iris: User) -> None:
    answer = pages(iris).get("/audit/file/csv/?who=nobody+at+all&verb=thing.done")
    assert answer.status_code == 302 and answer["Location"] == "/audit/?who=nobody+at+all"
    assert pages(iris).get("/audit/file/xlsx/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("iris", 200), ("ada", 200), ("lena", 403), ("ravi", 403), ("elsa", 403)]
)
def test_it_is_open_to_auditors_and_admins(request: pytest.FixtureRequest, who: str, status: int) -> None:
    by = request.getfixturevalue(who)
    assert {pages(by).get(f"/audit/file/{form}/").status_code for form in FORMATS} == {status}


def reads_of_events(asked: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in asked if one["sql"].startswith("SELECT") and "previous_hash" in one["sql"]]


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_written_while_it_is_read(
    told: list[Event], iris: User, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "BATCH", 2)
    client = pages(iris)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/audit/file/{form}/")
        before = reads_of_events(asked)
        parts = iter(answer.streaming_content)  # type: ignore[attr-defined]
        next(parts), next(parts)
        reads = reads_of_events(asked)
    assert before == [] and len(reads) == 1 and "LIMIT 2" in reads[0]


def downloads() -> list[Event]:
    return list(Event.objects.filter(verb="trail.downloaded").order_by("seq"))


@pytest.mark.parametrize("form", FORMATS)
def test_that_it_left_is_an_event_with_its_filters_and_how_far_it_reaches(
    told: list[Event], iris: User, form: str
) -> None:
    about = told[0].initiative.ref  # type: ignore[union-attr]
    query = f"?q=vorhersage&verb=initiative.created&who=lena&about={about}&since=2026-01-02&until=2026-12-31"
    text_of(taken(iris, form, query))
    text_of(taken(iris, form))
    first, second = downloads()
    assert (first.seq, first.actor, first.initiative, first.token_name) == (5, iris, None, "")
    assert first.data == {
        "format": form,
        "filters": {
            "words": "vorhersage",
            "verb": "initiative.created",
            "actor": "lena",
            "initiative": about,
            "since": "2026-01-02T00:00:00Z",
            "until": "2027-01-01T00:00:00Z",
        },
        "up_to": 4,
    }
    assert second.data == {"format": form, "filters": {}, "up_to": 5}
    assert verify()[1] is None


def test_a_file_holds_every_event_before_its_own_and_the_next_file_that_one_too(
    told: list[Event], iris: User
) -> None:
    def numbers() -> list[int]:
        return [json.loads(line)["seq"] for line in lines_of(taken(iris, "ndjson"))]

    assert numbers() == [1, 2, 3, 4]
    answer = taken(iris, "ndjson")
    record(COMMAND, "other.done", {}, clock.now())
    assert len(lines_of(answer)) == 5, "what happens between the two is in the next one"
    assert numbers() == [1, 2, 3, 4, 5, 6, 7]


def test_what_breaks_off_half_way_was_noted_before_it_began(told: list[Event], iris: User) -> None:
    answer = taken(iris, "ndjson")
    assert len(downloads()) == 1
    next(iter(answer.streaming_content))  # type: ignore[attr-defined]
    del answer
    assert len(downloads()) == 1


def test_who_only_looks_or_is_refused_leaves_no_event(told: list[Event], iris: User, lena: User) -> None:
    assert pages(iris).head("/audit/file/csv/").status_code == 200
    assert pages(iris).get("/audit/file/csv/?who=nobody+at+all").status_code == 302
    assert pages(iris).get("/audit/file/xlsx/").status_code == 404
    assert pages(lena).get("/audit/file/csv/").status_code == 403
    assert pages(iris).get("/audit/").status_code == 200
    assert downloads() == []


def test_what_cannot_be_noted_does_not_leave(
    told: list[Event], iris: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError("The trail is away")

    monkeypatch.setattr(Ledger, "append", refuses)
    with pytest.raises(OSError, match="trail is away"):
        pages(iris).get("/audit/file/csv/")


def test_the_page_tells_it_in_words(told: list[Event], iris: User) -> None:
    text_of(taken(iris, "csv"))
    text_of(taken(iris, "ndjson", "?q=vorhersage&verb=initiative.created&who=lena&since=2026-01-02"))
    page = read(pages(iris).get("/audit/?verb=trail.downloaded")).text
    assert "Audit trail downloaded" in page
    assert "CSV, up to event 4" in page and "Every event" in page
    for words in (
        "NDJSON, up to event 5",
        "Words: vorhersage",
        "Event: Initiative: created",
        "Person: lena",
        "From: 2 Jan 2026, 00:00",
    ):
        assert words in page, words
