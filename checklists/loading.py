"""A framework written to the tables and published. From then on it never changes: the database refuses."""

from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from checklists.documents import read_bytes
from checklists.frameworks import (
    STAGES,
    ParsedFramework,
    ParsedGate,
    ParsedGuard,
    ParsedItem,
    parse_framework,
)
from checklists.models import Framework, Gate, Item
from checklists.said import Said, said

Parsed = TypeVar("Parsed", ParsedFramework, ParsedGate, ParsedItem)

SHIPPED = Path(__file__).resolve().parent / "content"


class NotPublished(Exception):
    """A framework that is well written and cannot be published here. Nothing was changed.

    ``sentence`` tells why, and can be said in another language.
    """

    def __init__(self, sentence: Said) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class FrameworkStands(NotPublished):
    """This version exists already and says something else, or is not published."""


class GuardLost(NotPublished):
    """The version before it guards a stage move that this one would leave open."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The framework's row, and whether this call published it (else it stood there already, word for word)."""

    framework: Framework
    published: bool


def shipped_files() -> list[Path]:
    """The frameworks that come with the product."""
    return sorted(SHIPPED.glob("*.yaml"))


def read_framework(path: Path) -> ParsedFramework:
    """The framework in a YAML file. Raises OSError, or DocumentRefused with every mistake and its line."""
    return parse_framework(read_bytes(path), path.name)


def loading_order(framework: ParsedFramework) -> tuple[int, str, tuple[int, ...]]:
    """Sorts frameworks by the stage at which an initiative meets them first, and a framework's versions by age."""
    guarded = [STAGES.index(guard.from_stage) for guard in framework.guards]
    return min(guarded, default=len(STAGES)), framework.slug, framework.version_key


def load_framework(parsed: ParsedFramework, at: datetime) -> Loaded:
    """Write ``parsed`` and publish it as of ``at`` (aware), in one transaction.

    A version that stands with the same content is left alone, so it is safe to call again, and from two processes at
    once. Raises FrameworkStands where it stands with other content or unpublished, and GuardLost where the version
    that is current guards a move that this one does not, or guards as a whole what this one does by a gate only: what
    begins from then on would pass it unasked.
    """
    standing = _standing(parsed)
    if standing is None:
        _require_guards(parsed)
        try:
            with transaction.atomic():
                return Loaded(_publish(parsed, at), published=True)
        except IntegrityError:
            standing = _standing(parsed)
            if standing is None:
                raise  # it was not another process that published it first
    _require_same(standing, parsed)
    return Loaded(standing, published=False)


def refuse_unpublishable(parsed: ParsedFramework) -> None:
    """Raise what ``load_framework`` would raise at this moment, and write nothing."""
    standing = _standing(parsed)
    if standing is None:
        _require_guards(parsed)
    else:
        _require_same(standing, parsed)


def _standing(parsed: ParsedFramework) -> Framework | None:
    return Framework.objects.filter(slug=parsed.slug, version=parsed.version).first()


def _require_same(standing: Framework, parsed: ParsedFramework) -> None:
    version = f"{standing.slug} {standing.version}"
    if standing.published_at is None:
        raise FrameworkStands(
            said("{version} stands there unpublished; publish it, or remove it, first", version=version)
        )
    if standing.checksum != parsed.checksum:
        raise FrameworkStands(
            said(
                "{version} is published and never changes; give the changed text a new version",
                version=version,
            )
        )


def _require_guards(parsed: ParsedFramework) -> None:
    before = Framework.objects.current().filter(slug=parsed.slug).first()
    kept = {(guard.from_stage, guard.to_stage) for guard in parsed.guards}
    whole = {(guard.from_stage, guard.to_stage) for guard in parsed.guards if not guard.gate}
    for guard in before.guards if before else ():
        if (guard["from"], guard["to"]) not in (kept if guard.get("gate") else whole):
            raise GuardLost(
                said(
                    "{version} does not guard {move}, as {before} does; give it that guard, or another slug",
                    version=f"{parsed.slug} {parsed.version}",
                    move=f"{guard['from']} → {guard['to']}",
                    before=before.version if before else "",
                )
            )


def _publish(parsed: ParsedFramework, at: datetime) -> Framework:
    framework = Framework.objects.create(
        **_columns(parsed, "guards", "gates"),
        guards=[_guard(guard) for guard in parsed.guards],
        checksum=parsed.checksum,
    )
    gates = Gate.objects.bulk_create(
        Gate(framework=framework, position=position, **_columns(gate, "items"))
        for position, gate in enumerate(parsed.gates, start=1)
    )
    Item.objects.bulk_create(
        Item(gate=row, position=position, **_columns(item))
        for row, gate in zip(gates, parsed.gates, strict=True)
        for position, item in enumerate(gate.items, start=1)
    )
    framework.published_at = at
    framework.save(update_fields=["published_at"])
    return framework


def stored_framework(row: Framework) -> ParsedFramework:
    """A version as the file said it that published it: with the same checksum. The row came ``with_content()``."""
    return _as_parsed(
        ParsedFramework,
        row,
        guards=tuple(ParsedGuard(guard["from"], guard["to"], guard.get("gate", "")) for guard in row.guards),
        gates=tuple(_stored_gate(gate) for gate in row.gates.all()),
    )


def _stored_gate(row: Gate) -> ParsedGate:
    return _as_parsed(ParsedGate, row, items=tuple(_as_parsed(ParsedItem, item) for item in row.items.all()))


def _guard(guard: ParsedGuard) -> dict[str, str]:
    step = {"from": guard.from_stage, "to": guard.to_stage}
    return step | {"gate": guard.gate} if guard.gate else step


def _columns(parsed: ParsedFramework | ParsedGate | ParsedItem, *apart: str) -> dict[str, Any]:
    """What it says, by column: they are named like its fields, but for those that are written ``apart``."""
    return {one.name: getattr(parsed, one.name) for one in fields(parsed) if one.name not in apart}


def _as_parsed(kind: type[Parsed], row: Framework | Gate | Item, **apart: Any) -> Parsed:
    """The way back: the fields from the columns of the same names, and those that are read ``apart``."""
    named = {one.name: _with_tuples(getattr(row, one.name)) for one in fields(kind) if one.name not in apart}
    return kind(**named, **apart)


def _with_tuples(value: Any) -> Any:
    """JSON has lists only; what was parsed has tuples, so that nobody changes it."""
    if isinstance(value, list):
        return tuple(_with_tuples(one) for one in value)
    return {key: _with_tuples(one) for key, one in value.items()} if isinstance(value, dict) else value
