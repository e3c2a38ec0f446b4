"""What the queries of reads may hold: the filters of each list, and nothing else."""

from typing import Any

from rest_framework import serializers

from checklists.frameworks import VERSION
from gates.lessons import KINDS
from gates.stages import Stage
from readiness.api.bodies import CODE_MAX, SLUG_MAX
from readiness.api.fields import Day, Moment, Score, Shape, Text, Whole, Word, YesNo
from readiness.api.pagination import CURSOR_MAX, DEFAULT_LIMIT, MAX_LIMIT
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.models import Severity
from readiness.standing.verdict import Verdict
from readiness.webhooks.models import State

SEARCH_MAX = 200
# No name is a space, as the addresses of the portfolio's pages have it too.
OR_NONE = "In any case and spacing; a space (`%20`) asks for those of which none is named."
DIGEST = 64
ORDERINGS = {
    "name": "name_key",
    "score": "standing__score",
    "updated_at": "updated_at",
    "created_at": "created_at",
}


class Query(Shape):
    """No filter at all. One that is left empty is the same as one that is not given."""

    unknown = "unknown_filter"

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if value != "" or name not in self.fields}
        return super().to_internal_value(data)

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        return serializers.ErrorDetail("There is no such filter here.", self.unknown)


class Number(Whole):
    """A whole number as a query spells it."""

    def to_internal_value(self, data: Any) -> int:
        if not (isinstance(data, str) and data.isascii() and data.isdigit() and len(data) <= 18):
            self.fail("wrong_type")
        return super().to_internal_value(int(data))


class PageQuery(Query):
    limit = Number(
        1, MAX_LIMIT, required=False, help_text=f"How many to a page; {DEFAULT_LIMIT} if not given."
    )
    cursor = Text(
        CURSOR_MAX,
        hold=True,
        required=False,
        help_text="A place in the list, as `next` and `previous` carry it. Not to be made by hand.",
    )


class UnitQuery(Query):
    """The figures of everything, of one unit, of one sponsor."""

    business_unit = Text(SEARCH_MAX, hold=True, required=False, help_text=OR_NONE)
    sponsor = Text(
        SEARCH_MAX,
        hold=True,
        required=False,
        help_text="The username of the executive sponsor, in any case; a space (`%20`) asks for those without.",
    )


class VersionQuery(Query):
    version = Text(VERSION, hold=True, required=False, help_text="Such as 1.0; the newest, if not given.")


class InitiativeFilters(UnitQuery, PageQuery):
    stage = Word([*Stage], required=False)
    verdict = Word([*Verdict], required=False)
    technology = Text(SEARCH_MAX, hold=True, required=False, help_text=OR_NONE)
    vendor = Text(SEARCH_MAX, hold=True, required=False, help_text=OR_NONE)
    tag = Text(SEARCH_MAX, hold=True, required=False, help_text=OR_NONE)
    stalled = YesNo(required=False)
    flag = Word([*flag_rules()], required=False, help_text="Those with an open flag of this code.")
    min_score = Score(required=False, help_text="With one decimal at most.")
    max_score = Score(required=False, help_text="With one decimal at most.")
    updated_since = Moment(required=False, help_text="Those changed at or after this moment.")
    search = Text(SEARCH_MAX, hold=True, required=False, help_text="Those that hold every word.")
    ordering = Word(
        [sign + name for name in ORDERINGS for sign in ("", "-")],
        required=False,
        help_text="With `-` the other way round; by name if not given.",
    )


class FrameworkQuery(Query):
    framework = Text(
        SLUG_MAX, hold=True, required=False, help_text="The framework readiness is computed on, if not given."
    )


class HistoryFilters(PageQuery):
    since = Day(required=False, help_text="Those of this day and later ones.")


class DeployQuery(Query):
    fail = YesNo(  # type: ignore[assignment]  # the serializer keeps its own `fail`: fields live elsewhere
        required=False, help_text="`true` answers 409 instead of 200 where it is not allowed."
    )


class ScoreFilters(UnitQuery, PageQuery):
    updated_since = Moment(
        required=False,
        help_text="Those computed at or after this moment: hand in the last `computed_at` seen and nothing is missed.",
    )


class FlagFilters(PageQuery):
    code = Word([*flag_rules()], required=False)
    severity = Word(Severity.values, required=False)


class FlagHistoryFilters(FlagFilters):
    state = Word(
        ["open", "all"], required=False, help_text="`all` adds those that are resolved; `open` if not given."
    )


class SearchQuery(PageQuery):
    search = Text(SEARCH_MAX, hold=True, required=False, help_text="Those that hold every word.")


class AuditFilters(PageQuery):
    initiative = Text(CODE_MAX, hold=True, required=False, help_text="Such as AI-0042.")
    verb = Text(SLUG_MAX, hold=True, required=False, help_text="Such as gate.decided.")
    actor = Text(SLUG_MAX, hold=True, required=False, help_text="A username.")
    since = Moment(required=False, help_text="Those of this moment and later ones.")
    until = Moment(required=False, help_text="Those before this moment.")
    search = Text(
        SEARCH_MAX,
        hold=True,
        required=False,
        help_text="Those that hold every word, as on the page of the trail. A page looks among 20,000 events: it may "
        "hold fewer than `limit`, even none, and there are more for as long as `next` is not null.",
    )


class ProofQuery(Query):
    cursor = Text(
        CURSOR_MAX,
        hold=True,
        required=False,
        help_text="Where to go on, as `next` carries it. Not to be made by hand; it works for a day.",
    )
    noted = Text(
        DIGEST,
        hold=True,
        required=False,
        help_text="A hash that was noted earlier: does the trail still contain it?",
    )


class DeliveryFilters(PageQuery):
    state = Word(State.values, required=False)


class GateQuery(PageQuery):
    gate = Text(SLUG_MAX, hold=True, required=False, help_text="The slug of one gate.")


class LessonFilters(PageQuery):
    search = Text(
        SEARCH_MAX,
        hold=True,
        required=False,
        help_text="Those that hold every word, or words that begin with these.",
    )
    root_cause = Word([*root_causes()], required=False)
    business_unit = Text(SEARCH_MAX, hold=True, required=False, help_text=OR_NONE)
    technology = Text(SEARCH_MAX, hold=True, required=False, help_text=OR_NONE)
    kind = Word([*KINDS], required=False, help_text="How it ended, or `worked` for what live ones left.")


class ReadingFilters(PageQuery):
    withdrawn = YesNo(
        required=False, help_text="`true` asks for those that were withdrawn, not those that stand."
    )
