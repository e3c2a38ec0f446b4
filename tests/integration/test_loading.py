"""Frameworks written to the tables: word for word, once, and whole or not at all."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from checklists.frameworks import ParsedItem, parse_framework
from checklists.loading import FrameworkStands, Loaded, load_framework, shipped_files, stored_framework
from checklists.models import Framework, Item
from tests.services.stacks import Stack

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
OURS = "our-frameworks"


def _text(stem: str, version: str = "1.0", slug: str = OURS, old: str = "", new: str = "") -> str:
    """The text of a shipped framework under a name of our own, so that it meets no shipped one in the tables."""
    text = next(path for path in shipped_files() if path.stem == stem).read_text()
    text = text.replace(f"slug: {stem}\n", f"slug: {slug}\n", 1).replace(
        "version: '1.0'", f"version: '{version}'", 1
    )
    assert old in text
    return text.replace(old, new)


def _load(text: str, at: datetime = AT) -> Loaded:
    return load_framework(parse_framework(text.encode(), "ours.yaml"), at)


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def _run(*paths: Path, verbosity: int = 1) -> list[str]:
    out = StringIO()
    call_command("load_frameworks", *map(str, paths), stdout=out, verbosity=verbosity)
    return out.getvalue().splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize("stem", [path.stem for path in shipped_files()])
def test_what_the_file_says_stands_in_the_tables_word_for_word(stem: str) -> None:
    parsed = parse_framework(_text(stem).encode(), "ours.yaml")
    loaded = load_framework(parsed, AT)
    assert loaded.published
    row = Framework.objects.get(pk=loaded.framework.pk)
    for field in (
        "slug",
        "version",
        "name",
        "kind",
        "order",
        "evidence_required",
        "required_met",
        "checksum",
    ):
        assert getattr(row, field) == getattr(parsed, field)
    assert (row.notes, row.answer_labels, row.published_at) == (parsed.notes, parsed.answer_labels, AT)
    gates = list(row.gates.all())
    assert [gate.position for gate in gates] == list(range(1, len(parsed.gates) + 1))
    for gate, source in zip(gates, parsed.gates, strict=True):
        for field in ("slug", "name", "purpose", "how_it_passes", "min_met", "min_share_met"):
            assert getattr(gate, field) == getattr(source, field)
        assert (gate.key_questions, gate.pass_criteria) == (
            list(source.key_questions),
            list(source.pass_criteria),
        )
        items = list(gate.items.all())
        assert [item.position for item in items] == list(range(1, len(source.items) + 1))
        for item, point in zip(items, source.items, strict=True):
            _assert_same_words(item, point)


@pytest.mark.django_db
@pytest.mark.parametrize("stem", [path.stem for path in shipped_files()])
def test_what_stands_in_the_tables_is_read_as_the_file_said_it(stem: str) -> None:
    parsed = parse_framework(_text(stem).encode(), "ours.yaml")
    published = load_framework(parsed, AT).framework
    assert stored_framework(Framework.objects.with_content().get(pk=published.pk)) == parsed


def _assert_same_words(item: Item, point: ParsedItem) -> None:
    fields = (
        "code title critical statement help when_met when_partial when_not_met reviewer_check example_evidence "
        "automation evidence_max_age_days applies_to crosswalk_note root_cause fact"
    )
    for field in fields.split():
        assert getattr(item, field) == getattr(point, field)
    assert item.signals == list(point.signals)
    assert item.crosswalk == {key: list(ids) for key, ids in point.crosswalk.items()}


@pytest.mark.django_db
def test_a_guard_names_a_gate_only_where_the_file_does() -> None:
    assert _load(_text("five-gate")).framework.guards == [{"from": "pilot", "to": "rollout"}]
    checkpoints = _load(_text("poc-checkpoints", slug="our-checkpoints")).framework
    checkpoints.refresh_from_db()
    assert checkpoints.guards == [
        {"from": "intake", "to": "poc", "gate": "checkpoint-0"},
        {"from": "poc", "to": "pilot", "gate": "checkpoint-1"},
        {"from": "poc", "to": "pilot", "gate": "checkpoint-2"},
    ]


@pytest.mark.django_db
def test_the_same_version_is_left_alone_however_often_and_late_it_is_loaded() -> None:
    first = _load(_text("five-gate"))
    second = _load("# Another comment\n" + _text("five-gate"), LATER)
    assert (first.published, second.published) == (True, False)
    assert second.framework.pk == first.framework.pk
    assert Framework.objects.get(slug=OURS).published_at == AT
    assert Item.objects.filter(gate__framework__slug=OURS).count() == 20


@pytest.mark.django_db
def test_changed_text_under_a_published_version_is_refused_and_changes_nothing() -> None:
    _load(_text("five-gate"))
    with pytest.raises(FrameworkStands) as refusal:
        _load(
            _text("five-gate", old="title: Source quality proven", new="title: Source quality assumed"), LATER
        )
    assert (
        str(refusal.value)
        == f"{OURS} 1.0 is published and never changes; give the changed text a new version"
    )
    assert Item.objects.filter(gate__framework__slug=OURS).count() == 20
    assert not Item.objects.filter(title="Source quality assumed").exists()


@pytest.mark.django_db
def test_a_version_that_stands_unpublished_is_neither_published_nor_overwritten() -> None:
    parsed = parse_framework(_text("five-gate").encode(), "ours.yaml")
    Framework.objects.create(
        slug=OURS,
        version="1.0",
        name="Draft",
        kind="gates",
        order="any",
        evidence_required=True,
        checksum=parsed.checksum,
    )
    with pytest.raises(FrameworkStands, match=f"{OURS} 1.0 stands there unpublished"):
        load_framework(parsed, AT)
    draft = Framework.objects.get(slug=OURS)
    assert (draft.name, draft.published_at) == ("Draft", None)


@pytest.mark.django_db
def test_changed_text_under_a_new_version_becomes_the_current_one() -> None:
    _load(_text("five-gate"))
    _load(_text("five-gate", "1.1", old="title: Source quality proven", new="title: Sources measured"), LATER)
    assert Framework.objects.current().get(slug=OURS).version == "1.1"
    titles = (
        Item.objects.filter(gate__framework__slug=OURS, code="DATA-1").order_by("pk").values_list("title")
    )
    assert list(titles) == [("Source quality proven",), ("Sources measured",)]


@pytest.mark.django_db
def test_what_is_not_published_is_not_current() -> None:
    standing = _load(_text("five-gate")).framework
    Framework.objects.create(
        slug=OURS,
        version="2.0",
        name="Draft",
        kind="gates",
        order="any",
        evidence_required=True,
        checksum="0" * 64,
    )
    assert Framework.objects.current().get(slug=OURS) == standing


@pytest.mark.django_db
def test_the_command_loads_older_versions_first_whatever_the_files_are_called(tmp_path: Path) -> None:
    newer = _file(tmp_path, "a.yaml", _text("five-gate", "1.10"))
    older = _file(tmp_path, "b.yaml", _text("five-gate", "1.9"))
    assert _run(newer, older) == [
        f"{OURS} 1.9: published, gates: 5, items: 20.",
        f"{OURS} 1.10: published, gates: 5, items: 20.",
    ]
    assert Framework.objects.current().get(slug=OURS).version == "1.10"


@pytest.mark.django_db
def test_the_command_can_be_silent(tmp_path: Path) -> None:
    assert _run(_file(tmp_path, "ours.yaml", _text("five-gate")), verbosity=0) == []
    assert Framework.objects.filter(slug=OURS).exists()


@pytest.mark.django_db
def test_a_file_with_a_mistake_is_named_with_its_line_and_nothing_is_loaded(tmp_path: Path) -> None:
    lines = _text("environment-gap", old="min_met: 0", new="min_met: 11").splitlines()
    wrong = _file(tmp_path, "wrong.yaml", "\n".join(lines))
    with pytest.raises(CommandError) as refusal:
        _run(_file(tmp_path, "ours.yaml", _text("five-gate")), wrong)
    assert str(refusal.value).splitlines() == [
        f"wrong.yaml, line {lines.index('  min_met: 11') + 1}: 'min_met' is 11, but there are 10 items",
        "Nothing was loaded.",
    ]
    assert not Framework.objects.filter(slug=OURS).exists()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.yaml cannot be read: No such file or directory"):
        _run(tmp_path / "absent.yaml")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        _run(tmp_path)


@pytest.mark.django_db
def test_the_command_refuses_a_changed_file_and_loads_the_others(tmp_path: Path) -> None:
    _load(_text("five-gate"))
    changed = _file(tmp_path, "a.yaml", _text("five-gate", old="required_met: 16", new="required_met: 15"))
    other = _file(tmp_path, "b.yaml", _text("environment-gap", slug="our-profile"))
    with pytest.raises(CommandError, match=f"{OURS} 1.0 is published and never changes"):
        _run(changed, other)
    assert Framework.objects.get(slug=OURS).required_met == 16
    assert Framework.objects.filter(slug="our-profile", published_at__isnull=False).exists()


@pytest.fixture
def installation(request: pytest.FixtureRequest, tmp_path: Path, db: None) -> Stack:
    """Empty, migrated, and its own, on the engine under test: what several processes see must be committed."""
    settings = {}
    if connection.vendor == "postgresql":
        settings["DATABASE_URL"] = request.getfixturevalue("postgres_database")
    scratch = Stack(tmp_path, settings)
    scratch.manage("migrate", "--verbosity=0")
    return scratch


def test_the_shipped_frameworks_are_loaded_once_in_the_order_an_initiative_meets_them(
    installation: Stack,
) -> None:
    assert installation.manage("load_frameworks").splitlines() == [
        "poc-checkpoints 1.0: published, checkpoints: 3, items: 19.",
        "five-gate 1.0: published, gates: 5, items: 20.",
        "conversational-ai 1.0: published, gates: 1, items: 8.",
        "environment-gap 1.0: published, gates: 1, items: 10.",
    ]
    assert installation.manage("load_frameworks").splitlines() == [
        "poc-checkpoints 1.0: stands already, unchanged.",
        "five-gate 1.0: stands already, unchanged.",
        "conversational-ai 1.0: stands already, unchanged.",
        "environment-gap 1.0: stands already, unchanged.",
    ]


STARTS_AT_ONCE = """
import json
from datetime import UTC, datetime
from threading import Barrier, Thread
from django.db import connection, connections
from checklists.loading import load_framework, read_framework, shipped_files
from checklists.models import Framework, Item

frameworks = [read_framework(path) for path in shipped_files()]
together = Barrier(6)
published = []

def start():
    try:
        connection.ensure_connection()
        for framework in frameworks:
            together.wait(20)
            published.append(load_framework(framework, datetime(2026, 3, 2, tzinfo=UTC)).published)
    finally:
        connections.close_all()

threads = [Thread(target=start) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps([len(published), sum(published), Framework.objects.count(), Item.objects.count()]))
"""


def test_of_several_starts_at_once_one_publishes_and_the_others_find_it_there(installation: Stack) -> None:
    calls, published, frameworks, items = json.loads(installation.shell(STARTS_AT_ONCE))
    assert (calls, published) == (24, 4)
    assert (frameworks, items) == (4, 57)
