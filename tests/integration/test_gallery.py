"""The style guide shows everything there is; the pages of errors and the choice of theme work."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client, override_settings
from django.urls import reverse

from readiness.accounts.models import User
from readiness.ui.icons import ICONS

TEMPLATES = deepcopy(settings.TEMPLATES)
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "MISSING(%s)"
COMPONENTS = {path.name for path in (Path(settings.BASE_DIR) / "templates" / "components").glob("*.html")}


@pytest.fixture
def signed_in(lena: User) -> Client:
    client = Client()
    client.force_login(lena)
    return client


@override_settings(TEMPLATES=TEMPLATES)
def test_the_gallery_names_nothing_that_is_missing(signed_in: Client) -> None:
    page = signed_in.get(reverse("ui:gallery"))
    assert page.status_code == 200
    assert re.findall(r"MISSING\([^)]*\)", page.content.decode()) == []


def test_every_component_is_shown_in_the_gallery(signed_in: Client) -> None:
    page = signed_in.get(reverse("ui:gallery"))
    shown = {
        Path(template.name).name for template in page.templates if "components/" in (template.name or "")
    }
    assert COMPONENTS - shown == set()


def test_every_icon_is_shown_in_the_gallery(signed_in: Client) -> None:
    html = signed_in.get(reverse("ui:gallery")).content.decode()
    assert set(re.findall(r'icons\.svg#([\w-]+)"', html)) - {"logo"} == set(ICONS)


def test_the_gallery_shows_both_themes_or_the_one_asked_for(signed_in: Client) -> None:
    both = signed_in.get(reverse("ui:gallery")).content.decode()
    dark = signed_in.get(reverse("ui:gallery"), {"theme": "dark"}).content.decode()
    assert re.findall(r'class="gallery" data-theme="(\w+)"', both) == ["light", "dark"]
    assert re.findall(r'class="gallery" data-theme="(\w+)"', dark) == ["dark"]


def test_no_id_is_given_twice_in_the_gallery(signed_in: Client) -> None:
    html = signed_in.get(reverse("ui:gallery")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_every_label_and_description_points_to_something(signed_in: Client) -> None:
    html = signed_in.get(reverse("ui:gallery")).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    pointed = set(re.findall(r'\sfor="([^"]+)"', html))
    for described in re.findall(r'\saria-describedby="([^"]+)"', html):
        pointed |= set(described.split())
    assert pointed - ids == set()


@pytest.mark.django_db
def test_the_gallery_is_for_those_who_are_signed_in() -> None:
    page = Client().get(reverse("ui:gallery"))
    assert page.status_code == 302
    assert page["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_kept_and_stands_in_the_page_before_it_is_drawn(
    signed_in: Client, theme: str
) -> None:
    answer = signed_in.post(reverse("ui:theme"), {"theme": theme, "next": "/ui/gallery/"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/gallery/")
    html = signed_in.get(reverse("ui:gallery")).content.decode()
    assert f'<html lang="en" data-theme="{theme}">' in html


def test_the_theme_of_the_system_is_back_when_the_choice_is_taken_back(signed_in: Client) -> None:
    signed_in.post(reverse("ui:theme"), {"theme": "dark"})
    signed_in.post(reverse("ui:theme"), {"theme": ""})
    assert '<html lang="en">' in signed_in.get(reverse("ui:gallery")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_the_choice_of_theme_never_leads_to_another_site(elsewhere: str) -> None:
    answer = Client().post(reverse("ui:theme"), {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_a_theme_that_does_not_exist_is_forgotten() -> None:
    answer = Client().post(reverse("ui:theme"), {"theme": '"><script>'})
    assert answer.cookies["theme"].value == ""


@pytest.mark.django_db
def test_a_theme_cookie_that_somebody_forged_is_ignored(signed_in: Client) -> None:
    signed_in.cookies["theme"] = "purple"
    assert '<html lang="en">' in signed_in.get(reverse("ui:gallery")).content.decode()


@pytest.mark.django_db
def test_the_choice_of_theme_is_a_post() -> None:
    assert Client().get(reverse("ui:theme")).status_code == 405


@override_settings(TEMPLATES=TEMPLATES)
@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_the_pages_of_errors_stand_without_a_request(name: str) -> None:
    html = get_template(name).render()
    assert "MISSING(" not in html
    assert "<h1" in html


def test_an_unknown_address_answers_with_our_page(signed_in: Client) -> None:
    page = signed_in.get("/no/such/page/")
    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()
