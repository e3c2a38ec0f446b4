"""Who answers for it, who stands in, who is behind it, who has to be asked."""

from checklists.said import joined, said
from gates.stages import Stage
from readiness.standing.flags.case import SILENT, Answer, Case, Details, Json, listed
from readiness.standing.flags.facts import Person, Role
from readiness.standing.flags.thresholds import Severity

ROLE_WORDS = {
    Role.BUSINESS_OWNER: said("business owner"),
    Role.EXECUTIVE_SPONSOR: said("executive sponsor"),
    Role.TECHNICAL_LEAD: said("technical lead"),
    Role.DEPUTY: said("deputy"),
}


def no_business_owner(case: Case) -> Answer:
    """No named, active business owner; in intake only after a while, and then as information."""
    owner = case.facts.people.business_owner
    if not case.facts.people.known or (owner is not None and owner.active):
        return SILENT
    message = case.rule.say("none") if owner is None else case.rule.say("inactive", name=owner.name)
    return _missing(case, message, {"business_owner": _named(owner)})


def no_sponsor(case: Case) -> Answer:
    """No executive sponsor from the benefiting unit. The units are compared, not a list of departments.

    A sponsor is let be where their unit or the benefiting one is unknown.
    """
    facts = case.facts
    sponsor = facts.people.executive_sponsor
    if not facts.people.known:
        return SILENT
    if sponsor is None:
        wording = "none" if facts.business_unit_key else "none_no_unit"
        message = case.rule.say(wording, business_unit=facts.business_unit)
    elif not sponsor.unit_key or not facts.business_unit_key or sponsor.unit_key == facts.business_unit_key:
        return SILENT
    else:
        message = case.rule.say(
            "elsewhere", name=sponsor.name, unit=sponsor.unit, business_unit=facts.business_unit
        )
    details: Details = {
        "executive_sponsor": _named(sponsor),
        "sponsor_unit": sponsor.unit if sponsor else None,
        "business_unit": facts.business_unit,
    }
    return _missing(case, message, details)


def _missing(case: Case, message: str, details: Details) -> Answer:
    """At once, except in intake: there after some days, as information."""
    if case.facts.stage != Stage.INTAKE:
        return Answer(case.find(message, details))
    since = case.facts.stage_since
    if since is None:
        return SILENT
    return case.for_days("info_in_intake_after_days", since, message, details, Severity.INFO)


def single_person(case: Case) -> Answer:
    """Business owner and technical lead are the same person, or there is no deputy who is neither."""
    people = case.facts.people
    owner, lead, deputy = people.business_owner, people.technical_lead, people.deputy
    if not people.known:
        return SILENT
    sentences = []
    same = owner is not None and lead is not None and owner.username == lead.username
    if same and owner is not None:
        sentences.append(case.rule.say("same", name=owner.name))
    if deputy is None:
        sentences.append(case.rule.say("no_deputy"))
    elif deputy.username in {person.username for person in (owner, lead) if person is not None}:
        sentences.append(case.rule.say("own_deputy", name=deputy.name))
    if not sentences:
        return SILENT
    details: Details = {
        "business_owner": _named(owner),
        "technical_lead": _named(lead),
        "deputy": _named(deputy),
    }
    return Answer(case.find(joined(sentences), details))


def owner_left(case: Case) -> Answer:
    """A person in a role is no longer active; critical for the business owner from the pilot on."""
    gone: dict[str, tuple[Person, list[Role]]] = {}
    for role in Role:
        person = case.facts.people.holding(role)
        if person is not None and not person.active:
            gone.setdefault(person.username, (person, []))[1].append(role)
    if not gone:
        return SILENT
    names = [
        said("{name} ({roles})", name=person.name, roles=listed([ROLE_WORDS[role] for role in roles]))
        for person, roles in gone.values()
    ]
    message = case.rule.say("one" if len(names) == 1 else "many", people=listed(names))
    owner_gone = any(Role.BUSINESS_OWNER in roles for _, roles in gone.values())
    critical = owner_gone and case.facts.stage in case.rule.critical_in
    details: Details = {
        "people": [
            {"username": person.username, "name": person.name, "roles": [role.value for role in roles]}
            for person, roles in gone.values()
        ]
    }
    return Answer(case.find(message, details, Severity.CRITICAL if critical else None))


def sponsor_silent(case: Case) -> Answer:
    """The sponsor has not been heard for a while: no review, decision, comment or other act of theirs here."""
    sponsor, heard_on = case.facts.people.executive_sponsor, case.facts.sponsor_heard_on
    if sponsor is None or heard_on is None:
        return SILENT
    message = case.rule.say("default", name=sponsor.name, since=heard_on)
    return case.for_days("days", heard_on, message, {"executive_sponsor": _named(sponsor)})


def late_stakeholders(case: Case) -> Answer:
    """IT, operations, legal or security has not been involved by the first part of the pilot."""
    since = case.facts.stage_since
    missing = [
        one for one in case.facts.stakeholders if one.involved_on is None or one.involved_on > case.today
    ]
    if since is None or not missing:
        return SILENT
    plan = case.stage_plan()
    quarter = plan.share(case.share("share_of_plan"))
    due_on = case.reaches(since, quarter)
    changes_on = case.next_of(due_on, *(one.involved_on for one in missing))
    if due_on is None or case.counted(since) < quarter:
        return Answer(changes_on=changes_on)
    functions = sorted(one.function for one in missing)
    message = case.rule.say("default", due_on=due_on, functions=listed(functions))
    details: Details = {
        **case.counting_from(since),
        "plan_days": plan.days,
        "planned": plan.planned,
        "threshold_days": quarter,
        "not_involved": functions,
    }
    return Answer(case.find(message, details), changes_on)


def _named(person: Person | None) -> Json:
    return None if person is None else {"username": person.username, "name": person.name}
