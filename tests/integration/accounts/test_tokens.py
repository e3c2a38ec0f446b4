"""Tokens: made, kept as a digest, found, revoked; and the page on which a person does it."""

import hashlib
import re
import shlex
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from readiness.accounts.models import Organisation, Scope, Token, User
from readiness.accounts.tokens import digest_of, find_token, make_token
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.people import deactivate_person, reactivate_person
from readiness.actions.tokens import issue_token, revoke_token
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor
from tests.fixtures import pages
from tests.integration.accounts.doors import make_demo_account
from tests.integration.workbench.markup import read

LONG = "x" * 10_000


def issue(user: User, at: datetime, *, days: int | None = None, by: Actor | None = None) -> tuple[Token, str]:
    expires_at = None if days is None else at + timedelta(days=days)
    return issue_token(user, "Nightly figures", ["read", "write"], expires_at, by or Actor.person(user), at)


class TestMaking:
    def test_a_token_is_recognisable_long_and_never_the_same(self) -> None:
        made = {make_token()[0] for _ in range(500)}
        assert len(made) == 500
        assert all(re.fullmatch(r"fg_[A-Za-z0-9_-]{43}", plain) for plain in made)

    def test_its_digest_is_its_sha256_and_its_prefix_only_its_beginning(self) -> None:
        plain, prefix, digest = make_token()
        assert digest == hashlib.sha256(plain.encode()).hexdigest()
        assert plain.startswith(prefix)
        assert len(prefix) == 11


