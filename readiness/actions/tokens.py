"""Tokens are issued and revoked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from readiness.accounts.models import Scope, Token, User
from readiness.accounts.policy import Act, allows
from readiness.accounts.tokens import make_token
from readiness.actions.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from readiness.actions.lines import line_errors
from readiness.audit.recording import Actor, record

NAME_MAX = 100
LONGEST_LIFE = timedelta(days=3660)


@transaction.atomic
def issue_token(
    user: User, name: str, scopes: Iterable[str], expires_at: datetime | None, by: Actor, at: datetime
) -> tuple[Token, str]:
    """A new token of this person's, and its plain text: the only time that it is to be had.

    A person issues their own; a command on the server anybody's. Nobody else may: who holds a token acts as its
    owner. Raises NotAllowed, Conflict ``inactive_person``, or Invalid.
    """
    if by.user is not None and by.user.pk != user.pk:
        raise NotAllowed("not_allowed", _("A token can only be issued by its owner."))
    owner = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not owner.is_active:
        raise Conflict("inactive_person", _("%(owner)s is not active.") % {"owner": owner.name})
    name, wanted = name.strip(), list(dict.fromkeys(scopes))
    errors = line_errors("name", name, NAME_MAX)
    if not wanted:
        errors.append(FieldError("scopes", "required", _("Choose at least one.")))
    elif not set(wanted) <= set(Scope.values):
        errors.append(
            FieldError(
                "scopes", "unknown_word", _("Each one of %(words)s.") % {"words": ", ".join(Scope.values)}
            )
        )
    if expires_at is not None and expires_at <= at:
        errors.append(FieldError("expires_at", "in_the_past", _("This moment has passed.")))
    elif expires_at is not None and expires_at > at + LONGEST_LIFE:
        errors.append(FieldError("expires_at", "out_of_range", _("Within ten years.")))
    if errors:
        raise Invalid(errors)
    plain, prefix, digest = make_token()
    token = Token.objects.create(
        user=owner,
        name=name,
        scopes=wanted,
        prefix=prefix,
        digest=digest,
        created_at=at,
        expires_at=expires_at,
    )
    data = {
        "token": token.pk,
        "owner": owner.username,
        "name": name,
        "prefix": prefix,
        "scopes": wanted,
        "expires_at": expires_at,
    }
    record(by, "token.issued", data, at)
    return token, plain


@transaction.atomic
def revoke_token(token_id: int, by: Actor, at: datetime) -> Token:
    """End a token: one's own, or as an admin anybody's. It is refused from the next request on.

    Raises NotFound (also for another's, where one may not know of it), or Conflict ``already_revoked``.
    """
    token = (
        Token.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(pk=token_id)
        .first()
    )
    if token is None or not _may_revoke(token, by):
        raise NotFound(_("There is no such token."))
    if token.revoked_at is not None:
        raise Conflict("already_revoked", _("This token was revoked before."))
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    data = {"token": token.pk, "owner": token.user.username, "name": token.name, "prefix": token.prefix}
    record(by, "token.revoked", data, at)
    return token


def _may_revoke(token: Token, by: Actor) -> bool:
    if by.user is None:
        return True
    person = User.objects.get(pk=by.user.pk)
    return person.is_active and (token.user_id == person.pk or allows(person, Act.ADMINISTER))
