"""The catalogues of the languages: `make messages` brings them up to date with the sources.

    python -m tests.messages        extracts into readiness/locale/<language>/LC_MESSAGES/*.po and compiles the .mo

Two catalogues a language: ``django`` holds the sentences of the code and of the templates, ``content`` the shipped
texts of the frameworks, flags, root causes and figures. What is translated
already stays; what no source says any more goes.
"""

import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "readiness" / "locale"
LANGUAGES = ("de",)
DOMAINS = ("django", "content")
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed day in the files' heads, so that a run that finds nothing new changes nothing."""

# What is English by contract: the programs' door, commands, logs, the demo's own stories.
ENGLISH = (
    "readiness/api/",
    "readiness/demo/",
    "readiness/serving/",
    "readiness/locale/",
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Sentences of the pure rules (checklists/said.py).
    "said": None,
    "said_of": (1, 2),
    "template": None,
}
CONTENTS = ("checklists/content/*.yaml", "readiness/standing/content/*.yaml")
# Of the contents: what is an address, a word of the rules or a reference, and not read by people as a text.
NO_TEXT = {
    "slug", "code", "kind", "order", "version", "root_cause", "root_causes", "signals", "severity", "stages",
    "from", "to", "unit", "speaks_to", "critical_in", "crosswalk", "crosswalk_checked_on", "crosswalk_meaning",
    "crosswalk_reading", "shown", "evidence", "fact", "essential", "signal", "guards",
    "framework", "gate", "owner_role", "checked_on",
}  # fmt: skip

LITERAL = r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\""""
CALL = re.compile(rf"\b(?:(?:n|p|np)?gettext|_)\((?:{LITERAL}|[\s,]|\bcount\b)+\)")
"""What Django's own extractor makes of the tags of a template."""

Message = tuple[str | tuple[str, ...], str | None]
"""A msgid (with its plural), and its context."""
Found = dict[Message, list[str]]
"""Each message with the files that say it."""


def extracted(domain: str) -> Found:
    """Every message of the sources, in the order of the files."""
    return _contents() if domain == "content" else _sentences()


def _sentences() -> Found:
    found: Found = defaultdict(list)
    for path in _sources("*.py", ("checklists", "gates", "readiness")):
        _note(found, path, _of_python(path.read_bytes()))
    for pattern in ("*.html", "*.txt"):
        for path in _sources(pattern, ("templates", "readiness")):
            _note(found, path, of_template(path.read_text(encoding="utf-8")))
    return found


def _sources(pattern: str, folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(ENGLISH) and "/migrations/" not in name and "/management/" not in name:
                yield path


def _note(found: Found, path: Path, messages: Iterable[Message]) -> None:
    name = path.relative_to(ROOT).as_posix()
    for message in messages:
        if name not in found[message]:
            found[message].append(name)


def _of_python(source: bytes) -> Iterator[Message]:
    for _line, function, given, _comments in extract_python(io.BytesIO(source), KEYWORDS, (), {}):
        message = _message(KEYWORDS[function], given)
        if message is not None:
            yield message


def _message(spec: Any, given: Any) -> Message | None:
    """What one call says; nothing where its text is no literal."""
    texts = list(given) if isinstance(given, tuple) else [given]
    if spec is None:
        return (texts[0], None) if texts[0] else None
    context = next((texts[part[0] - 1] for part in spec if isinstance(part, tuple)), None)
    wanted = [texts[part - 1] for part in spec if isinstance(part, int) and part <= len(texts)]
    if not wanted or not all(wanted):
        return None
    return (wanted[0] if len(wanted) == 1 else tuple(wanted)), context


def of_template(source: str) -> Iterator[Message]:
    yield from _of_python("\n".join(CALL.findall(templatize(source))).encode())


def _contents() -> Found:
    found: Found = defaultdict(list)
    for pattern in CONTENTS:
        for path in sorted(ROOT.glob(pattern)):
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            _note(found, path, ((text, None) for text in _texts(data)))
    return found


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        if data.strip():
            yield data
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "messages":  # of a flag: all of them are read, whatever a wording is called
                yield from value.values()
            elif key not in NO_TEXT:
                yield from _texts(value)


def path_of(language: str, domain: str, kind: str = "po") -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.{kind}"


def stored(language: str, domain: str) -> Catalog:
    """The catalogue as it is kept; an empty one where there is none yet."""
    path = path_of(language, domain)
    if not path.exists():
        return _empty(language, domain)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def _empty(language: str, domain: str) -> Catalog:
    return Catalog(
        locale=language,
        domain=domain,
        project="Fivegates",
        version="1",
        msgid_bugs_address="-",
        header_comment="# Brought up to date with the sources by `make messages`.",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        last_translator="-",
        language_team=language,
        fuzzy=False,
    )


def renewed(language: str, domain: str) -> Catalog:
    """The sources' messages, each with the translation that is known of it."""
    known, fresh = stored(language, domain), _empty(language, domain)
    for (msgid, context), files in extracted(domain).items():
        old = known.get(msgid, context)
        flags = ["python-brace-format"] if _has_braces(msgid) else []
        fresh.add(
            msgid,
            old.string if old is not None else "",
            locations=[(file, 0) for file in files],
            flags=flags,
            context=context,
            user_comments=old.user_comments if old is not None else (),
        )
    return fresh


def _has_braces(msgid: str | tuple[str, ...]) -> bool:
    text = msgid if isinstance(msgid, str) else " ".join(msgid)
    return bool(re.search(r"\{[a-z_]+\}", text))


def po_of(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, width=110, include_lineno=False, omit_header=False)
    return file.getvalue()


def mo_of(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> None:
    for language in LANGUAGES:
        for domain in DOMAINS:
            catalogue = renewed(language, domain)
            path_of(language, domain).parent.mkdir(parents=True, exist_ok=True)
            path_of(language, domain).write_bytes(po_of(catalogue))
            path_of(language, domain, "mo").write_bytes(mo_of(catalogue))
            done = sum(
                1 for message in catalogue if message.id and message.string and all(_forms(message.string))
            )
            sys.stdout.write(f"{language} {domain}: {done} of {len(catalogue)} translated\n")


def _forms(string: Any) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


if __name__ == "__main__":
    main()
