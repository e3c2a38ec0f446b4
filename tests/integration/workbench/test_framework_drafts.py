"""The pages of drafts: a framework is begun, edited part by part, looked at and published, by admins alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from checklists.drafting import HEAD, with_values
from checklists.frameworks import parse_framework
from checklists.models import Framework, FrameworkDraft
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.framework_drafts import (
    change_draft,
    change_framework,
    copy_framework,
    discard_draft,
)
from readiness.audit.recording import Actor
from tests.fixtures import create, pages, person
from tests.integration.workbench.markup import Node, complaints, read

pytestmark = pytest.mark.django_db

SHIPPED = ("conversational-ai", "environment-gap", "five-gate", "poc-checkpoints")


@pytest.fixture
def desk(ada: User) -> Client:
    return pages(ada)


def begun(by: User, slug: str = "five-gate") -> FrameworkDraft:
    return change_framework(slug, Actor.person(by), clock.now())[0]


def home(draft: FrameworkDraft) -> str:
    return f"/organisation/frameworks/drafts/{draft.pk}/"


def key_of(draft: FrameworkDraft, code: str) -> int:
    parts = [*draft.document["gates"], *(item for gate in draft.document["gates"] for item in gate["items"])]
    return next(part["key"] for part in parts if code in (part.get("code"), part.get("slug")))


def item_of(draft: FrameworkDraft, code: str) -> dict[str, Any]:
    draft.refresh_from_db()
    items = [item for gate in draft.document["gates"] for item in gate["items"]]
    return next(item for item in items if item.get("code") == code)


def fields_of(page: Node) -> dict[str, Any]:
    """What the form in the page would send, as it was shown."""
    sent: dict[str, Any] = {}
    form = next(form for form in page.all("form") if form.all("input", name="seen"))
    for one in form.all("input"):
        kind, name = one.attrs.get("type", "text"), one.attrs.get("name", "")
        if kind in ("checkbox", "radio"):
            if "checked" in one.attrs:
                sent.setdefault(name, []).append(one.attrs.get("value", "on"))
        elif name and name != "csrfmiddlewaretoken":
            sent[name] = one.attrs.get("value", "")
    for one in form.all("textarea"):
        written = "".join(part for part in one.parts if isinstance(part, str))
        sent[one.attrs["name"]] = written.removeprefix("\n").removeprefix("\r\n")
    for one in form.all("select"):
        sent[one.attrs["name"]] = next(
            (each.attrs["value"] for each in one.all("option") if "selected" in each.attrs), ""
        )
    return sent


def save(desk: Client, url: str, **typed: Any) -> HttpResponse:
    """Open the page of a part, type into some fields, and save."""
    return desk.post(url, fields_of(read(desk.get(url))) | typed)


def part(draft: FrameworkDraft, code: str) -> str:
    return f"{home(draft)}parts/{key_of(draft, code)}/"


def in_other_hands(draft: FrameworkDraft, key: int, **values: Any) -> None:
    other = Actor.person(person("otto", admin=True))
    change_draft(draft.pk, None, key, lambda document: with_values(document, key, values), other, clock.now())


def every_page(draft: FrameworkDraft) -> list[str]:
    sections = [f"about/{name}/" for name in ("basics", "guards", "answers", "explanations")]
    parts = [f"parts/{gate['key']}/" for gate in draft.document["gates"]]
    parts += [f"parts/{item['key']}/" for gate in draft.document["gates"] for item in gate["items"]]
    removals = [f"{address}remove/" for address in parts[:1]]
    return [home(draft) + rest for rest in ("", *sections, *parts, *removals, "publish/", "discard/")]


@pytest.mark.parametrize("slug", SHIPPED)
def test_saving_every_page_as_it_was_shown_changes_nothing(ada: User, desk: Client, slug: str) -> None:
    """Byte for byte: what nobody touched stays as it is, whatever the field makes of it."""
    draft = begun(ada, slug)
    before = draft.document
    forms = [url for url in every_page(draft) if re.search(r"/(about/\w+|parts/\d+)/$", url)]
    for url in forms:
        assert save(desk, url).status_code == 302, url
    draft.refresh_from_db()
    assert draft.document == before
    assert draft.version == 1


def test_what_a_field_cannot_show_as_it_is_stays_until_it_is_changed(ada: User, desk: Client) -> None:
    draft = begun(ada)
    two_lines = ["One?\nReally?", "Two?"]
    in_other_hands(draft, key_of(draft, "data"), key_questions=two_lines)
    assert save(desk, part(draft, "data"), name="Our data").status_code == 302
    draft.refresh_from_db()
    assert draft.document["gates"][0]["name"] == "Our data"
    assert draft.document["gates"][0]["key_questions"] == two_lines


@pytest.mark.parametrize("slug", SHIPPED)
def test_every_page_is_sound_and_a_checkpoint_is_no_gate(ada: User, desk: Client, slug: str) -> None:
    draft = begun(ada, slug)
    for url in every_page(draft):
        page = read(desk.get(url))
        assert complaints(page) == [], url
    text = read(desk.get(home(draft))).text
    assert ("Add a checkpoint" in text) == (slug == "poc-checkpoints")
    assert ("Add a gate" in text) == (slug != "poc-checkpoints")


def test_an_admin_begins_from_the_page_of_a_framework(desk: Client) -> None:
    page = read(desk.get("/frameworks/five-gate/"))
    assert page.links_to("/frameworks/five-gate/copy/")
    answer = desk.post("/frameworks/five-gate/change/")
    draft = FrameworkDraft.objects.get()
    assert answer["Location"] == home(draft)
    again = desk.post("/frameworks/five-gate/change/", follow=True)
    assert "stands already: here it is" in read(again).text
    assert FrameworkDraft.objects.count() == 1
    assert "5-Gate Production Readiness 1.1" in read(desk.get("/frameworks/")).by_id("drafts").text


def test_only_the_newest_version_is_offered_to_be_changed(ada: User, desk: Client) -> None:
    draft = begun(ada)
    desk.post(f"{home(draft)}publish/", {"seen": 1})
    newest, first = (desk.get(f"/frameworks/five-gate/{rest}") for rest in ("", "?version=1.0"))
    assert read(newest).links_to("/frameworks/five-gate/copy/")
    assert not read(first).links_to("/frameworks/five-gate/copy/")


def test_a_copy_and_an_empty_one_ask_how_they_are_called(desk: Client) -> None:
    url = "/frameworks/five-gate/copy/"
    refused = desk.post(url, {"name": "Ours", "slug": "environment-gap"})
    assert refused.status_code == 422
    assert "There is a framework environment-gap already" in read(refused).text
    assert 'value="Ours"' in refused.content.decode()
    assert desk.post(url, {"name": "", "slug": ""}).status_code == 422
    assert desk.post(url, {"name": "Ours", "slug": "our-gates"}).status_code == 302
    assert FrameworkDraft.objects.get().document["slug"] == "our-gates"
    empty = {"name": "Handing over", "slug": "handing-over", "kind": "checkpoints"}
    page = read(desk.post("/organisation/frameworks/empty/", empty, follow=True))
    assert "things are still wrong" in page.text and "Add a checkpoint" in page.text
    assert desk.get("/frameworks/nothing/copy/").status_code == 404


def test_who_is_no_admin_is_offered_and_let_in_to_nothing(ada: User, lena: User, iris: User) -> None:
    draft = begun(ada)
    for who in (lena, iris):
        other = pages(who)
        assert "/copy/" not in other.get("/frameworks/five-gate/").content.decode()
        assert "drafts" not in other.get("/frameworks/").content.decode()
        for url in every_page(draft):
            assert other.get(url).status_code == 403, url
        assert other.post(f"{home(draft)}publish/", {"seen": 1}).status_code == 403
    draft.refresh_from_db()
    assert draft.version == 1


def test_each_mistake_is_listed_with_the_way_to_its_field(ada: User, desk: Client) -> None:
    draft = begun(ada)
    url = part(draft, "DATA-2")
    answer = save(desk, url, statement="", evidence_max_age_days="soon")
    assert answer.status_code == 302
    page = read(desk.get(home(draft)))
    assert "2 things are still wrong" in page.text and "DATA-2" in page.text
    assert page.links_to(f"{url}#id_statement") and page.links_to(f"{url}#id_evidence_max_age_days")
    form = desk.get(url)
    assert "is missing" in form.content.decode() and 'value="soon"' in form.content.decode()
    refused = desk.post(f"{home(draft)}publish/", {"seen": 2})
    assert refused.status_code == 422
    assert Framework.objects.current().get(slug="five-gate").version == "1.0"
    save(desk, url, statement="It is so.", evidence_max_age_days="90")
    assert "Nothing is wrong" in read(desk.get(home(draft))).text


def test_mistakes_stand_in_the_order_of_their_fields(ada: User, desk: Client) -> None:
    draft = begun(ada)
    nothing = {"title": "", "statement": "", "met": "", "not_met": "", "root_cause": ""}
    for code in ("ARCH-1", "DATA-2"):
        save(desk, part(draft, code), **nothing)
    wanted = [f"{part(draft, code)}#id_{name}" for code in ("DATA-2", "ARCH-1") for name in nothing]
    page = read(desk.get(home(draft)))
    assert [link.attrs["href"] for link in page.all("a") if "#id_" in link.attrs.get("href", "")] == wanted
    page = read(desk.get(part(draft, "DATA-2")))
    links = [link.attrs["href"] for link in page.all("a") if "#id_" in link.attrs.get("href", "")]
    assert links == [f"#id_{name}" for name in nothing]


def test_mistakes_of_the_whole_are_listed_at_its_sections(ada: User, desk: Client) -> None:
    draft = begun(ada)
    save(desk, f"{home(draft)}about/basics/", version="one", required_met="99")
    save(desk, f"{home(draft)}about/answers/", answer_labels__met="x" * 121)
    save(desk, f"{home(draft)}about/explanations/", crosswalk_checked_on="soon")
    page = read(desk.get(home(draft)))
    about = f"{home(draft)}about"
    for link in (
        f"{about}/basics/#id_version",
        f"{about}/basics/#id_required_met",
        f"{about}/answers/#id_answer_labels__met",
        f"{about}/explanations/#id_crosswalk_checked_on",
    ):
        assert page.links_to(link), link


def test_values_of_every_shape_are_read_as_the_file_has_them(ada: User, desk: Client) -> None:
    draft = begun(ada)
    save(
        desk,
        part(draft, "DATA-1"),
        signals="live_use\r\n\r\n slow_use ",
        crosswalk="a_list: 1.2\r\na_list: Art. 9: (1)\r\nother: 3",
        applies_to__bought="Ask.\r\nThen ask again.",
        evidence_max_age_days="30",
        critical="",
        root_cause="ownership",
        fact="kpis.complete",
        help="",
    )
    item = item_of(draft, "DATA-1")
    assert item["signals"] == ["live_use", "slow_use"]
    assert item["crosswalk"] == {"a_list": ["1.2", "Art. 9: (1)"], "other": ["3"]}
    assert item["applies_to"]["bought"] == "Ask.\nThen ask again."
    assert (item["evidence_max_age_days"], item["critical"]) == (30, False)
    assert (item["root_cause"], item["fact"]) == ("ownership", "kpis.complete")
    assert "help" not in item
    save(desk, part(draft, "DATA-1"), signals="", crosswalk="", applies_to__bought="")
    item = item_of(draft, "DATA-1")
    assert {"signals", "crosswalk"}.isdisjoint(item) and "bought" not in item.get("applies_to", {})
    refused = save(desk, part(draft, "DATA-1"), root_cause="no_such_cause")
    assert refused.status_code == 422


def test_guards_are_ticked_for_each_move_and_keep_their_order(ada: User, desk: Client) -> None:
    draft = begun(ada, "poc-checkpoints")
    before = draft.document["guards"]
    save(desk, f"{home(draft)}about/guards/", intake__poc=["checkpoint-0", "*"])
    draft.refresh_from_db()
    assert draft.document["guards"] == [*before, {"from": "intake", "to": "poc"}]
    save(desk, f"{home(draft)}about/guards/", intake__poc=["*"])
    draft.refresh_from_db()
    assert draft.document["guards"] == [*before[1:], {"from": "intake", "to": "poc"}]


def test_items_are_added_moved_and_taken_out(ada: User, desk: Client) -> None:
    draft = begun(ada)
    arrange = f"{home(draft)}arrange/"
    added = desk.post(arrange, {"seen": 1, "add_item": key_of(draft, "data")})
    draft.refresh_from_db()
    key = key_of(draft, "DATA-5")
    assert added["Location"] == f"{home(draft)}parts/{key}/?new=1"
    assert "is missing" not in desk.get(added["Location"]).content.decode()
    assert "is missing" in desk.get(f"{home(draft)}parts/{key}/").content.decode()
    up = desk.post(arrange, {"seen": 2, "up": key})
    assert up["Location"] == f"{home(draft)}#part-{key}"
    draft.refresh_from_db()
    assert [item["code"] for item in draft.document["gates"][0]["items"]][-2:] == ["DATA-5", "DATA-4"]
    asked = desk.get(f"{home(draft)}parts/{key}/remove/")
    assert fields_of(read(asked)) == {"seen": "3"}
    desk.post(f"{home(draft)}parts/{key}/remove/", {"seen": 3})
    draft.refresh_from_db()
    assert len(draft.document["gates"][0]["items"]) == 4
    again = desk.post(f"{home(draft)}parts/{key}/remove/", {"seen": 4})
    assert again.status_code == 302  # it is gone, as was wanted
    gate = desk.post(arrange, {"seen": 4, "add_gate": "1"})
    assert "parts/" in gate["Location"] and len(FrameworkDraft.objects.get().document["gates"]) == 6


@pytest.mark.parametrize(
    "sent",
    [{"seen": 1}, {"up": 1}, {"seen": "x", "up": 1}, {"seen": 1, "up": "-1"}, {"seen": 1, "up": 999},
     {"seen": 1, "up": "²"}, {"seen": 1, "add_item": "9" * 30}, {"seen": 1, "up": "0" * 5000}],
    ids=lambda sent: " ".join(f"{name}={str(value)[:6]}" for name, value in sent.items()),
)  # fmt: skip
def test_what_no_button_sends_is_not_found(ada: User, desk: Client, sent: dict[str, Any]) -> None:
    draft = begun(ada)
    assert desk.post(f"{home(draft)}arrange/", sent).status_code == 404
    assert FrameworkDraft.objects.get().version == 1


@pytest.mark.parametrize("rest", ["about/nothing/", "parts/999/", "parts/0/", "parts/999/remove/"])
def test_a_part_that_is_not_there_is_not_found(ada: User, desk: Client, rest: str) -> None:
    assert desk.get(home(begun(ada)) + rest).status_code == 404
    assert desk.get(f"/organisation/frameworks/drafts/999/{rest}").status_code == 404


def test_a_stale_save_keeps_what_was_typed_and_shows_what_stands(ada: User, desk: Client) -> None:
    draft = begun(ada)
    url = part(draft, "DATA-1")
    opened = fields_of(read(desk.get(url)))
    in_other_hands(draft, key_of(draft, "DATA-1"), title="What Otto wrote", help="His help")
    answer = desk.post(url, opened | {"title": "What Ada wrote"})
    assert answer.status_code == 409
    page = read(answer)
    assert "Otto changed it" in page.text and "What Otto wrote" in page.text and "His help" in page.text
    again = fields_of(page)
    assert again["title"] == "What Ada wrote" and again["seen"] == "2"
    assert item_of(draft, "DATA-1")["title"] == "What Otto wrote"
    assert desk.post(url, again).status_code == 302
    assert item_of(draft, "DATA-1")["title"] == "What Ada wrote"


def test_of_a_stale_save_elsewhere_nothing_differs(ada: User, desk: Client) -> None:
    draft = begun(ada)
    url = part(draft, "DATA-1")
    opened = fields_of(read(desk.get(url)))
    in_other_hands(draft, key_of(draft, "ADPT-1"), title="What Otto wrote")
    page = read(desk.post(url, opened))
    assert "nothing here differs" in page.text and "What Otto wrote" not in page.text


def test_what_was_typed_into_a_part_that_is_gone_is_still_shown(ada: User, desk: Client) -> None:
    draft = begun(ada)
    url = part(draft, "DATA-1")
    opened = fields_of(read(desk.get(url)))
    change_draft(
        *(draft.pk, None, key_of(draft, "DATA-1")),
        lambda document: {**document, "gates": document["gates"][1:]},
        *(Actor.person(ada), clock.now()),
    )
    answer = desk.post(url, opened | {"title": "What Ada wrote"})
    assert answer.status_code == 409
    page = read(answer)
    assert "taken out of the draft meanwhile" in page.text
    assert 'value="What Ada wrote"' in answer.content.decode()
    assert "Save" not in [button.text for button in page.all("button")]


@pytest.mark.parametrize("where", ["parts/2/", "parts/1/", "about/basics/", "about/guards/"])
def test_what_was_typed_into_a_draft_that_is_gone_is_still_shown(ada: User, desk: Client, where: str) -> None:
    draft = begun(ada)
    opened = fields_of(read(desk.get(home(draft) + where)))
    discard_draft(draft.pk, None, Actor.person(person("otto", admin=True)), clock.now())
    answer = desk.post(home(draft) + where, opened | {"title": "What Ada wrote", "name": "What Ada wrote"})
    assert answer.status_code == 409
    page = read(answer)
    assert "published or thrown away meanwhile" in page.text and "valid choice" not in page.text
    assert 'value="What Ada wrote"' in answer.content.decode() or where == "about/guards/"
    assert "Save" not in [button.text for button in page.all("button")]
    assert "/frameworks/" in [link.attrs["href"] for link in page.all("a") if "Back" in link.text]
    assert desk.get(home(draft) + where).status_code == 404


@pytest.mark.parametrize(
    ("section", "others", "typed", "told"),
    [
        ("basics", {"version": "1.2"}, {"order": "any"}, "In order: each is locked until those before it"),
        ("guards", {"guards": None}, {}, "nothing"),
        ("guards", {"guards": [{"from": "rollout", "to": "live"}]}, {}, "The whole framework"),
    ],
)
def test_what_stands_is_told_in_the_words_of_its_field(
    ada: User, desk: Client, section: str, others: dict[str, Any], typed: dict[str, Any], told: str
) -> None:
    draft = begun(ada)
    url = f"{home(draft)}about/{section}/"
    opened = fields_of(read(desk.get(url)))
    in_other_hands(draft, HEAD, **others)
    alerts = [
        one for one in read(desk.post(url, opened | typed)).all("div") if one.attrs.get("role") == "status"
    ]
    assert told in " ".join(one.text for one in alerts)


@pytest.mark.parametrize("rest", ["arrange/", "parts/2/remove/", "discard/"])
def test_a_stale_press_does_nothing_and_says_who_was_first(ada: User, desk: Client, rest: str) -> None:
    draft = begun(ada)
    in_other_hands(draft, HEAD, name="What Otto wrote")
    answer = desk.post(home(draft) + rest, {"seen": 1, "down": 2}, follow=True)
    assert "Otto changed the draft meanwhile" in read(answer).text
    draft.refresh_from_db()
    assert draft.document["gates"][0]["items"][0]["key"] == 2


def test_what_changes_is_shown_before_it_is_published(ada: User, lena: User, desk: Client) -> None:
    create(lena)
    draft = begun(ada)
    save(desk, part(draft, "DATA-1"), statement="It is otherwise.", critical="on")
    save(desk, part(draft, "data"), min_met="2")
    desk.post(f"{home(draft)}arrange/", {"seen": 3, "down": key_of(draft, "DATA-4")})
    desk.post(f"{home(draft)}parts/{key_of(draft, 'ADPT-4')}/remove/", {"seen": 4})
    save(desk, f"{home(draft)}about/guards/", rollout__live=["*"])
    page = read(desk.get(f"{home(draft)}publish/"))
    text = page.text
    for words in (
        "What changes against 1.0, which is in force",
        "otherwise",
        "Items that must be met",
        "Stands in architecture now.",
        "ADPT-4",
        "Rollout → Live",
        "The whole framework",
        "1 initiative keeps the version that it has",
        "What begins from then on is assessed with 1.1",
    ):
        assert words in text, words
    assert "DATA-3" not in text and "GOVN-1" not in text
    done = desk.post(f"{home(draft)}publish/", fields_of(page))
    assert done["Location"] == "/frameworks/five-gate/"
    assert "It is otherwise." in desk.get("/frameworks/five-gate/").content.decode()
    assert desk.get(home(draft)).status_code == 404


def test_nothing_but_the_version_is_said_so(ada: User, desk: Client) -> None:
    page = read(desk.get(f"{home(begun(ada))}publish/"))
    assert "Nothing but the version." in page.text


def test_a_copy_is_a_new_framework(ada: User, desk: Client) -> None:
    draft = copy_framework("five-gate", "our-gates", "Our gates", Actor.person(ada), clock.now())
    page = read(desk.get(f"{home(draft)}publish/"))
    assert "A new framework with 20 items." in page.text and "What changes against" not in page.text
    desk.post(f"{home(draft)}publish/", fields_of(page))
    assert Framework.objects.current().get(slug="our-gates").version == "1.0"


def test_conflicts_are_said_at_the_page_and_the_draft_stays(ada: User, desk: Client) -> None:
    draft = begun(ada)
    save(desk, f"{home(draft)}about/guards/", pilot__rollout=[])
    for url in (home(draft), f"{home(draft)}publish/"):
        page = read(desk.get(url))
        assert "does not guard pilot → rollout" in page.text, url
        assert "Publish it" not in [button.text for button in page.all("button")]
    refused = desk.post(f"{home(draft)}publish/", {"seen": 2})
    assert refused.status_code == 409
    assert "The draft stays" in read(refused).text
    assert FrameworkDraft.objects.filter(pk=draft.pk).exists()


def test_a_version_published_meanwhile_is_what_it_is_compared_with(ada: User, desk: Client) -> None:
    draft = begun(ada)
    other = copy_framework("five-gate", "our-gates", "Our gates", Actor.person(ada), clock.now())
    save(desk, f"{home(other)}about/basics/", slug="five-gate", version="1.1", name="5-Gate")
    desk.post(f"{home(other)}publish/", {"seen": 2})
    page = read(desk.get(f"{home(draft)}publish/"))
    assert "Another version was published since this draft began" in page.text
    assert "five-gate 1.1 is published and never changes" in page.text
    save(desk, f"{home(draft)}about/basics/", version="1.2")
    page = read(desk.get(f"{home(draft)}publish/"))
    assert "What changes against 1.1" in page.text and "Publish it" in page.text


def test_a_draft_that_changed_after_it_was_looked_at_is_looked_at_again(ada: User, desk: Client) -> None:
    draft = begun(ada)
    seen = fields_of(read(desk.get(f"{home(draft)}publish/")))
    in_other_hands(draft, key_of(draft, "DATA-1"), title="What Otto wrote")
    refused = desk.post(f"{home(draft)}publish/", seen)
    assert refused.status_code == 409
    assert "What Otto wrote" in read(refused).text
    assert Framework.objects.current().get(slug="five-gate").version == "1.0"


def test_the_file_of_a_draft_can_be_taken_and_published_elsewhere(ada: User, desk: Client) -> None:
    draft = begun(ada)
    file = desk.get(f"{home(draft)}file/")
    assert file["Content-Disposition"] == f'attachment; filename="framework-draft-{draft.pk}.yaml"'
    assert parse_framework(file.content, "file").version == "1.1"
    save(desk, part(draft, "DATA-1"), statement="")
    assert b"statement" in desk.get(f"{home(draft)}file/").content


def test_a_draft_is_thrown_away_when_asked_once(ada: User, desk: Client) -> None:
    draft = begun(ada)
    asked = read(desk.get(f"{home(draft)}discard/"))
    assert "Throw this draft away?" in asked.text
    for _twice in range(2):
        answer = desk.post(f"{home(draft)}discard/", fields_of(asked), follow=True)
        assert "thrown away" in read(answer).text
    assert not FrameworkDraft.objects.exists()
    assert desk.get(home(draft)).status_code == 404


def test_the_list_asks_no_more_with_many_drafts(
    ada: User, desk: Client, query_count: Callable[[Callable[[], Any]], int]
) -> None:
    begun(ada)
    one = query_count(lambda: desk.get("/frameworks/"))
    for number in range(9):
        copy_framework("five-gate", f"copy-{number}", f"Copy {number}", Actor.person(ada), clock.now())
    assert query_count(lambda: desk.get("/frameworks/")) == one
