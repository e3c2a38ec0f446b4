"""The gallery shows every component there is, and says what each is given."""

from pathlib import Path

import pytest
from django.test import Client

from readiness.ui.catalogue import GROUPS, LOOKS_IN, catalogue
from tests.fixtures import person

pytestmark = pytest.mark.django_db

COMPONENTS = {path.stem for path in (Path(__file__).parents[2] / "templates" / "components").glob("*.html")}


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(person("gallery-reader", lead=True))
    return client


def test_every_component_stands_in_one_group_of_the_gallery_with_its_inputs() -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert sorted(listed) == sorted(COMPONENTS)
    for entry in (entry for group in catalogue() for entry in group.entries):
        assert entry.inputs, f"{entry.name} does not say what it is given"
        assert entry.has_sheet, f"{entry.name} has no style sheet, nor one that it shares"
    assert set(LOOKS_IN) <= COMPONENTS


def test_every_component_is_shown(reader: Client) -> None:
    """Among the samples, or around them: what the page did not draw is missing."""
    drawn = {template.name for template in reader.get("/ui/gallery/").templates}
    missing = {name for name in COMPONENTS if f"components/{name}.html" not in drawn}
    assert missing == set()


def test_the_gallery_lists_what_each_component_is_given(reader: Client) -> None:
    page = reader.get("/ui/gallery/?theme=dark").content.decode()
    for group in catalogue():
        assert f">{group.name}</h3>" in page
        for entry in group.entries:
            assert f"<code>{entry.name}</code>" in page


@pytest.mark.parametrize(("asked", "said"), [("rtl", "rtl"), ("", "ltr"), ("sideways", "ltr")])
def test_the_gallery_can_be_read_from_the_right(reader: Client, asked: str, said: str) -> None:
    page = reader.get(f"/ui/gallery/?theme=light&dir={asked}").content.decode()
    assert f'class="gallery" data-theme="light" dir="{said}"' in page
