"""Time goes by and nothing moves: the stage, the activity, the answers, the hold."""

from checklists.said import said, said_of
from checklists.scoring import day_after
from gates.stages import Stage
from readiness.standing.flags.case import SILENT, Answer, Case, Details
from readiness.standing.flags.thresholds import Severity

STAGE_WORDS = {
    Stage.INTAKE: said("intake"),
    Stage.POC: said("the PoC"),
    Stage.PILOT: said("the pilot"),
    Stage.ROLLOUT: said("the rollout"),
}


def stage_overrun(case: Case) -> Answer:
    """Longer in the stage than planned, or than is usual where nothing was planned."""
    since = case.facts.stage_since
    if since is None:
        return SILENT
    plan = case.stage_plan()
    info_until = plan.share(case.share("info_until_share_of_plan"))
    critical_after = plan.share(case.share("critical_from_share_of_plan"))
    changes_on = case.next_of(
        *(case.reaches(since, days + 1) for days in (plan.days, info_until, critical_after))
    )
    days = case.counted(since)
    end = case.reaches(since, plan.days)
    if days <= plan.days or end is None:
        return Answer(changes_on=changes_on)
    severity = Severity.WARNING if days > info_until else Severity.INFO
    if days > critical_after:
        severity = Severity.CRITICAL
    message = case.rule.say(
        "planned" if plan.planned else "usual",
        stage=STAGE_WORDS[case.facts.stage],
        since=since,
        days=said_of("{count} day", "{count} days", plan.days),
        end=end,
    )
    details = {
        **case.counting_from(since),
        "plan_days": plan.days,
        "planned": plan.planned,
        "planned_end": end.isoformat(),
        "info_until_days": info_until,
        "critical_after_days": critical_after,
    }
    return Answer(case.find(message, details, severity), changes_on)


def no_activity(case: Case) -> Answer:
    """No person has answered, added evidence, read a KPI, commented, submitted or decided for a while.

    A machine's work is no activity. Where nobody ever did, the days count from the day it was entered: that was a
    person's act.
    """
    last = case.facts.last_activity_on
    since = last or case.facts.created_on
    return case.for_days("days", since, case.rule.say("since" if last else "never", since=since))


def score_flat(case: Case) -> Answer:
    """No effective answer has risen for a while; edits that change nothing, and falls, do not count.

    Silent while a submission waits, and once it is ready: then it is someone else's turn. Where none ever rose, the
    days count from the day it was entered. Only information while a business reading is recent: value is being
    measured, which no answer shows.
    """
    if case.facts.submissions or case.facts.production_ready:
        return SILENT
    last = case.facts.last_rise_on
    since = last or case.facts.created_on
    read_on = max((kpi.latest.on for kpi in case.facts.business_kpis if kpi.latest), default=None)
    within = case.days("info_within_days_of_reading")
    recent = read_on is not None and case.counted(read_on) <= within
    details: Details = {"business_reading_on": read_on.isoformat(), "recent_days": within} if read_on else {}
    answer = case.for_days(
        "days",
        since,
        case.rule.say("since" if last else "never", since=since),
        details,
        severity=Severity.INFO if recent else None,
    )
    stale_on = case.reaches(read_on, within + 1) if read_on else None
    return Answer(answer.finding, case.next_of(answer.changes_on, stale_on))


def hold_expired(case: Case) -> Answer:
    """On hold past its review date."""
    review_on = case.facts.hold_review_on
    since = min((hold.since for hold in case.facts.holds if hold.until is None), default=None)
    if since is None or review_on is None:
        return SILENT
    if case.today <= review_on:
        return Answer(changes_on=day_after(review_on))
    message = case.rule.say("default", since=since, review_on=review_on)
    details: Details = {"held_since": since.isoformat(), "review_on": review_on.isoformat()}
    return Answer(case.find(message, details))
