"""A spreadsheet comes in by the command, as the tables show it afterwards."""

import csv
import json
import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from checklists.models import Answer, Evidence
from gates.models import NAME_MAX as MODEL_NAME_MAX
from gates.models import PROBLEM_MAX as MODEL_PROBLEM_MAX
from gates.models import Initiative, StageEntry
from readiness import clock, planner
from readiness.accounts.models import User
from readiness.actions import fields, pieces
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.initiatives import edit_initiative
from readiness.actions.starting import choose_starting
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.importing import answering, mapping_file, plan, writing
from readiness.importing.reading import Source
from readiness.importing.writing import Import, ImportRefused, write
from readiness.standing.models import Flag, Standing
from tests.fixtures import api, pages
from tests.own_frameworks import own_text, published
from tests.unit.importing.building import AS_OF, MAPPING, csv_bytes, planned, row, xlsx_bytes

pytestmark = pytest.mark.django_db

ROWS = [
    row(name="Sorting invoices", unit="Finance", stage="Pilot", begun="1/2/2025", tried="3/1/2025", used="5/1/2025",
        made_by="A vendor", topic="Back office", tested="Yes, in May", reviewed="Yes"),
    row(name="Reading forms", unit="HR", stage="Idea", begun="6/1/2026", tested="No"),
    row(name="Old chatbot", unit="HR", stage="Switched off", tried="3/1/2024"),
]  # fmt: skip


