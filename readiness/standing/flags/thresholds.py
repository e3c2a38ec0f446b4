"""What stands in the content about each rule, and the thresholds that hold for it: an admin's, else the default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from checklists.said import Part, content

ANY_STAGE = ""
"""The stage of an override that holds in every stage without one of its own."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Unit(StrEnum):
    """What a threshold counts. A share is a part or a multiple of something: 0.5 is half of it."""

    DAYS = "days"
    PERCENT = "percent"
    SHARE = "share"
    COUNT = "count"


class Audience(StrEnum):
    """Whom a flag speaks to."""

    TEAM = "team"
    REVIEWERS = "reviewers"


class SetFor(StrEnum):
    """Where the value of a threshold comes from."""

    STAGE = "stage"
    EVERY_STAGE = "every_stage"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """A threshold with the value that holds in one stage, and where that is set."""

    key: str
    label: str
    unit: Unit
    value: Decimal
    set_for: SetFor


@dataclass(frozen=True, slots=True)
class ThresholdDefinition:
    """One threshold of a rule: ``default`` is one value for all stages, or one per stage."""

    key: str
    label: str
    unit: Unit
    default: Decimal | Mapping[str, Decimal]

    def default_in(self, stage: str) -> Decimal:
        """Raises KeyError for a stage that has no default."""
        return self.default[stage] if isinstance(self.default, Mapping) else self.default


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One entry of ``content/flags.yaml``.

    ``severity`` is the usual one, ``critical_in`` the stages where it may be critical, ``root_causes`` a cause per
    case where a rule knows several, ``messages`` one template per wording of the rule. ``silent_on_import``: it asks
    for what an imported file does not say, so that it waits until a person edits the initiative.
    """

    code: str
    title: str
    severity: Severity
    root_cause: str
    stages: tuple[str, ...]
    stalls: bool
    opens_on_hold: bool
    silent_on_import: bool
    speaks_to: Audience
    messages: Mapping[str, str]
    thresholds: Mapping[str, ThresholdDefinition] = field(default_factory=dict)
    critical_in: tuple[str, ...] = ()
    root_causes: Mapping[str, str] = field(default_factory=dict)

    def say(self, wording: str, **words: Part) -> str:
        """One sentence for a person. Raises KeyError where the template asks for a word that was not given."""
        return content(self.messages[wording], **words)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The rules' definitions by code, and an admin's overrides by (code, stage, key); stage "" is any stage."""

    rules: Mapping[str, FlagRule]
    overrides: Mapping[tuple[str, str, str], Decimal] = field(default_factory=dict)

    def value(self, code: str, stage: str, key: str) -> Decimal:
        """The value in this stage: its own override, else that for any stage, else the default.

        Raises KeyError for a code or key that is not defined.
        """
        return self._held(code, stage, self.rules[code].thresholds[key]).value

    def held_against(self, code: str, stage: str) -> tuple[HeldAgainst, ...]:
        """Every threshold of a rule as it holds in one of its stages."""
        return tuple(self._held(code, stage, one) for one in self.rules[code].thresholds.values())

    def _held(self, code: str, stage: str, definition: ThresholdDefinition) -> HeldAgainst:
        key = definition.key
        if (code, stage, key) in self.overrides:
            value, set_for = self.overrides[code, stage, key], SetFor.STAGE
        elif (code, ANY_STAGE, key) in self.overrides:
            value, set_for = self.overrides[code, ANY_STAGE, key], SetFor.EVERY_STAGE
        else:
            value, set_for = definition.default_in(stage), SetFor.DEFAULT
        return HeldAgainst(key, definition.label, definition.unit, value, set_for)

    def days(self, code: str, stage: str, key: str) -> int:
        """A number of whole days; a part of a day is rounded up."""
        return whole_days(Fraction(self.value(code, stage, key)))

    def share(self, code: str, stage: str, key: str) -> Fraction:
        return Fraction(self.value(code, stage, key))


def whole_days(days: Fraction) -> int:
    """Rounded up: half of a plan of 45 days is 23 (domain rules, Time)."""
    return -(-days.numerator // days.denominator)
