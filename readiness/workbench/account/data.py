"""Taking along what is kept about a person: one's own, or as an admin anybody's."""

import tempfile
from io import BytesIO

from django.core.files.base import File
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from readiness import clock
from readiness.accounts.models import User
from readiness.actions.exporting import file_name, take_data_along, write_data
from readiness.ui.downloads import as_attachment
from readiness.workbench.finding import actor_of, person_of
from readiness.workbench.refusals import answering_refusals

IN_MEMORY = 5 * 1024 * 1024
ZIP = "application/zip"


@require_safe
def own_data(request: HttpRequest) -> HttpResponseBase:
    """Everything that is kept about who asks, as a file."""
    return data_file(request, person_of(request))


@answering_refusals
def data_file(request: HttpRequest, person: User) -> HttpResponseBase:
    """The ZIP about a person; a HEAD notes nothing and makes nothing."""
    at = clock.now()
    if request.method == "HEAD":
        return as_attachment(File(BytesIO()), file_name(person, at), ZIP)
    taken = take_data_along(person.username, actor_of(request), at)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the response closes it
    write_data(taken, file, at, own=taken.pk == person_of(request).pk)
    file.seek(0)
    return as_attachment(File(file), file_name(taken, at), ZIP)
