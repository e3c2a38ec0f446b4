"""The automated checks that measure the items of a gate, and what each last said."""

from dataclasses import dataclass
from datetime import date

from checklists.models import Answer, CheckOutcome, CheckResult
from readiness.accounts.models import Organisation
from readiness.standing.words import Word
from readiness.workbench.checklists.places import GatePlace
from readiness.workbench.checklists.words import RESULT_WORDS


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """The check an item is bound to. ``last`` is None before its first result, ``good_through`` where nothing ends."""

    name: str
    last: CheckResult | None
    good_through: date | None
    ran_out: bool

    @property
    def word(self) -> Word | None:
        return RESULT_WORDS[self.last.result] if self.last else None


def shown_checks(place: GatePlace) -> dict[str, ShownCheck]:
    """The checks of the gate's items by code; one query where there are any."""
    bound = {
        row.code: answer
        for row in place.row.items.all()
        if (answer := place.passage.answers.get(row.code)) is not None and answer.check_name
    }
    keys = [answer.measured_by_id for answer in bound.values() if answer.measured_by_id]
    results = CheckResult.objects.select_related("by").in_bulk(keys) if keys else {}
    organisation = Organisation.get() if keys else None
    return {
        code: _shown(answer, results.get(answer.measured_by_id or 0), organisation, place.judgement.as_of)
        for code, answer in bound.items()
    }


def _shown(
    answer: Answer, last: CheckResult | None, organisation: Organisation | None, today: date
) -> ShownCheck:
    ends_at = last.expires_at if last and last.result == CheckOutcome.PASS else None
    good_through = organisation.day_of(ends_at) if organisation and ends_at else None
    ran_out = good_through is not None and good_through < today
    return ShownCheck(answer.check_name, last, good_through, ran_out)
