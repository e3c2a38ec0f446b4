"""People of an installation under test, entered as a command on the server would."""

from tests.services.stacks import Stack

PASSWORD = "a long enough password"
_ENTER = """
from readiness.accounts.models import User
from readiness.clock import now
for username, role in {people!r}.items():
    if not User.objects.filter(username=username).exists():
        user = User(username=username, name=username.capitalize(), unit="Finance", created_at=now())
        setattr(user, "is_" + role, True)
        user.set_password({password!r})
        user.save()
"""


def enter(stack: Stack, **people: str) -> None:
    """Enter people who can sign in with PASSWORD: ``enter(stack, walda="lead", roger="reviewer")``."""
    stack.shell(_ENTER.format(people=people, password=PASSWORD))


def token_of(stack: Stack, username: str, *scopes: str) -> str:
    """A fresh token of this person's."""
    named = [word for scope in scopes or ("read", "write", "review") for word in ("--scope", scope)]
    return stack.manage("issue_token", username, "--name", "a journey", *named).strip()
