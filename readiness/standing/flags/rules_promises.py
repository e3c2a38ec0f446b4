"""What was promised before the start, and whether it is kept: KPIs, exit criteria, amendments, the roadmap."""

from checklists.said import joined, said
from gates.promises import with_unit
from gates.stages import Stage
from readiness.standing.flags.case import SILENT, Answer, Case, Details, listed
from readiness.standing.flags.facts import KpiFacts, RoadmapFacts


def no_exit_criteria(case: Case) -> Answer:
    """Under way without a single exit criterion."""
    return SILENT if case.facts.exits else Answer(case.find(case.rule.say("default"), {}))


def exit_triggered(case: Case) -> Answer:
    """An exit criterion was met and nobody has decided: to stop, to hold, to rework, or to go on all the same."""
    reached = sorted(
        ((one.reached_on, one) for one in case.facts.exits if one.reached_on is not None),
        key=lambda pair: (pair[0], pair[1].words),
    )
    if not reached:
        return SILENT
    message = joined(
        case.rule.say("default", criterion=one.words, date=on, decider=one.decider) for on, one in reached
    )
    details: Details = {
        "exits": [
            {"criterion": one.words, "reached_on": on.isoformat(), "decider": one.decider}
            for on, one in reached
        ]
    }
    return Answer(case.find(message, details))


def no_business_kpi(case: Case) -> Answer:
    """No business KPI whose limits are complete: baseline, go limit and stop limit."""
    kpis = case.facts.business_kpis
    if any(kpi.limits.complete for kpi in kpis):
        return SILENT
    names = [kpi.name for kpi in kpis]
    message = case.rule.say("incomplete", kpis=listed(names)) if names else case.rule.say("none")
    details: Details = {"incomplete": [{"name": kpi.name, "missing": _missing_limits(kpi)} for kpi in kpis]}
    return Answer(case.find(message, details))


def _missing_limits(kpi: KpiFacts) -> list[str]:
    limits = {
        "baseline": kpi.limits.baseline,
        "go limit": kpi.limits.go_limit,
        "stop limit": kpi.limits.stop_limit,
    }
    return [name for name, value in limits.items() if value is None]


def technical_metrics_only(case: Case) -> Answer:
    """There are readings, all of them technical: from the middle of the PoC on, in the later stages at once."""
    read = sorted((kpi for kpi in case.facts.kpis if kpi.readings), key=lambda kpi: kpi.name)
    if not read or any(kpi.business for kpi in read):
        return SILENT
    names = [kpi.name for kpi in read]
    details: Details = {"technical_kpis": names}
    message = case.rule.say("default", kpis=listed(names))
    if case.facts.stage != Stage.POC:
        return Answer(case.find(message, details))
    since = case.facts.stage_since
    if since is None:
        return SILENT
    plan = case.stage_plan()
    half = plan.share(case.share("from_share_of_poc"))
    changes_on = case.next_of(case.reaches(since, half))
    if case.counted(since) < half:
        return Answer(changes_on=changes_on)
    counted: Details = {
        **case.counting_from(since),
        "plan_days": plan.days,
        "planned": plan.planned,
        "threshold_days": half,
    }
    return Answer(case.find(message, {**counted, **details}), changes_on)


def promise_amended(case: Case) -> Answer:
    """A locked promise was changed after its first reading, and no reviewer has acknowledged that yet."""
    open_ones = sorted(
        (one for one in case.facts.amendments if one.after_reading and not one.acknowledged),
        key=lambda one: (one.on, one.promise),
    )
    if not open_ones:
        return SILENT
    message = joined(case.rule.say("default", promise=one.promise, date=one.on) for one in open_ones)
    details: Details = {
        "amendments": [{"promise": one.promise, "on": one.on.isoformat()} for one in open_ones]
    }
    return Answer(case.find(message, details))


def success_without_roadmap(case: Case) -> Answer:
    """Every business KPI with a go limit has reached it, and what comes next is not committed."""
    limited = [kpi for kpi in case.facts.business_kpis if kpi.limits.go_limit is not None]
    if not limited or case.facts.roadmap.complete or not all(_goes(kpi) for kpi in limited):
        return SILENT
    missing = _missing_of_roadmap(case.facts.roadmap)
    message = case.rule.say(
        "one" if len(limited) == 1 else "many",
        kpis=listed([kpi.name for kpi in limited]),
        missing=listed(missing),
    )
    details: Details = {"kpis": [_reached(kpi) for kpi in limited], "roadmap_lacks": missing}
    return Answer(case.find(message, details))


def _goes(kpi: KpiFacts) -> bool:
    return kpi.latest is not None and kpi.limits.goes(kpi.latest.value) is True


def _reached(kpi: KpiFacts) -> Details:
    latest, limit = kpi.latest, kpi.limits.go_limit
    return {
        "name": kpi.name,
        "value": with_unit(latest.value, kpi.unit) if latest else None,
        "on": latest.on.isoformat() if latest else None,
        "limit": with_unit(limit, kpi.unit) if limit is not None else None,
        "of": "go limit",
    }


def _missing_of_roadmap(roadmap: RoadmapFacts) -> list[str]:
    parts = {said("dates"): roadmap.dated, said("people"): roadmap.people, said("a budget"): roadmap.budget}
    return [name for name, there in parts.items() if not there]
