"""The one path by which anything computed is written, for one initiative or for all of them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db import transaction

from checklists.said import joined, stored_parts
from gates.asking import Prepared
from gates.models import ExitTrigger, Initiative, Lapse, Submission
from gates.promises import plain
from gates.rules import DecisionKind, GateStatus, lapses_by_act
from readiness.accounts.models import Organisation
from readiness.audit.recording import CLOCK, Actor, Ledger
from readiness.standing.facts import InitiativeFacts, Known
from readiness.standing.flags.calendar import counted_days
from readiness.standing.flags.facts import Period
from readiness.standing.judgement import Before, Judgement, Setting, judge
from readiness.standing.loading import load_facts
from readiness.standing.models import Flag, GateStanding, Standing
from readiness.standing.one_state import one_state
from readiness.standing.outcome import Outcome
from readiness.standing.thresholds import current_thresholds
from readiness.standing.writing import Writer

_standings = Prepared(lambda keys: Standing.objects.filter(initiative__in=keys).order_by())
_gates = Prepared(lambda keys: GateStanding.objects.filter(initiative__in=keys).order_by())
_open_flags = Prepared(
    lambda keys: Flag.objects.filter(initiative__in=keys, resolved_at__isnull=True).order_by()
)

BATCH = 200
"""How many initiatives one transaction recomputes: SQLite has one writer, and nobody should wait long for it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """The act behind a recompute; it is appended to the audit trail together with what it changed.

    ``each`` holds what the event says of one initiative beside ``data``, by key: for acts on many.
    """

    actor: Actor
    verb: str
    data: dict[str, Any]
    before: Outcome | None = None
    each: Mapping[int, dict[str, Any]] = field(default_factory=dict)


def recompute(
    initiative_ids: Sequence[int],
    at: datetime,
    deed: Deed | None = None,
    *,
    only_if_due: bool = False,
    organisation: Organisation | None = None,
    known: Sequence[Known] = (),
) -> dict[int, Outcome]:
    """Compute these initiatives afresh and write what changed; the caller holds their row locks.

    With a ``deed`` one event is appended for each initiative, whatever changed; without one, only where something
    did. ``only_if_due`` leaves alone what no passing of time can have changed since it was computed. Who has read the
    ``organisation``, or rows under the lock (``known``), spares their queries.
    """
    organisation = organisation or Organisation.get()
    today = organisation.day_of(at)
    stored = _stored_before(initiative_ids, deed)
    due = [pk for pk in initiative_ids if not only_if_due or _is_due(stored.get(pk), today)]
    if not due:
        return {pk: stored[pk] for pk in initiative_ids}
    setting = Setting(today, organisation.zone, current_thresholds())
    facts = load_facts(due, setting, known)
    judgements = {pk: _judge(facts[pk], stored.get(pk), setting, deed) for pk in due}
    if deed is not None:
        for pk in due:
            if _record_lapses(facts[pk], stored.get(pk), judgements[pk], deed, at):
                judgements[pk] = _judge(facts[pk], stored.get(pk), setting, deed)
    for pk in due:
        since = stored[pk].standing.as_of if deed is None and pk in stored else today
        if _note_locked_submissions(facts[pk], judgements[pk], setting, since):
            judgements[pk] = _judge(facts[pk], stored.get(pk), setting, deed)
    triggers = {pk: _record_triggers(judgements[pk], at) for pk in due}
    written = _write(facts, stored, judgements, at, today, deed, triggers)
    return {pk: written.get(pk) or stored[pk] for pk in initiative_ids}


def judge_now(initiative_id: int, at: datetime) -> Judgement:
    """Where it stands, computed afresh and not written: what a decision rests on. The caller holds the row lock."""
    return _judge_afresh(initiative_id, at, Organisation.get())


def judge_to_show(initiative_id: int, at: datetime) -> Judgement:
    """The same for who only shows it, and holds no lock: everything is read of one moment, and nobody waits."""
    organisation = Organisation.get()  # which is entered where there is none yet
    with one_state():
        return _judge_afresh(initiative_id, at, organisation)