class Folder:
    """A spreadsheet and a mapping in a folder, and the command run on them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mapping(MAPPING)

    def mapping(self, text: str) -> None:
        (self.path / "acme.yaml").write_text(text)

    def run(self, rows: list[Any], *options: str, name: str = "list.csv") -> str:
        (self.path / name).write_bytes(xlsx_bytes(rows) if name.endswith("xlsx") else csv_bytes(rows))
        out = StringIO()
        mapping = str(self.path / "acme.yaml")
        call_command("import_portfolio", str(self.path / name), *options, mapping=mapping, stdout=out)
        return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def the(name: str) -> Initiative:
    return Initiative.objects.get(name=name)


def everything() -> list[Any]:
    """What stands in the tables an import writes."""
    models = (Initiative, StageEntry, Answer, Evidence, Standing, Flag, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]


def written(rows: list[Any], text: str = MAPPING, **options: Any) -> Any:
    """Rows written by the service itself."""
    initiatives, _ = planned(*rows, text=text)
    mapping = mapping_file.parse(text.encode(), "acme.yaml")
    return write(initiatives, Import(mapping, Source("list.csv", "csv", "0" * 64), clock.now()), **options)


def test_an_initiative_comes_in_as_its_row_says_and_what_the_row_does_not_say_is_unknown(folder):
    assert not User.objects.exists()
    assert "3 created" in folder.run(ROWS)
    one = the("Sorting invoices")
    assert (one.stage, one.stage_since, one.taken_over) == ("pilot", date(2025, 5, 1), True)
    assert (one.business_unit, one.approach, one.tags) == ("Finance", "buy", ["Back office"])
    assert (one.poc_days, one.pilot_days, one.rollout_days) == (30, 90, None)
    assert (one.source, one.as_of, one.people_known, one.last_activity_on) == ("acme", AS_OF, False, None)
    assert (one.created_by, one.budget_planned, one.version) == (None, None, 1)
    assert one.business_problem == "not stated in the source"
    assert [passage.framework_slug for passage in one.passages.all()][:1] != []
    assert not one.team_roles.exists()


def test_the_days_of_the_file_are_its_stage_history(folder):
    folder.run(ROWS)
    stays = the("Sorting invoices").stage_entries.order_by("pk").values_list("stage", "entered_on", "left_on")
    assert list(stays) == [
        ("intake", date(2025, 1, 2), date(2025, 3, 1)),
        ("poc", date(2025, 3, 1), date(2025, 5, 1)),
        ("pilot", date(2025, 5, 1), None),
    ]


def test_what_is_retired_without_a_day_in_live_comes_in_and_no_day_is_made_up(folder):
    folder.run(ROWS)
    one = the("Old chatbot")
    assert (one.stage, one.stage_since, one.taken_over) == ("retired", None, True)
    stays = one.stage_entries.order_by("pk").values_list("stage", "entered_on", "left_on")
    assert list(stays) == [("poc", date(2024, 3, 1), AS_OF), ("retired", None, None)]
    assert "does not say since when" in one.stage_entries.get(stage="retired").reason
    assert "does not say until when" in one.stage_entries.get(stage="poc").reason


def test_an_answer_comes_with_the_statement_behind_it_and_counts(folder):
    folder.run(ROWS)
    one = the("Sorting invoices")
    answer = Answer.objects.get(assessment__passage__initiative=one, item__code="DATA-4")
    assert (answer.declared, answer.note, answer.answered_by) == ("partial", "Tested in production.", None)
    piece = Evidence.objects.get(assessment__passage__initiative=one, item__code="DATA-4")
    assert (piece.kind, piece.title) == ("statement", "Tested in production: “Yes, in May”")
    assert (piece.stated_by, piece.effective_on, piece.added_by) == (
        "Finance in the list of 2026",
        AS_OF,
        None,
    )
    assert (one.standing.effective["DATA-4"], one.standing.partial) == ("partial", 2)


def test_words_that_are_not_enough_for_an_answer_are_kept_and_count_nothing(folder):
    folder.run([row(tested="In part")])
    one = the("Sorting invoices")
    assert set(Answer.objects.values_list("declared", flat=True)) == {None}
    assert Evidence.objects.count() == 2
    assert (one.standing.unanswered, one.standing.score) == (20, 0)


def test_flags_count_to_the_day_of_the_file_and_what_is_unknown_raises_none(folder):
    folder.run(ROWS)
    flags = {
        (flag.initiative.name, flag.code, flag.severity) for flag in Flag.objects.select_related("initiative")
    }
    # 425 days in a pilot that was planned for 90; 29 days in intake are no matter.
    assert {code for _, code, _ in flags} <= {"stage_overrun", "clean_data_only", "mocked_integration"}
    assert ("Sorting invoices", "stage_overrun", "critical") in flags
    assert {name for name, _, _ in flags} == {"Sorting invoices"}
    assert Standing.objects.get(initiative__name="Sorting invoices").stalled is True


def test_each_initiative_leaves_one_event_of_the_import_and_the_chain_holds(folder):
    folder.run(ROWS)
    events = list(Event.objects.order_by("seq"))
    assert [(event.verb, event.actor_kind, event.actor) for event in events] == [
        ("initiative.imported", "import", None)
    ] * 3
    assert [(event.data["row"], event.data["name"]) for event in events] == [
        (2, "Sorting invoices"), (3, "Reading forms"), (4, "Old chatbot"),
    ]  # fmt: skip
    assert events[0].data["file"] == "list.csv"
    assert verify()[1] is None


def test_a_second_run_changes_nothing_at_all(folder):
    folder.run(ROWS)
    before = everything()
    assert "0 created, 0 brought up to date, 3 unchanged" in folder.run(ROWS)
    assert everything() == before


def test_rows_in_another_order_change_nothing_either(folder):
    folder.run(ROWS)
    before = everything()
    folder.run(ROWS[::-1])
    assert everything() == before


def test_a_dry_run_says_what_would_be_and_writes_nothing(folder):
    before = everything()
    assert "3 would be created, 0 would be brought up to date" in folder.run(ROWS, "--dry-run")
    assert everything() == before


@pytest.mark.parametrize(("options", "stay"), [((), 0), (("--in-batches",), 2)])
def test_in_batches_what_is_written_stays_and_others_get_between(folder, monkeypatch, options, stay):
    monkeypatch.setattr(writing, "BATCH", 2)
    honest, calls = writing._write_batch, []

    def dies(batch, run):
        calls.append(batch)
        if len(calls) == 2:
            raise OperationalError("killed")
        honest(batch, run)

    monkeypatch.setattr(writing, "_write_batch", dies)
    with pytest.raises(OperationalError):
        folder.run(ROWS, *options)
    assert Initiative.objects.count() == stay
    if stay:
        with pytest.raises(CommandError, match="1 rows cannot become initiatives"):
            folder.run([*ROWS, row(name="Stageless", stage="")], *options)
        monkeypatch.setattr(writing, "_write_batch", honest)
        assert "1 created" in folder.run(ROWS, *options), "it goes on from there"


def test_one_bad_row_keeps_all_of_them_out_unless_bad_ones_are_skipped(folder):
    before = everything()
    rows = [*ROWS, row(name="Stageless", stage="")]
    with pytest.raises(CommandError, match="Nothing was written: 1 rows cannot become initiatives"):
        folder.run(rows)
    assert everything() == before
    assert "Without --skip-bad nothing would be written" in folder.run(rows, "--dry-run")
    assert "3 created" in folder.run(rows, "--skip-bad")
    assert not Initiative.objects.filter(name="Stageless").exists()


def test_a_bad_cell_keeps_nothing_out(folder):
    assert "1 created" in folder.run([row(begun="Ongoing", made_by="Martians")])
    assert the("Sorting invoices").stage_since is None


def test_an_import_that_breaks_off_leaves_nothing_or_whole_batches_behind():
    rows = [row(name=f"Number {number}") for number in range(201)]
    initiatives, _ = planned(*rows)
    mapping = mapping_file.parse(MAPPING.encode(), "acme.yaml")
    run = Import(mapping, Source("list.csv", "csv", "0" * 64), clock.now())
    with pytest.raises(IntegrityError):
        write([*initiatives, initiatives[0]], run)
    assert not Initiative.objects.exists()
    assert not Event.objects.exists()
    with pytest.raises(IntegrityError):
        write([*initiatives, initiatives[0]], run, whole=False)
    assert Initiative.objects.count() == Event.objects.count() == 200
    assert len(write(initiatives, run).new) == 1
    assert Initiative.objects.count() == 201


def test_a_row_that_changed_is_brought_up_to_date_and_only_that_one(folder):
    folder.run(ROWS)
    untouched = the("Reading forms").updated_at
    changed = row(name="Sorting invoices", unit="Finance", stage="In use", problem="They wait.", used="5/1/2026",
                  tested="No", reviewed="Yes")  # fmt: skip
    assert "0 created, 1 brought up to date, 2 unchanged" in folder.run([changed, *ROWS[1:]])
    one = the("Sorting invoices")
    assert (one.stage, one.stage_since, one.business_problem) == ("live", date(2026, 5, 1), "They wait.")
    assert (one.version, one.approach, one.standing.stage) == (2, "", "live")
    assert "they wait." in one.search_key
    assert [entry.stage for entry in one.stage_entries.all()] == ["live"]
    assert the("Reading forms").updated_at == untouched
    event = Event.objects.latest("seq")
    assert (event.initiative, event.data["again"], Event.objects.count()) == (one, True, 4)


def test_what_a_row_no_longer_says_is_taken_back_and_leaves_its_trace(folder):
    folder.run(ROWS)
    folder.run([row(name="Sorting invoices", unit="Finance", stage="Pilot", tested="No"), *ROWS[1:]])
    one = the("Sorting invoices")
    answers = Answer.objects.filter(assessment__passage__initiative=one)
    assert dict(answers.values_list("item__code", "declared")) == {"DATA-4": "not_met", "GOVN-2": None}
    pieces_now = Evidence.objects.filter(assessment__passage__initiative=one)
    withdrawn = pieces_now.filter(withdrawn_at__isnull=False).values_list("item__code", "title")
    assert sorted(withdrawn) == [
        ("DATA-4", "Tested in production: “Yes, in May”"),
        ("GOVN-2", "Reviewed by privacy: “Yes”"),
        ("GOVN-2", "Tested in production: “Yes, in May”"),
    ]
    assert sorted(pieces_now.filter(withdrawn_at__isnull=True).values_list("item__code", flat=True)) == [
        "DATA-4",
        "GOVN-2",
    ]


def test_what_a_person_has_worked_on_since_is_theirs(folder, ada):
    folder.run(ROWS)
    one = the("Sorting invoices")
    people = {"business_owner": "ada", "technical_lead": "ada"}
    edit_initiative(one.pk, {"people": people}, Actor.person(ada), clock.now())
    record_answers(one.pk, [AnswerChange("DATA-4", "met")], Actor.person(ada), clock.now())
    before = everything()
    out = folder.run([row(name="Sorting invoices", unit="Finance", stage="Idea"), *ROWS[1:]])
    assert "1 differ from the file, but people have worked on them since" in out
    assert "rows 2" in out
    assert everything() == before


def test_what_a_person_worked_on_lives_in_the_present_from_then_on(folder, ada):
    folder.run(ROWS)
    one = the("Reading forms")
    edit_initiative(one.pk, {"people": {"technical_lead": "ada"}}, Actor.person(ada), clock.now())
    one.refresh_from_db()
    assert (one.as_of, one.people_known) == (None, True)
    assert one.standing.as_of > AS_OF


def test_what_is_no_longer_in_the_file_stays_and_is_named(folder):
    folder.run(ROWS)
    gone = the("Old chatbot")
    assert f"1 came in earlier and are not in this file: they are left alone ({gone.ref})" in folder.run(
        ROWS[:2]
    )
    assert the("Old chatbot").stage == "retired"


def test_equal_rows_are_two_initiatives_and_stay_two(folder):
    folder.run([row(problem="One"), row(problem="Two")])
    assert "2 unchanged" in folder.run([row(problem="One"), row(problem="Two")])
    assert sorted(Initiative.objects.values_list("business_problem", flat=True)) == ["One", "Two"]


def test_a_workbook_comes_in_like_a_csv_file(folder):
    folder.run(ROWS)
    before = everything()
    assert "0 created, 0 brought up to date, 3 unchanged" in folder.run(ROWS, name="list.xlsx")
    assert everything() == before


def test_two_mappings_do_not_meet(folder):
    folder.run(ROWS)
    folder.mapping(MAPPING.replace("mapping: acme", "mapping: other"))
    assert "3 created" in folder.run(ROWS)
    assert Initiative.objects.count() == 6


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_the_report_names_every_row_and_cell(folder, ending):
    path = folder.path / f"report.{ending}"
    rows = [row(name="A", begun="10/12023"), row(name="B", stage="Somewhere")]
    folder.run(rows, "--dry-run", "--report", str(path))
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            told = [(entry["row"], entry["column"], entry["text"]) for entry in csv.DictReader(file)]
    else:
        report = json.loads(path.read_text())
        entries = [*report["findings"], *report["left_out"]]
        told = [(str(entry["row"]), entry["column"], entry["text"]) for entry in entries]
    assert sorted(told) == [("2", "Begun", "10/12023"), ("3", "Stage", "Somewhere")]


def test_the_report_is_there_also_where_nothing_is_written(folder):
    path = folder.path / "report.csv"
    with pytest.raises(CommandError, match="Nothing was written"):
        folder.run([row(stage="")], "--report", str(path))
    assert "missing" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("where", ["report.xlsx", "nowhere/report.csv"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is(folder, where):
    with pytest.raises(CommandError, match="report"):
        folder.run(ROWS, "--report", str(folder.path / where))
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("item: GOVN-2", "item: GOVN-9", "has no item GOVN-9"),
        ("framework: five-gate", "framework: six-gate", "there is no such framework here"),
        ("as_of: '2026-06-30'", "as_of: '2099-01-01'", "a day that is still to come"),
        (
            "- column: Topic",
            "- column: Topics",
            "acme.yaml, line 13: the file has no column 'Topics'; did you mean",
        ),
        ("poc: 30", "poc: soon", "acme.yaml, line 5: 'poc' must be a whole number"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_its_reason(folder, right, wrong, message):
    assert right in MAPPING
    folder.mapping(MAPPING.replace(right, wrong))
    with pytest.raises(CommandError, match=re.escape(message)):
        folder.run(ROWS)
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_answers_are_not_lost_where_new_initiatives_begin_without_their_framework(folder, options):
    """What came in before is brought up to date all the same: it has the five gates."""
    folder.run(ROWS)
    published(own_text())
    choose_starting(["house"], COMMAND, clock.now())
    known = Initiative.objects.count()
    folder.run(ROWS, *options)
    with pytest.raises(CommandError, match="new initiatives do not begin with it: they begin with house"):
        folder.run([*ROWS, row(name="One more")], *options)
    assert Initiative.objects.count() == known


def test_what_is_imported_without_answers_begins_with_what_is_chosen(folder):
    published(own_text())
    choose_starting(["house"], COMMAND, clock.now())
    folder.mapping(MAPPING[: MAPPING.index("framework: five-gate")])
    folder.run(ROWS)
    assert set(Standing.objects.values_list("framework", "total")) == {("house", 7)}


def test_files_that_are_not_there_or_not_tables_are_refused(folder):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_portfolio", "none.csv", mapping=str(folder.path / "acme.yaml"))
    (folder.path / "list.csv").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="PDF"):
        call_command(
            "import_portfolio", str(folder.path / "list.csv"), mapping=str(folder.path / "acme.yaml")
        )
    with pytest.raises(CommandError, match=r"none\.yaml, line 1: the file cannot be read"):
        call_command("import_portfolio", str(folder.path / "list.csv"), mapping="none.yaml")


HOSTILE = [
    "<script>__xss()</script>",
    "🚀 Launch",
    "فرز الفواتير",
    "\u202eevil",
    "{{ 7*7 }}",
    "' OR 1=1 --",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_stored_as_they_are_and_shown_harmlessly(folder, ada, text):
    folder.run([row(name=text, problem=text, unit=text, topic=text, stage="Pilot", tested="Yes")])
    one = Initiative.objects.get()
    assert one.name == (text if len(text) <= MODEL_NAME_MAX else one.name)
    for path in ("/initiatives/", f"/initiatives/{one.ref}/"):
        page = pages(ada).get(path, follow=True)
        assert page.status_code == 200
        assert b"<script>__xss" not in page.content
    assert api(ada).get(f"initiatives/{one.ref}/").json()["name"] == one.name


def test_the_api_tells_what_is_imported_as_such(folder, ada):
    folder.run(ROWS)
    body = api(ada).get(f"initiatives/{the('Old chatbot').ref}/").json()
    assert (body["stage"], body["stage_since"], body["taken_over"]) == ("retired", None, True)
    assert body["as_of"] == AS_OF.isoformat()


def test_a_hundred_rows_are_read_and_changed_in_as_many_queries_as_three():
    """Inserts are another matter: SQLite takes only so many values in one of them."""

    def count(first: int, rows: int) -> int:
        some = [
            row(name=f"No. {number}", tested="Yes", stage="Pilot") for number in range(first, first + rows)
        ]
        with CaptureQueriesContext(connection) as captured:
            written(some)
        return sum(not query["sql"].startswith("INSERT") for query in captured)

    written([row(name="No. 0")])
    assert count(1000, 100) == count(2000, 3)


def test_the_planner_knows_what_was_imported_as_soon_as_it_is_there():
    written([row(name=f"Known {number}") for number in range(30)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT most_common_vals::text FROM pg_stats WHERE tablename = %s AND attname = %s",
                ["gates_initiative", "source"],
            )
            assert cursor.fetchall() == [("{acme}",)]


def test_what_was_imported_stands_although_the_planner_takes_too_long(caplog):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '1ms'")
    planner.refresh_statistics()
    assert ("will look at its tables later" in caplog.text) == (connection.vendor == "postgresql")
    assert Initiative.objects.count() == 0  # the transaction goes on


def test_the_limits_of_the_plan_are_those_of_the_tables():
    assert (plan.NAME_MAX, plan.PROBLEM_MAX) == (MODEL_NAME_MAX, MODEL_PROBLEM_MAX)
    assert (plan.SHORT_MAX, plan.TAG_MAX, plan.TAGS_MAX) == (
        fields.SHORT_MAX,
        fields.TAG_MAX,
        fields.TAGS_MAX,
    )
    assert (answering.STATEMENT_MAX, answering.STATED_BY_MAX) == (pieces.TITLE_MAX, pieces.STATED_BY_MAX)
    assert mapping_file.PLAN_DAYS_MAX == fields.PLAN_DAYS_MAX


def test_a_day_to_come_is_refused_by_the_organisations_own_calendar():
    text = MAPPING.replace("2026-06-30", str(clock.now().date() + timedelta(days=2)))
    with pytest.raises(ImportRefused, match="still to come"):
        written(ROWS, text)


def test_without_a_mapping_the_command_goes_by_the_headings(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(csv_bytes([("Chat", "Pilot", "3")], ("Name", "Stage", "Cost")))
    out = StringIO()
    call_command("import_portfolio", str(file), stdout=out)
    assert "Not used: Cost" in out.getvalue() and "1 created" in out.getvalue()
    assert the("Chat").stage == "pilot"
