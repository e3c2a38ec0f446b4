"""Doing what a form about a promise asks for, and what its page answers where that was refused."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.workbench.checklists.forms import replaced
from readiness.workbench.promises.exit_forms import CriterionForm
from readiness.workbench.promises.forms import KpiForm

Made = TypeVar("Made")


def attempt(form: CriterionForm | KpiForm, act: Callable[[], Made]) -> tuple[Made | None, dict[str, Any]]:
    """What was made, None where it was refused; and what the page has to say of that beside the form's own errors.

    ``moved``: somebody else was quicker; the newer version is sent with the next try. ``refusal``: why not at all.
    """
    try:
        return act(), {}
    except Invalid as refused:
        form.take_errors(refused)
    except Stale as refused:
        form.data = replaced(form.data, "version", str(refused.current.version))
        return None, {"moved": True}
    except Conflict as refused:
        return None, {"refusal": refused.message}
    return None, {}


def status_of(form: CriterionForm | KpiForm, said: Mapping[str, Any]) -> int:
    """The status of a page with such a form on it, with what ``attempt`` said."""
    return 409 if said.get("refusal") or said.get("moved") else 422 if form.is_bound else 200
