"""A framework written to the tables and published. From then on it never changes: the database refuses."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
    that is current guards a move that this one does not: what begins from then on would pass it unasked.
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
    for guard in before.guards if before else ():
        if (guard["from"], guard["to"]) not in kept:
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
        slug=parsed.slug,
        version=parsed.version,
        name=parsed.name,
        kind=parsed.kind,
        order=parsed.order,
        evidence_required=parsed.evidence_required,
        required_met=parsed.required_met,
        guards=[_guard(guard) for guard in parsed.guards],
        answer_labels=parsed.answer_labels,
        notes=parsed.notes,
        checksum=parsed.checksum,
    )
    gates = Gate.objects.bulk_create(
        _gate(framework, position, gate) for position, gate in enumerate(parsed.gates, start=1)
    )
    Item.objects.bulk_create(
        _item(row, position, item)
        for row, gate in zip(gates, parsed.gates, strict=True)
        for position, item in enumerate(gate.items, start=1)
    )
    framework.published_at = at
    framework.save(update_fields=["published_at"])
    return framework


def stored_framework(row: Framework) -> ParsedFramework:
    """A version as the file said it that published it: with the same checksum. The row came ``with_content()``."""
    return ParsedFramework(
        slug=row.slug,
        version=row.version,
        name=row.name,
        kind=row.kind,
        order=row.order,
        evidence_required=row.evidence_required,
        required_met=row.required_met,
        guards=tuple(ParsedGuard(guard["from"], guard["to"], guard.get("gate", "")) for guard in row.guards),
        answer_labels=row.answer_labels,
        notes=row.notes,
        gates=tuple(_stored_gate(gate) for gate in row.gates.all()),
    )


def _stored_gate(row: Gate) -> ParsedGate:
    return ParsedGate(
        slug=row.slug,
        name=row.name,
        purpose=row.purpose,
        key_questions=tuple(row.key_questions),
        pass_criteria=tuple(row.pass_criteria),
        how_it_passes=row.how_it_passes,
        min_met=row.min_met,
        min_share_met=row.min_share_met,
        items=tuple(_stored_item(item) for item in row.items.all()),
    )


def _stored_item(row: Item) -> ParsedItem:
    return ParsedItem(
        code=row.code,
        title=row.title,
        critical=row.critical,
        statement=row.statement,
        help=row.help,
        when_met=row.when_met,
        when_partial=row.when_partial,
        when_not_met=row.when_not_met,
        reviewer_check=row.reviewer_check,
        example_evidence=row.example_evidence,
        automation=row.automation,
        evidence_max_age_days=row.evidence_max_age_days,
        signals=tuple(row.signals),
        applies_to=row.applies_to,
        crosswalk={name: tuple(ids) for name, ids in row.crosswalk.items()},
        crosswalk_note=row.crosswalk_note,
        root_cause=row.root_cause,
        fact=row.fact,
    )


def _guard(guard: ParsedGuard) -> dict[str, str]:
    step = {"from": guard.from_stage, "to": guard.to_stage}
    return step | {"gate": guard.gate} if guard.gate else step


def _gate(framework: Framework, position: int, gate: ParsedGate) -> Gate:
    return Gate(
        framework=framework,
        slug=gate.slug,
        name=gate.name,
        position=position,
        purpose=gate.purpose,
        key_questions=list(gate.key_questions),
        pass_criteria=list(gate.pass_criteria),
        how_it_passes=gate.how_it_passes,
        min_met=gate.min_met,
        min_share_met=gate.min_share_met,
    )


def _item(gate: Gate, position: int, item: ParsedItem) -> Item:
    return Item(
        gate=gate,
        code=item.code,
        position=position,
        title=item.title,
        critical=item.critical,
        statement=item.statement,
        help=item.help,
        when_met=item.when_met,
        when_partial=item.when_partial,
        when_not_met=item.when_not_met,
        reviewer_check=item.reviewer_check,
        example_evidence=item.example_evidence,
        automation=item.automation,
        evidence_max_age_days=item.evidence_max_age_days,
        signals=list(item.signals),
        applies_to=item.applies_to,
        crosswalk={key: list(ids) for key, ids in item.crosswalk.items()},
        crosswalk_note=item.crosswalk_note,
        root_cause=item.root_cause,
        fact=item.fact,
    )
