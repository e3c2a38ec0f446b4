"""Whom a cell names: by username, e-mail address or whole name, and nobody by guessing."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.documents import DocumentRefused
from gates.models import NAMED_ROLES
from readiness.importing import mapping_file
from readiness.importing.findings import Reason
from readiness.importing.headings import recognised
from readiness.importing.naming import MEMBERS, ROLES, Directory, Person
from readiness.importing.plan import plan
from readiness.importing.reading import read_bytes
from tests.unit.importing.building import AS_OF, MAPPING, csv_bytes, found, row, table

LENA = Person("lena", "Lena Berg", "lena.berg@example.org")
OMAR = Person("Omar.H", "Omar Haddad", "omar@example.org")
LEO = Person("leo", "Leo Gone", "leo@example.org", active=False)
TWINS = (Person("anna1", "Anna Roth"), Person("anna2", "Anna Roth"))
EVERYBODY = Directory([LENA, OMAR, LEO, *TWINS])


def by_headings(*cells, header=("Technical lead",), directory=EVERYBODY):
    """One initiative with these cells under these headings, and the report."""
    data = csv_bytes([("Chat", "Pilot", *cells)], ("Name", "Stage", *header))
    read = read_bytes(data, "list.csv")
    (one,), report = plan(read, recognised(read.header, AS_OF), directory)
    return one, report


def who(cell, header="Members"):
    """The usernames that a cell names, and the reasons for what could not be used of it."""
    one, report = by_headings(cell, header=(header,))
    (place,) = one.people
    return list(place.usernames), [finding.reason for finding in report.findings]


@pytest.mark.parametrize(
    "written",
    [
        "lena", "LENA", "  lena  ", "@lena", "lena.berg@example.org", "Lena.Berg@Example.ORG", "Lena Berg",
        "lena   berg", "Berg, Lena", "Lena Berg (lena)", "Lena Berg <lena.berg@example.org>",
        "Berg, Lena <Lena.Berg@example.org>", "lena;", "lena, ", "lena; LENA; Lena Berg", "lena,lena.berg@example.org",
    ],
)  # fmt: skip
def test_a_person_is_known_however_people_write_them(written):
    assert who(written) == (["lena"], [])
    assert who(written, "Technical lead") == (["lena"], [])


@pytest.mark.parametrize("between", [";", "; ", ",", ", ", "\n", " ; "])
def test_several_members_stand_between_semicolons_commas_or_lines(between):
    assert who(f"omar.h{between}Lena Berg") == (["Omar.H", "lena"], [])


@pytest.mark.parametrize(
    ("written", "named", "reasons"),
    [
        ("ghost", [], [Reason.UNKNOWN_PERSON]),
        ("len", [], [Reason.UNKNOWN_PERSON]),
        ("Lena", ["lena"], []),
        ("Berg", [], [Reason.UNKNOWN_PERSON]),
        ("=lena", [], [Reason.UNKNOWN_PERSON]),
        ("lena; ghost", ["lena"], [Reason.UNKNOWN_PERSON]),
        ("lena; leo", ["lena"], [Reason.INACTIVE_PERSON]),
        ("leo", [], [Reason.INACTIVE_PERSON]),
        ("Anna Roth", [], [Reason.SEVERAL_PEOPLE]),
        ("anna2", ["anna2"], []),
        # The comma may belong to a name: a stranger called Roth, Lena is not Lena Berg.
        ("Roth, Lena", [], [Reason.UNKNOWN_PERSON]),
        ("lena, omar.h, ghost", [], [Reason.UNKNOWN_PERSON]),
        ("leo; ghost; Anna Roth; lena", ["lena"],
         [Reason.UNKNOWN_PERSON, Reason.INACTIVE_PERSON, Reason.SEVERAL_PEOPLE]),
    ],
)  # fmt: skip
def test_what_names_nobody_for_certain_names_nobody_and_is_reported(written, named, reasons):
    assert who(written) == (named, reasons)


def test_a_long_cell_of_signs_is_read_in_no_time():
    begun = perf_counter()
    assert who("<" + "@" * 60_000) == ([], [Reason.UNKNOWN_PERSON])
    assert perf_counter() - begun < 5  # it took half a minute, and four times as long for twice the signs


def test_a_place_of_one_person_takes_no_two():
    assert who("lena; omar.h", "Technical lead") == ([], [Reason.SEVERAL_PEOPLE])


def test_in_a_place_of_one_person_a_comma_belongs_to_the_name_of_a_stranger():
    one, report = by_headings("Roth, Lena")
    assert one.people[0].usernames == ()
    assert report.findings[0].message == "Nobody here has this username, e-mail address or name: Roth, Lena."
    _, report = by_headings("Roth, Lena", header=("Members",))
    assert "nobody is taken from 'Roth, Lena'; write semicolons" in report.findings[0].message


def test_who_left_does_not_make_the_name_of_another_unclear():
    directory = Directory([Person("anna1", "Anna Roth", active=False), Person("anna2", "Anna Roth")])
    one, report = by_headings("Anna Roth", directory=directory)
    assert one.people[0].usernames == ("anna2",) and not report.findings


def test_a_username_goes_before_an_address_and_an_address_before_a_name():
    odd = [
        Person("a@example.org", "First"),
        Person("second", "Second", "a@example.org"),
        Person("third", "second"),
    ]
    directory = Directory(odd)
    assert [one.username for one in directory.named("a@example.org").people] == ["a@example.org"]
    assert [one.username for one in directory.named("second").people] == ["second"]


def test_each_mistake_stands_at_its_row_and_column_with_the_whole_cell():
    one, report = by_headings("ghost; lena; <script>", "leo", header=("Members", "Deputy"))
    assert [one.usernames for one in one.people if one.role == MEMBERS] == [("lena",)]
    assert found(report) == [
        (2, "Deputy", "leo", "inactive_person"),
        (2, "Members", "ghost; lena; <script>", "unknown_person"),
    ]
    assert report.findings[1].message == (
        "Nobody here has this username, e-mail address or name: ghost, <script>."
    )


def test_of_very_many_strangers_a_few_are_told_in_one_sentence():
    _, report = by_headings("; ".join(f"ghost{number}" for number in range(5000)), header=("Members",))
    (finding,) = report.findings
    assert finding.message.endswith("ghost0, ghost1, ghost2, ghost3, ghost4, … (+4995).")


def test_words_that_say_nothing_name_nobody_and_are_not_reported():
    for word in ("", "N/A", "TBD", "-", "unbekannt"):
        assert who(word) == ([], [])


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Business owner", "business_owner"), ("FACHVERANTWORTUNG", "business_owner"), ("Sponsor", "executive_sponsor"),
        ("tech-lead", "technical_lead"), ("Technische Leitung", "technical_lead"), ("Stellvertretung", "deputy"),
        ("Team members", "members"), ("Mitglieder", "members"),
    ],
)  # fmt: skip
def test_headings_name_the_places_in_both_languages(heading, role):
    one, report = by_headings("lena", header=(heading,))
    assert [(place.role, place.usernames) for place in one.people] == [(role, ("lena",))]
    assert (heading, f"person:{role}") in report.columns and not report.unused_columns


def test_a_mapping_names_the_places_by_its_own_headings():
    text = MAPPING + "people:\n  business_owner: {column: Problem}\n  members: {column: Topic}\n"
    read = table(row(problem="Lena Berg", topic="omar.h; ghost"))
    (one,), report = plan(read, mapping_file.parse(text.encode(), "a.yaml", read.header), EVERYBODY)
    assert [(place.role, place.usernames, place.unclear) for place in one.people] == [
        ("business_owner", ("lena",), False),
        ("members", ("Omar.H",), True),
    ]
    assert ("Problem", "person:business_owner") in report.columns


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("people: {owner: {column: Unit}}", "owner"),
        ("people: {members: {column: Nobody}}", "the file has no column 'Nobody'"),
        ("people: {members: Unit}", "members"),
    ],
)
def test_a_mistake_among_the_people_of_a_mapping_is_told_with_its_line(section, sentence):

    with pytest.raises(DocumentRefused) as refused:
        mapping_file.parse(f"{MAPPING}{section}\n".encode(), "a.yaml", ("Name", "Unit"))
    line = MAPPING.count("\n") + 1
    assert any(one.line == line and sentence in one.reason for one in refused.value.mistakes)


def test_a_row_that_names_nobody_is_the_row_it_was_before_a_file_could_name_people():
    read = read_bytes(csv_bytes([("Chat", "Pilot", "")], ("Name", "Stage", "Owner")), "list.csv")
    mapping = recognised(read.header, AS_OF)
    (one,), _ = plan(read, mapping, EVERYBODY)
    plain = read_bytes(csv_bytes([("Chat", "Pilot", "")], ("Name", "Stage", "Cost")), "list.csv")
    (before,), _ = plan(plain, recognised(plain.header, AS_OF))
    assert mapping.people and one.digest == before.digest


def test_a_row_is_another_one_when_it_names_others_or_who_it_names_has_come():
    prints = [by_headings(cell)[0].digest for cell in ("", "lena", "omar.h", "ghost", "leo")]
    assert len(set(prints[:4])) == 4 and prints[3] == prints[4]
    come = Directory([LENA, Person("ghost", "Gus Host")])
    assert by_headings("ghost", directory=come)[0].digest not in prints
    assert by_headings("LENA")[0].digest == by_headings("Lena Berg")[0].digest


def test_it_is_counted_in_how_many_rows_each_is_named_and_who_is_not_here():
    rows = [
        ("A", "Pilot", "lena", "lena; omar.h"),
        ("B", "Pilot", "ghost", "Ghost; lena; ghost"),
        ("C", "Pilot", "", "leo"),
        ("D", "no stage", "omar.h", "phantom"),
    ]
    read = read_bytes(csv_bytes(rows, ("Name", "Stage", "Lead", "Members")), "list.csv")
    _, report = plan(read, recognised(read.header, AS_OF), EVERYBODY)
    told = report.people
    assert (told.rows, dict(told.named), told.names["lena"]) == (2, {"lena": 2, "Omar.H": 1}, "Lena Berg")
    assert (dict(told.unknown), dict(told.inactive)) == ({"ghost": 1}, {"leo": 1})


def test_of_a_file_without_such_columns_nothing_is_said_of_people():
    one, report = by_headings("3", header=("Cost",))
    assert one.people == () and report.people is None


CAST = (
    LENA, OMAR, Person("a.b-c+d_9", "Zoë Ärger", "zoe@example.org"), Person("7", "Ян Новак", "jan@example.org"),
    Person("groß@x.org", "Jo Groß", "jo@example.org"), Person("mary", "Mary Ann O\u2019Hara", "m@example.org"),
)  # fmt: skip
people = st.lists(st.sampled_from(CAST), unique=True)
WAYS = (
    lambda one: one.username,
    lambda one: one.username.upper(),
    lambda one: f" @{one.username} ",
    lambda one: one.email.upper(),
    lambda one: f"{one.name}  ({one.username})",
    lambda one: f"{one.name} <{one.email}>",
)


@given(people, st.lists(st.tuples(st.integers(0, 7), st.sampled_from(WAYS)), max_size=12))
def test_everybody_who_is_written_is_named_once_and_nobody_else(directory, picks):
    chosen = [(directory[place % len(directory)], way) for place, way in picks if directory]
    named = Directory(directory).named(";".join(way(one) for one, way in chosen))
    assert set(named.people) == {one for one, _ in chosen} and named.is_clear
    assert len(named.people) == len(set(named.people))


@given(people, st.text(max_size=80))
def test_any_text_names_people_who_are_here_or_says_what_names_nobody(directory, text):
    named = Directory(directory).named(text)
    assert set(named.people) <= set(directory)
    assert bool(named.people) or not named.is_clear or not text.replace(";", " ").replace(",", " ").split()


def test_the_places_are_those_of_the_rest_contract():

    assert (*(role.value for role in NAMED_ROLES), MEMBERS) == ROLES