class TestFinding:
    def test_a_token_is_found_by_its_text_and_by_nothing_near_it(self, lena: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        assert find_token(plain, at) == token
        assert [
            find_token(near, at) for near in (plain[:-1], plain + "x", plain.upper(), token.digest, "", "fg_")
        ] == [None] * 6

    @pytest.mark.parametrize("sent", ["fg_\x00", "fg_" + LONG, "fg_👩‍🚀", "fg_\udcff"])
    def test_nasty_texts_are_no_token(self, db: None, at: datetime, sent: str) -> None:
        assert find_token(sent, at) is None

    def test_only_the_digest_is_stored(self, lena: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        row = Token.objects.filter(pk=token.pk).values().get()
        assert row["digest"] == digest_of(plain)
        assert not any(plain in str(value) for value in row.values())
        assert plain not in str(list(Event.objects.values_list("data", flat=True)))

    def test_it_ends_at_the_very_moment_named(self, lena: User, at: datetime) -> None:
        _, plain = issue(lena, at, days=30)
        end = at + timedelta(days=30)
        assert find_token(plain, end - timedelta(microseconds=1)) is not None
        assert find_token(plain, end) is None

    def test_its_use_is_noted_at_most_once_a_minute(self, lena: User, at: datetime, query_count) -> None:
        token, plain = issue(lena, at)
        second = timedelta(seconds=1)

        def used(moment: datetime) -> datetime | None:
            find_token(plain, moment)
            return Token.objects.get(pk=token.pk).last_used_at

        assert Token.objects.get(pk=token.pk).last_used_at is None
        assert used(at) == at
        assert used(at + 59 * second) == at
        assert used(at + 60 * second) == at + 60 * second
        assert query_count(lambda: find_token(plain, at + 61 * second)) == 1

    def test_a_revoked_token_is_refused_at_once(self, lena: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        revoke_token(token.pk, Actor.person(lena), at)
        assert find_token(plain, at) is None

    def test_a_deactivated_owners_tokens_end_and_do_not_come_back(
        self, lena: User, ada: User, at: datetime
    ) -> None:
        _, plain = issue(lena, at)
        deactivate_person("lena", Actor.person(ada), at)
        assert find_token(plain, at) is None
        reactivate_person("lena", Actor.person(ada), at)
        assert find_token(plain, at) is None

    def test_a_demo_accounts_token_works_in_the_demo_only(
        self, lena: User, demo: Organisation, at: datetime
    ) -> None:
        make_demo_account(lena)
        _, plain = issue(lena, at)
        assert find_token(plain, at) is not None
        Organisation.objects.update(demo=False)
        assert find_token(plain, at) is None


class TestIssuing:
    def test_it_is_recorded_with_its_owner_and_scopes(self, lena: User, at: datetime) -> None:
        token, _ = issue(lena, at)
        event = Event.objects.get(verb="token.issued")
        assert (event.actor, event.at) == (lena, at)
        assert event.data == {
            "token": token.pk,
            "owner": "lena",
            "name": "Nightly figures",
            "prefix": token.prefix,
            "scopes": ["read", "write"],
            "expires_at": None,
        }

    @pytest.mark.parametrize(
        ("name", "scopes", "life", "field"),
        [
            ("", ["read"], None, "name"),
            ("  ", ["read"], None, "name"),
            (LONG, ["read"], None, "name"),
            ("a\x00b", ["read"], None, "name"),
            ("two\nlines", ["read"], None, "name"),
            ("lone \udcff", ["read"], None, "name"),
            ("fine", [], None, "scopes"),
            ("fine", ["everything"], None, "scopes"),
            ("fine", ["read"], timedelta(0), "expires_at"),
            ("fine", ["read"], timedelta(days=-1), "expires_at"),
            ("fine", ["read"], timedelta(days=4000), "expires_at"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, lena: User, at: datetime, name: str, scopes: list[str], life: timedelta | None, field: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            issue_token(lena, name, scopes, None if life is None else at + life, Actor.person(lena), at)
        assert [error.field for error in refused.value.errors] == [field]
        assert not Token.objects.exists()

    @pytest.mark.parametrize("name", ["👩‍🚀", "שלום עולם", "<script>alert(1)</script>", "x" * 100])
    def test_any_readable_name_will_do(self, lena: User, at: datetime, name: str) -> None:
        token, _ = issue_token(lena, name, ["read"], None, Actor.person(lena), at)
        assert Token.objects.get(pk=token.pk).name == name

    def test_nobody_issues_a_token_of_somebody_else_not_even_an_admin(
        self, lena: User, ada: User, at: datetime
    ) -> None:
        with pytest.raises(NotAllowed):
            issue(lena, at, by=Actor.person(ada))

    def test_a_deactivated_person_gets_none(self, lena: User, at: datetime) -> None:
        User.objects.filter(pk=lena.pk).update(is_active=False)
        with pytest.raises(Conflict):
            issue(lena, at, by=COMMAND)


class TestRevoking:
    def test_an_admin_revokes_anybodys(self, lena: User, ada: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        revoke_token(token.pk, Actor.person(ada), at)
        assert find_token(plain, at) is None
        event = Event.objects.get(verb="token.revoked")
        assert (event.actor, event.data["owner"]) == (ada, "lena")

    def test_others_cannot_even_tell_that_it_is_there(self, lena: User, omar: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        with pytest.raises(NotFound):
            revoke_token(token.pk, Actor.person(omar), at)
        assert find_token(plain, at) is not None

    def test_a_second_time_changes_nothing(self, lena: User, at: datetime) -> None:
        token, _ = issue(lena, at)
        revoke_token(token.pk, Actor.person(lena), at)
        with pytest.raises(Conflict):
            revoke_token(token.pk, Actor.person(lena), at + timedelta(hours=1))
        assert Token.objects.get(pk=token.pk).revoked_at == at


class TestPage:
    FILLED = {"name": "Nightly figures", "scopes": ["read"], "lasts": "90"}

    def test_a_new_token_is_shown_once(self, lena: User, at: datetime) -> None:
        browser = pages(lena)
        made = browser.post("/account/tokens/", self.FILLED)
        plain = re.search(r"data-token>(fg_[^<]+)<", made.content.decode())
        assert (made.status_code, made["Cache-Control"].count("no-store")) == (201, 1)
        assert plain is not None
        token = find_token(plain[1], at)
        assert token is not None
        assert (token.user, token.scopes, token.expires_at) == (lena, ["read"], at + timedelta(days=90))
        again = browser.get("/account/tokens/").content.decode()
        assert "Nightly figures" in again
        assert plain[1] not in again

    def test_with_a_new_token_comes_a_command_that_works(self, lena: User, at: datetime) -> None:
        made = read(pages(lena).post("/account/tokens/", self.FILLED))
        program, option, header, address = shlex.split(made.one("code", id="token-call").text)
        name, value = header.split(": ")
        answer = Client().get(urlsplit(address).path, headers={name: value})
        assert (program, option, answer.status_code) == ("curl", "--header", 200)
        copied = {one.attrs["data-copy"] for one in made.all("span") if "data-copy" in one.attrs}
        assert copied == {"token", "token-call"}
        assert made.all("a", href="/api/v1/docs/")

    def test_a_token_that_may_not_read_comes_without_one(self, lena: User, at: datetime) -> None:
        made = read(pages(lena).post("/account/tokens/", self.FILLED | {"scopes": ["checks"]}))
        assert made.by_id("token").text.startswith("fg_")
        assert made.all(id="token-call") == []

    def test_a_token_can_be_made_without_an_end(self, lena: User, at: datetime) -> None:
        pages(lena).post("/account/tokens/", self.FILLED | {"lasts": "no end"})
        assert Token.objects.get().expires_at is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": LONG},
            {"name": "a\x00b"},
            {"scopes": []},
            {"scopes": ["root"]},
            {"lasts": "9"},
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, lena: User, wrong: dict) -> None:
        response = pages(lena).post("/account/tokens/", self.FILLED | wrong)
        assert response.status_code == 422
        assert ('value="Nightly figures"' in response.content.decode()) == ("name" not in wrong)
        assert not Token.objects.exists()

    def test_names_are_shown_as_text(self, lena: User) -> None:
        page = pages(lena).post("/account/tokens/", self.FILLED | {"name": "<script>alert(1)</script>"})
        assert "&lt;script&gt;" in page.content.decode()
        assert "<script>alert" not in page.content.decode()

    def test_it_offers_only_scopes_that_are_of_use(self, lena: User, ravi: User, ada: User) -> None:
        def offered(user: User) -> set[str]:
            return set(
                re.findall(
                    r'name="scopes" value="(\w+)"', pages(user).get("/account/tokens/").content.decode()
                )
            )

        assert offered(lena) == {"read", "write", "checks"}
        assert offered(ravi) == {"read", "write", "checks", "review"}
        assert offered(ada) == {"read", "write", "checks", "admin"}

    def test_one_revokes_ones_own_after_being_asked(self, lena: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        browser, address = pages(lena), f"/account/tokens/{token.pk}/revoke/"
        assert "Revoke this token?" in browser.get(address).content.decode()
        assert find_token(plain, at) is not None
        assert browser.post(address)["Location"] == "/account/tokens/"
        assert find_token(plain, at) is None
        assert browser.post(address)["Location"] == "/account/tokens/"

    def test_an_admin_revokes_anothers_from_that_persons_page(
        self, lena: User, ada: User, at: datetime
    ) -> None:
        token, plain = issue(lena, at)
        browser, address = pages(ada), f"/account/tokens/{token.pk}/revoke/"
        assert address in browser.get("/people/lena/edit/").content.decode()
        assert browser.post(address)["Location"] == "/people/lena/edit/"
        assert find_token(plain, at) is None

    def test_anothers_token_is_not_there(self, lena: User, omar: User, at: datetime) -> None:
        token, plain = issue(lena, at)
        for method in ("get", "post"):
            assert getattr(pages(omar), method)(f"/account/tokens/{token.pk}/revoke/").status_code == 404
        assert find_token(plain, at) is not None
        assert "Nightly figures" not in pages(omar).get("/account/tokens/").content.decode()

    @pytest.mark.parametrize("number", [0, 10**30])
    def test_a_number_that_is_no_token_is_not_there(self, lena: User, number: int) -> None:
        assert pages(lena).get(f"/account/tokens/{number}/revoke/").status_code == 404

    def test_making_and_revoking_need_the_forms_token(self, lena: User, at: datetime) -> None:
        token, _ = issue(lena, at)
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(lena)
        assert strict.post("/account/tokens/", self.FILLED).status_code == 403
        assert strict.post(f"/account/tokens/{token.pk}/revoke/").status_code == 403

    def test_the_list_takes_as_many_queries_for_one_as_for_fifty(
        self, lena: User, at: datetime, query_count
    ) -> None:
        issue(lena, at)
        browser = pages(lena)
        one = query_count(lambda: browser.get("/account/tokens/"))
        for _ in range(50):
            issue(lena, at)
        assert query_count(lambda: browser.get("/account/tokens/")) == one


def test_every_scope_has_words_of_its_own() -> None:
    assert len({scope.label for scope in Scope}) == len(Scope) == 5
