"""In which language somebody is spoken to, and what is never translated."""

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from readiness.accounts.languages import language_of
from readiness.accounts.mails import send_invitation
from readiness.accounts.models import Organisation, User
from readiness.actions.errors import Invalid
from readiness.actions.languages import choose_language
from readiness.actions.organisation import edit_organisation
from readiness.audit.models import Event
from readiness.audit.recording import Actor

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "fr, de-AT;q=0.8, en;q=0.5"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def html_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text[text.index("<html") :].partition(">")[0]


class TestPages:
    def test_the_browser_is_asked_where_nobody_chose(self, lena: User) -> None:
        answer = signed_in(lena).get("/account/", **GERMAN)
        assert 'lang="de" dir="ltr"' in html_of(answer)
        assert answer["Content-Language"] == "de"
        assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}

    def test_what_a_person_chose_comes_before_their_browser(self, lena: User, at: datetime) -> None:
        choose_language(lena, "en", at)
        assert 'lang="en"' in html_of(signed_in(lena).get("/account/", **GERMAN))

    def test_a_browser_of_none_of_our_languages_reads_english(self, lena: User) -> None:
        assert 'lang="en"' in html_of(signed_in(lena).get("/account/", HTTP_ACCEPT_LANGUAGE="fr"))

    def test_a_nonsense_header_is_no_error(self, lena: User) -> None:
        header = "de;q=x, \x80, " + "a" * 600 + ", *"
        assert signed_in(lena).get("/account/", HTTP_ACCEPT_LANGUAGE=header).status_code == 200

    @pytest.mark.parametrize(("header", "language"), [("", "de"), ("fr", "de"), ("en", "en")])
    def test_before_the_sign_in_the_organisation_speaks(self, db: None, header: str, language: str) -> None:
        Organisation.get()
        Organisation.objects.update(language="de")
        assert f'lang="{language}"' in html_of(Client().get("/login/", HTTP_ACCEPT_LANGUAGE=header))

    def test_who_is_signed_in_costs_no_query_more(
        self, lena: User, at: datetime, django_assert_num_queries: Any
    ) -> None:
        client = signed_in(lena)
        for chosen in ("", "de"):
            choose_language(lena, chosen, at)
            with django_assert_num_queries(3):  # the session, the person and the bell
                client.get("/account/")

    def test_a_right_to_left_language_says_so(self, lena: User, settings: Any) -> None:
        settings.LANGUAGES = [("en", "English"), ("ar", "Test")]
        assert 'lang="ar" dir="rtl"' in html_of(signed_in(lena).get("/account/", HTTP_ACCEPT_LANGUAGE="ar"))


class TestWhatProgramsRead:
    @pytest.mark.parametrize("path", ["/api/v1/initiatives/AI-0001/", "/api/v1/initiatives/?limit=x"])
    def test_rest_is_english_whoever_asks(self, lena: User, at: datetime, path: str) -> None:
        plain = signed_in(lena).get(path)
        choose_language(lena, "de", at)
        told = signed_in(lena).get(path, **GERMAN)
        assert (told.status_code, told.content) == (plain.status_code, plain.content)

    def test_health_asks_nothing_of_the_database(self, db: None, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            Client().get("/health/live/", **GERMAN)


class TestChoosing:
    def test_on_the_page_of_the_account(self, lena: User) -> None:
        client = signed_in(lena)
        answer = client.post("/account/language/", {"language": "de"}, follow=True)
        assert 'lang="de"' in html_of(answer)
        assert User.objects.get(pk=lena.pk).language == "de"
        data = Event.objects.get(verb="language.chosen").data
        assert data == {"username": "lena", "changed": {"language": ["", "de"]}}
        client.post("/account/language/", {"language": ""})
        assert User.objects.get(pk=lena.pk).language == ""

    def test_the_same_again_is_no_event(self, lena: User, at: datetime) -> None:
        choose_language(lena, "", at)
        assert not Event.objects.filter(verb="language.chosen").exists()

    @pytest.mark.parametrize("language", ["xx", "de\x00", "d" * 10_000])
    def test_a_language_that_is_not_spoken_here_is_refused(
        self, lena: User, at: datetime, language: str
    ) -> None:
        assert signed_in(lena).post("/account/language/", {"language": language}).status_code == 422
        with pytest.raises(Invalid):
            choose_language(lena, language, at)
        assert User.objects.get(pk=lena.pk).language == ""

    def test_an_admin_sets_that_of_the_organisation(self, ada: User, at: datetime) -> None:
        edit_organisation("Ours", "UTC", "EUR", Actor.person(ada), at, language="de")
        assert Organisation.get().language == "de"
        edit_organisation("Others", "UTC", "EUR", Actor.person(ada), at)
        assert Organisation.get().language == "de"
        with pytest.raises(Invalid) as refused:
            edit_organisation("Ours", "UTC", "EUR", Actor.person(ada), at, language="xx")
        assert [error.field for error in refused.value.errors] == ["language"]


class TestMails:
    def test_a_mail_is_in_the_language_of_who_gets_it(self, lena: User, at: datetime) -> None:
        Organisation.get()
        Organisation.objects.update(language="de")
        assert language_of(lena) == "de"
        choose_language(lena, "en", at)
        assert language_of(User.objects.get(pk=lena.pk)) == "en"
        assert send_invitation(lena.pk, at)
        assert len(mail.outbox) == 1
