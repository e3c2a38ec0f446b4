"""How an act that was refused is told on a page with a form."""

from django.forms import BaseForm

from readiness.actions.errors import Invalid, NotAllowed, NotFound, Refused

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422


def tell(form: BaseForm, refused: Refused) -> int:
    """Put what is wrong at its fields, or above the form. Returns the status of the page that shows it.

    What has a page of its own (``readiness.workbench.refusals``) is raised again.
    """
    if isinstance(refused, NotFound | NotAllowed):
        raise refused
    if not isinstance(refused, Invalid):
        form.add_error(None, refused.message)
        return CONFLICT
    for error in refused.errors:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    return UNPROCESSABLE
