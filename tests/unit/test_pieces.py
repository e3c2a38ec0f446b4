"""What is asked of a piece of evidence, and which are the same piece."""

from datetime import date, timedelta

import pytest

from readiness.actions.pieces import STATED_BY_MAX, TITLE_MAX, URL_MAX, Piece, StoredFile, problems

TODAY = date(2028, 2, 29)
FILE = StoredFile("ab/abc", "proof.pdf", "application/pdf", 10, "f" * 64)


def link(url="https://wiki.example.com/proof", on=TODAY, **content):
    return Piece("link", on, **{"title": "Proof", "url": url} | content)


def statement(text="We checked.", by="Mira Okafor", on=TODAY, **content):
    return Piece("statement", on, text, stated_by=by, **content)


def wrong(piece):
    return [(error.field, error.code) for error in problems(piece, "evidence.0", TODAY)]


@pytest.mark.parametrize(
    "piece",
    [
        link(),
        link(title=""),
        link("http://intranet/proof?x=1#y"),
        link("https://user@example.com:8443/p"),
        link("https://[::1]/p"),
        link("https://例え.jp/証拠"),
        link("HTTPS://EXAMPLE.COM"),
        link("https://a.b/" + "x" * (URL_MAX - len("https://a.b/"))),
        statement(),
        statement("x" * TITLE_MAX, "y" * STATED_BY_MAX),
        Piece("file", TODAY, file=FILE),
        link(on=date(1990, 1, 1)),
        link(expires_on=TODAY),
        link(expires_on=date.max),
    ],
)
def test_a_good_piece_has_no_problems(piece):
    assert wrong(piece) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "wiki",
        "wiki.example.com/proof",
        "//example.com",
        "https://",
        "https:///proof",
        "ftp://example.com/proof",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://example.com",
        "data:text/html,hello",
        "https://exa mple.com",
        "https://example.com/a b",
        "https://example.com/a\nb",
        "https://example.com/a\tb",
        "https://example.com/a\u00a0b",
        " https://example.com",
        "https://[::1",
    ],
)
def test_a_link_is_an_address_of_the_web(url):
    assert wrong(link(url)) == [("evidence.0.url", "not_a_web_address")]


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_statement_has_words_and_somebody_who_says_them(blank):
    assert wrong(statement(blank, blank)) == [
        ("evidence.0.title", "required"),
        ("evidence.0.stated_by", "required"),
    ]


@pytest.mark.parametrize("kind", ["check", "file", "photo", "", "LINK", "link\x00"])
def test_other_kinds_are_not_given_as_words(kind):
    assert wrong(Piece(kind, TODAY, "x", "https://example.com", "y")) == [("evidence.0.kind", "unknown_word")]


@pytest.mark.parametrize(
    ("piece", "field"),
    [
        (link(title="x" * (TITLE_MAX + 1)), "title"),
        (link("https://a.b/" + "x" * URL_MAX), "url"),
        (statement("x" * 10_000), "title"),
        (statement(by="y" * (STATED_BY_MAX + 1)), "stated_by"),
    ],
)
def test_nothing_is_cut_short(piece, field):
    assert wrong(piece) == [(f"evidence.0.{field}", "too_long")]


@pytest.mark.parametrize(
    ("character", "code"), [("\x00", "null_characters"), ("\udfff", "surrogate_characters")]
)
def test_what_no_database_can_keep_is_refused(character, code):
    assert wrong(link(title=f"a{character}", url=f"https://example.com/{character}")) == [
        ("evidence.0.title", code),
        ("evidence.0.url", code),
    ]
    assert wrong(statement(f"a{character}", f"b{character}")) == [
        ("evidence.0.title", code),
        ("evidence.0.stated_by", code),
    ]


def test_it_speaks_of_a_day_that_has_come_and_is_not_too_long_ago():
    assert wrong(link(on=None)) == [("evidence.0.effective_on", "required")]
    assert wrong(link(on=TODAY + timedelta(days=1))) == [("evidence.0.effective_on", "in_the_future")]
    assert wrong(link(on=date(1989, 12, 31))) == [("evidence.0.effective_on", "out_of_range")]


def test_it_does_not_expire_before_the_day_it_speaks_of():
    early = link(on=TODAY, expires_on=TODAY - timedelta(days=1))
    assert wrong(early) == [("evidence.0.expires_on", "before_effective_date")]


def test_everything_wrong_is_told_at_once():
    assert wrong(Piece("statement", TODAY + timedelta(days=9), expires_on=TODAY)) == [
        ("evidence.0.title", "required"),
        ("evidence.0.stated_by", "required"),
        ("evidence.0.effective_on", "in_the_future"),
        ("evidence.0.expires_on", "before_effective_date"),
    ]


SAME = [
    (link(), link(title="Another title")),
    (link(), link(expires_on=date.max)),
    (link(), link(stated_by="somebody")),
    (statement(), statement(by="Someone else")),
    (statement(), statement("  We checked.\n")),
    (Piece("file", TODAY, "One", file=FILE), Piece("file", TODAY, "Two", file=FILE)),
    (
        Piece("file", TODAY, file=FILE),
        Piece("file", TODAY, file=StoredFile("cd/cde", "copy.pdf", "application/pdf", 10, "f" * 64)),
    ),
]
DIFFERENT = [
    (link(), link("https://wiki.example.com/other")),
    (link(), link(on=TODAY - timedelta(days=1))),
    (statement(), statement("We checked!")),
    (statement(), statement(on=TODAY - timedelta(days=1))),
    (
        link("https://example.com", title="https://example.com"),
        statement("https://example.com"),
    ),
    (
        Piece("file", TODAY, file=FILE),
        Piece("file", TODAY, file=StoredFile("ab/abc", "proof.pdf", "application/pdf", 10, "e" * 64)),
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_kind_address_or_text_and_day_make_the_same_piece(one, other):
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_kind_address_text_or_day_makes_another_piece(one, other):
    assert one.fingerprint != other.fingerprint
