"""How every page finds what it is about: through what the person may see, else 404."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from gates.models import ExitTrigger, Initiative
from gates.querysets import only_row
from gates.seeing import seen_initiative
from readiness.accounts.current import organisation_of as organisation_of
from readiness.accounts.models import User
from readiness.accounts.policy import Act, allowed_acts, at_exit, relation_to
from readiness.audit.recording import Actor

REF = re.compile(r"AI-(\d{4,18})\Z")


def person_of(request: HttpRequest) -> User:
    """Who asks. Nobody who is not signed in comes as far as a page."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def key_of(ref: str) -> int:
    """The key behind AI-0042; 404 for anything else."""
    match = REF.match(ref)
    if match is None or int(match[1]) >= 2**63:
        raise Http404
    return int(match[1])


def find_initiative(request: HttpRequest, ref: str, *, alone: bool = False) -> Initiative:
    """The initiative, if this person may know of it; else 404.

    ``alone``: without its hold and the people that its page names, for an act that shows none of them.
    """
    person, key = person_of(request), key_of(ref)
    if alone:
        initiative = seen_initiative(key, person)
    else:
        rows = Initiative.objects.visible_to(person).select_related("hold__by", "created_by")
        initiative = only_row(rows.filter(pk=key))
    if initiative is None or initiative.ref != ref:
        raise Http404
    return initiative


def acts_of(request: HttpRequest, initiative: Initiative) -> frozenset[Act]:
    """What this person may do here: a page offers only that."""
    person = person_of(request)
    return allowed_acts(person, relation_to(person, initiative))


def acts_here(request: HttpRequest, initiative: Initiative) -> frozenset[Act]:
    """The same, with what is given to those who were named to decide an exit criterion that waits."""
    person = person_of(request)
    relation = relation_to(person, initiative)
    waiting = ExitTrigger.objects.filter(
        criterion__initiative=initiative, criterion__decider=person, decided_at__isnull=True
    )
    acts = allowed_acts(person, relation)
    return acts | allowed_acts(person, at_exit(relation, person, person)) if waiting.exists() else acts


def actor_of(request: HttpRequest) -> Actor:
    """The person behind the request, as the audit trail names them."""
    return Actor.person(person_of(request))
