"""Open flags as an initiative's page shows them: why, the threshold, the cause, what helps, and what others learnt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gates.lessons import LessonLike, lessons_of_causes
from gates.models import Initiative
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.portfolio.figures import counting_day
from readiness.standing.definitions import RootCause, flag_rules, root_causes
from readiness.standing.flags.thresholds import Audience, FlagRule, HeldAgainst, SetFor
from readiness.standing.links import flag_url, initiative_url, lesson_url
from readiness.standing.models import Flag, Severity
from readiness.standing.thresholds import current_thresholds
from readiness.standing.words import SEVERITY_WORDS, STAGE_WORDS, Word, threshold_in_words
from readiness.ui.lazily import gettext_lazy
from readiness.ui.parts import Link
from readiness.ui.saying import content
from readiness.workbench.initiatives.flag_reasons import Counted, Reason, reasons_of

_WORST_FIRST = [Severity.CRITICAL.value, Severity.WARNING.value, Severity.INFO.value]
MENDED_AT = {
    "promises": gettext_lazy("To the promises"),
    "roadmap": gettext_lazy("To the roadmap"),
    "people": gettext_lazy("Look at the handover"),
    "canvas": gettext_lazy("To the stakeholders on the canvas"),
    "comments": gettext_lazy("To the comments"),
}
"""How the way to a page is called on which a flag is mended, by its place below the initiative's own."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold that a flag is held against, and where it is set, in words."""

    label: str
    value: str
    set_for: str


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """One open flag.

    ``days``: how many it speaks of by now, None where it counts none; ``quiet``: snoozed today. ``suspected`` is the
    rule's suspicion, ``confirmed`` what a person found, by ``confirmed_by``. ``mend``: where to do something about it.
    """

    flag: Flag
    rule: FlagRule
    severity: Word
    suspected: RootCause
    confirmed: RootCause | None
    confirmed_by: User | None
    acknowledged_by: User | None
    days: int | None
    reasons: list[Reason]
    limits: list[Limit]
    lessons: list[tuple[str, LessonLike]]
    mend: Link | None
    quiet: bool

    @property
    def for_reviewers(self) -> bool:
        return self.rule.speaks_to == Audience.REVIEWERS

    @property
    def cause(self) -> RootCause:
        return self.confirmed or self.suspected

    @property
    def corrected(self) -> bool:
        return self.confirmed is not None and self.confirmed != self.suspected


def shown_flags(initiative: Initiative, flags: Iterable[Flag], today: date, viewer: User) -> list[ShownFlag]:
    """The worst first, of those the oldest; in three queries, whatever their number."""
    worst_first = sorted(flags, key=lambda flag: (_WORST_FIRST.index(flag.severity), flag.opened_on, flag.pk))
    if not worst_first:
        return []
    thresholds = current_thresholds()
    people = User.objects.in_bulk(
        {key for flag in worst_first for key in (flag.confirmed_by_id, flag.acknowledged_by_id) if key}
    )
    lessons = lessons_of_causes(
        {flag.cause for flag in worst_first},
        user=viewer,
        unit=initiative.business_unit,
        besides=initiative.pk,
    )
    return [
        _shown(initiative, flag, today, thresholds.held_against(flag.code, initiative.stage), people, lessons)
        for flag in worst_first
    ]


def _shown(
    initiative: Initiative,
    flag: Flag,
    today: date,
    held_against: Iterable[HeldAgainst],
    people: Mapping[int, User],
    lessons: Mapping[str, list[LessonLike]],
) -> ShownFlag:
    held_since = initiative.hold.since if initiative.hold else None
    counted = Counted(counting_day(initiative, today), held_since)
    return ShownFlag(
        flag=flag,
        rule=flag_rules()[flag.code],
        severity=SEVERITY_WORDS[Severity(flag.severity)],
        suspected=root_causes()[flag.root_cause],
        confirmed=root_causes().get(flag.confirmed_cause),
        confirmed_by=people.get(flag.confirmed_by_id) if flag.confirmed_by_id else None,
        acknowledged_by=people.get(flag.acknowledged_by_id) if flag.acknowledged_by_id else None,
        days=counted.days(flag.details),
        reasons=reasons_of(flag.details, counted),
        limits=[_limit(one, initiative) for one in held_against],
        lessons=[(lesson_url(one.ref, one.kind), one) for one in lessons.get(flag.cause, [])],
        mend=_mend(initiative, flag.code),
        quiet=flag.snoozed_until is not None and flag.snoozed_until >= today,
    )


def _limit(held: HeldAgainst, initiative: Initiative) -> Limit:
    where = {
        SetFor.DEFAULT: _("as shipped"),
        SetFor.EVERY_STAGE: _("set by an admin for all stages"),
        SetFor.STAGE: _("set by an admin for %(label)s")
        % {"label": STAGE_WORDS[Stage(initiative.stage)].label},
    }
    return Limit(content(held.label), threshold_in_words(held.value, held.unit), where[held.set_for])


def _mend(initiative: Initiative, code: str) -> Link | None:
    url = flag_url(initiative.ref, code)
    below = url.removeprefix(initiative_url(initiative.ref)).partition("/")[0]
    return Link(label=MENDED_AT[below], href=url) if url else None
