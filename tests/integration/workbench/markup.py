"""A page as a reader meets it: what stands where, what can be filled in, and whether it can be read aloud."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}
FILLED_IN = {"input", "select", "textarea"}
WITHIN_A_LINE = {"a", "abbr", "b", "code", "em", "i", "q", "small", "span", "strong", "svg", "time"}


@dataclass(slots=True)
class Node:
    """One element. ``text`` is what it says, white space collapsed."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parts: list["Node | str"] = field(default_factory=list)
    parent: "Node | None" = None

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.tag in WITHIN_A_LINE:
                yield from part._texts()
            else:
                yield from (" ", *part._texts(), " ")

    def walk(self) -> Iterator["Node"]:
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.walk()

    def all(self, tag: str = "", **attrs: str) -> list["Node"]:
        """Every element of this tag with these attributes: ``all("input", name="answer")``."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            node
            for node in self.walk()
            if (not tag or node.tag == tag)
            and all(node.attrs.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attrs: str) -> "Node":
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of {tag} {attrs}"
        return found[0]

    def by_id(self, name: str) -> "Node":
        return self.one(id=name)

    def has_id(self, name: str) -> bool:
        return bool(self.all(id=name))

    def chosen(self, name: str) -> str:
        """The value of the radio button that is chosen in this group."""
        return self.one("input", name=name, type="radio", checked="").attrs["value"]

    def links(self) -> dict[str, str]:
        """Address by words; the last of those with the same words."""
        return {node.text: node.attrs.get("href", "") for node in self.all("a")}

    def links_to(self, href: str) -> bool:
        return any(node.attrs.get("href") == href for node in self.all("a"))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("document")
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.at)
        self.at.parts.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.parts.append(Node(tag, {name: value or "" for name, value in attrs}, parent=self.at))

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.at
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self.at = node.parent

    def handle_data(self, data: str) -> None:
        self.at.parts.append(data)


def read(response: HttpResponse) -> Node:
    """The whole answer as a tree."""
    return parsed(response.content.decode())


def parsed(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    return builder.root


def complaints(page: Node) -> list[str]:
    """What would trouble somebody who has the page read aloud: labels, headings, ids that are not there or twice."""
    found = []
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} main headings")
    ids = Counter(node.attrs["id"] for node in page.walk() if "id" in node.attrs)
    found += [f"id {name} stands there {count} times" for name, count in ids.items() if count > 1]
    labelled = {node.attrs.get("for") for node in page.all("label")}
    for node in page.walk():
        if node.tag in FILLED_IN and node.attrs.get("type") not in ("hidden", "submit"):
            named = node.attrs.get("id") in labelled or node.attrs.get("aria-label") or _inside_label(node)
            if not named:
                found.append(f"{node.tag} {node.attrs.get('name')} has no label")
        for name in ("aria-labelledby", "aria-describedby"):
            found += [
                f"{name} of {node.tag} names {one}, which is not there"
                for one in node.attrs.get(name, "").split()
                if one not in ids
            ]
    return found


def _inside_label(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.tag == "label":
            return bool(above.text)
        above = above.parent
    return False
