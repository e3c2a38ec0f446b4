"""What the documents say is there: links lead somewhere, pictures can be made again, commands and files exist."""

import importlib.util
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from tests.architecture.sources import REPOSITORY
from tests.pictures import FOLDER, LARGEST, PICTURES, Picture

ONE_SCREEN = 60  # lines
README = REPOSITORY / "README.md"
NOT_OURS = {"var", "node_modules", "staticfiles", "test-results"}
# The only hosts that a document may name: this machine's, made-up ones, and what explains the form of the changelog.
HOSTS = {"127.0.0.1", "localhost", "keepachangelog.com", "semver.org"}
MADE_UP = (".example.org", ".example.com", ".example")
FOLDERS = ("checklists", "gates", "readiness", "templates", "tests", "docs", "benchmarks", ".ci")


def documents() -> list[Path]:
    return [
        path
        for path in sorted(REPOSITORY.rglob("*.md"))
        if not any(part.startswith(".") or part in NOT_OURS for part in path.relative_to(REPOSITORY).parts)
    ]


DOCUMENTS = documents()
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def prose(path: Path) -> str:
    """The text without what is code."""
    return SPAN.sub("", FENCE.sub("", path.read_text()))


def code(path: Path) -> str:
    """Everything that is code, fenced or within a line."""
    text = path.read_text()
    return "\n".join([*FENCE.findall(text), *SPAN.findall(FENCE.sub("", text))])


def spans(path: Path) -> list[str]:
    return SPAN.findall(FENCE.sub("", path.read_text()))


def links(path: Path) -> Iterator[tuple[bool, str]]:
    """Of each link whether it shows a picture, and its target."""
    text = FENCE.sub("", path.read_text())
    return ((bool(mark), target) for mark, target in LINK.findall(text))


def anchors(path: Path) -> set[str]:
    """The places within a document that a link can name, as hosts of repositories make them from headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead(path: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    aim = (path.parent / file).resolve() if file else path
    if not aim.is_relative_to(REPOSITORY) or not aim.exists():
        return True
    return bool(anchor) and anchor not in anchors(aim)


def test_the_documents_are_found() -> None:
    assert {named(path) for path in DOCUMENTS} >= {"README.md", "docs/guide.md", "readiness/ui/README.md"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [target for _, target in links(path) if "://" not in target and dead(path, target)] == []


def test_a_dead_link_would_be_seen() -> None:
    assert dead(README, "docs/nowhere.md")
    assert dead(README, "docs/guide.md#nowhere")
    assert dead(README, "../elsewhere/")
    assert not dead(README, "docs/guide.md#the-checklist")


def test_every_picture_that_is_shown_is_one_that_the_command_takes_and_every_one_it_takes_is_shown() -> None:
    shown = {
        (path.parent / target).resolve()
        for path in DOCUMENTS
        for is_picture, target in links(path)
        if is_picture
    }
    taken = {picture.file for picture in PICTURES}
    assert shown == taken
    assert set(FOLDER.iterdir()) == taken


def test_pictures_have_names_of_their_own() -> None:
    assert len({picture.name for picture in PICTURES}) == len(PICTURES)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_a_png_as_large_as_the_command_takes_it_and_not_too_heavy(picture: Picture) -> None:
    content = picture.file.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert 0 < width <= picture.width
    assert 0 < height <= picture.height
    assert len(content) <= LARGEST


def test_the_readme_fits_on_one_screen_with_a_picture_and_both_commands() -> None:
    text = README.read_text()
    assert len(text.splitlines()) <= ONE_SCREEN
    assert any(is_picture for is_picture, _ in links(README))
    assert {"make run", "docker compose up"} <= {line.strip() for line in code(README).splitlines()}


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_the_commands_that_are_named_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", code(path))) - targets == set()
    assert set(re.findall(r"\bmanage\.py ([a-z_]+)", path.read_text())) - set(get_commands()) == set()
    modules = set(re.findall(r"python -m ([\w.]+)", code(path)))
    assert [module for module in modules if importlib.util.find_spec(module) is None] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_the_files_that_are_named_exist(path: Path) -> None:
    wanted = [span for span in spans(path) if re.fullmatch(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*", span)]
    assert [span for span in wanted if not (REPOSITORY / span).exists()] == []


def served(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_the_addresses_that_are_named_are_served(path: Path) -> None:
    wanted = [span for span in spans(path) if re.fullmatch(r"(?:/[a-z0-9-]+)+/", span)]
    assert [span for span in wanted if not served(span)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_no_document_leads_to_a_host_that_it_has_no_business_with(path: Path) -> None:
    hosts = {urlsplit(url).hostname or "" for url in re.findall(r"https?://[\w.:-]+", path.read_text())}
    assert [host for host in hosts if host not in HOSTS and not f".{host}".endswith(MADE_UP)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_no_document_speaks_of_the_machine_or_the_errand_it_was_written_on(path: Path) -> None:
    text = path.read_text()
    assert str(REPOSITORY) not in text
    assert re.findall(r"(?<![\w.…])/(?:home|root|Users|tmp|mnt)/\S*", text) == []
    outside = [
        step
        for step in re.findall(r"(?:\.\./)+[\w./-]*", text)
        if not (path.parent / step).resolve().is_relative_to(REPOSITORY)
    ]
    assert outside == []
    assert re.findall(r"(?i)\bissues? #?\d+|(?<![\w&/])#\d+\b", prose(path)) == []