def _judge_afresh(initiative_id: int, at: datetime, organisation: Organisation) -> Judgement:
    setting = Setting(organisation.day_of(at), organisation.zone, current_thresholds())
    stored = _stored([initiative_id]).get(initiative_id)
    return _judge(load_facts([initiative_id], setting)[initiative_id], stored, setting, None)


def fresh_outcome(initiative_id: int, at: datetime, today: date | None = None) -> Outcome:
    """Where it stands now: as stored, or computed under the row lock where its day has come.

    ``today`` is the calendar day of ``at`` where the organisation is; who knows it spares one query.
    """
    outcome = _stored([initiative_id]).get(initiative_id)
    if outcome is not None and not _is_due(outcome, today or Organisation.get().day_of(at)):
        return outcome
    return recompute_batch([initiative_id], at, only_if_due=True)[initiative_id]


@transaction.atomic
def recompute_batch(
    initiative_ids: Iterable[int], at: datetime, *, only_if_due: bool = False, skip_locked: bool = False
) -> dict[int, Outcome]:
    """Lock these initiatives in the order of their keys and recompute them, in one transaction.

    ``skip_locked`` leaves out those whose row somebody else holds, instead of waiting for it.
    """
    rows = Initiative.objects.filter(pk__in=list(initiative_ids)).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
    return recompute(list(locked.values_list("pk", flat=True)), at, only_if_due=only_if_due)


def _stored_before(initiative_ids: Sequence[int], deed: Deed | None) -> dict[int, Outcome]:
    """What is stored; an act on one initiative has read it already, under the lock that it still holds."""
    if deed is not None and deed.before is not None and len(initiative_ids) == 1:
        return {initiative_ids[0]: deed.before}
    return _stored(initiative_ids)


def _stored(
    initiative_ids: Sequence[int], flags_as_in: Mapping[int, Outcome] | None = None
) -> dict[int, Outcome]:
    """What is stored of these; ``flags_as_in`` has their open flags already, where none came, went or changed."""
    outcomes = {standing.pk: Outcome(standing, [], []) for standing in _standings(*initiative_ids)}
    for gate in sorted(_gates(*initiative_ids), key=attrgetter("position")):
        if gate.initiative_id in outcomes:
            outcomes[gate.initiative_id].gates.append(gate)
    if flags_as_in is not None:
        for pk, outcome in outcomes.items():
            outcome.flags.extend(flags_as_in[pk].flags if pk in flags_as_in else ())
        return outcomes
    for flag in sorted(_open_flags(*initiative_ids), key=attrgetter("opened_at", "pk")):
        if flag.initiative_id in outcomes:
            outcomes[flag.initiative_id].flags.append(flag)
    return outcomes


def _is_due(outcome: Outcome | None, today: date) -> bool:
    if outcome is None:
        return True
    return outcome.standing.due_on is not None and outcome.standing.due_on <= today


def _judge(facts: InitiativeFacts, stored: Outcome | None, setting: Setting, deed: Deed | None) -> Judgement:
    before = Before()
    if stored is not None:
        before = Before(
            open_codes=frozenset(flag.code for flag in stored.flags),
            effective=stored.standing.effective,
            risen_on=stored.standing.risen_on,
            acting=deed is not None,
            acknowledged=frozenset(flag.code for flag in stored.flags if flag.acknowledged_at is not None),
            snoozed={
                flag.code: flag.snoozed_until for flag in stored.flags if flag.snoozed_until is not None
            },
        )
    return judge(facts, setting, before)


def _record_lapses(
    facts: InitiativeFacts, stored: Outcome | None, judgement: Judgement, deed: Deed, at: datetime
) -> bool:
    """Store a lapse for every pass whose criteria held before the act and do not hold now."""
    held = {(gate.framework, gate.gate) for gate in stored.gates if gate.criteria_hold} if stored else set()
    found = False
    for passage, states in judgement.passages:
        for state in states:
            last = passage.last_decision(state.gate.slug)
            if last is None or hasattr(last, "lapse"):
                continue
            held_before = (state.gate.framework, state.gate.slug) in held
            kind = DecisionKind(last.decision)
            if lapses_by_act(kind, held_before=held_before, holds_now=state.criteria.holds):
                reason = joined(clause.message for clause in state.criteria.failing)
                last.lapse = Lapse.objects.create(
                    decision=last, reason=reason, said=stored_parts(reason), by=deed.actor.user, at=at
                )
                found = True
    return found


def _record_triggers(judgement: Judgement, at: datetime) -> list[dict[str, Any]]:
    """Store every exit criterion that is met now; it stands until somebody decides.

    Returns each with its key, its words and the username of who decides.
    """
    found = []
    for state in judgement.exits:
        first, last = state.trigger.since, state.trigger.latest
        if state.is_new and first is not None and last is not None:
            pair = [first] if first == last else [first, last]
            ExitTrigger.objects.create(
                criterion=state.criterion,
                on=judgement.as_of,
                at=at,
                words=state.words,
                readings=[{"on": one.on.isoformat(), "value": plain(one.value)} for one in pair],
            )
            criterion = state.criterion
            found.append(
                {
                    "criterion": criterion.pk,
                    "words": state.words,
                    "decider": criterion.decider.username,
                }
            )
    return found


def _note_locked_submissions(
    facts: InitiativeFacts, judgement: Judgement, setting: Setting, since: date
) -> bool:
    """Note since when a submission waits behind a lapsed gate: those days do not count against the reviewers.

    ``since`` is the day it was last looked at, where nothing but time has passed in between.
    """
    noted = False
    today = setting.today
    holds = [Period(hold.since, hold.lifted_on) for hold in facts.holds]
    for passage, states in judgement.passages:
        for state in states:
            waiting = passage.waiting.get(state.gate.slug)
            if waiting is None:
                continue
            locked = state.status == GateStatus.LOCKED
            if locked and waiting.locked_since is None:
                waiting.locked_since = _locked_from(state.gate.slug, facts, setting, since)
            elif not locked and waiting.locked_since is not None:
                waiting.days_locked += counted_days(waiting.locked_since, today, holds)
                waiting.locked_since = None
            else:
                continue
            Submission.objects.filter(pk=waiting.pk).update(
                days_locked=waiting.days_locked, locked_since=waiting.locked_since
            )
            noted = True
    return noted


def _locked_from(gate: str, facts: InitiativeFacts, setting: Setting, since: date) -> date:
    """The first day on which a gate that is locked today was locked: a late sweep finds what began while nobody looked.

    Time alone never unlocks a gate, so all days before it are free and all from it on are not.
    """

    def locked(ordinal: int) -> bool:
        found = judge(facts, replace(setting, today=date.fromordinal(ordinal)), Before()).gate(gate)
        return found is not None and found[1].status == GateStatus.LOCKED

    days = range(min(since, setting.today).toordinal(), setting.today.toordinal())
    return date.fromordinal(days.start + bisect_left(days, True, key=locked))


def _write(
    facts: dict[int, InitiativeFacts],
    stored: dict[int, Outcome],
    judgements: dict[int, Judgement],
    at: datetime,
    today: date,
    deed: Deed | None,
    triggers: Mapping[int, list[dict[str, Any]]],
) -> dict[int, Outcome]:
    writer = Writer(at, today)
    for pk, judgement in judgements.items():
        writer.add(facts[pk].initiative, judgement, stored.get(pk), triggers[pk])
    if deed is None and not writer.has_news:
        return {}
    ledger = Ledger(at)
    changes = writer.write(ledger.tick, everything=deed is not None)
    for pk, changed in changes.items():
        if deed is not None:
            data = {**deed.data, **deed.each.get(pk, {})}
            ledger.append(deed.actor, deed.verb, {**data, "standing": changed} if changed else data, pk)
        elif changed:
            ledger.append(CLOCK, "standing.changed", {"standing": changed}, pk)
    ledger.close()
    outcomes = _stored(list(judgements), None if writer.changes_flags else stored)
    return {
        pk: Outcome(outcome.standing, outcome.gates, outcome.flags, changes.get(pk, {}), judgements[pk])
        for pk, outcome in outcomes.items()
    }
