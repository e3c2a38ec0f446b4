"""The admin's page that takes a list of people in."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from readiness import clock
from readiness.accounts.models import User
from readiness.actions.errors import Invalid
from readiness.actions.people_lists import Trial, as_text, enter_list, invite_all, trial
from readiness.ui.downloads import INERT
from readiness.ui.lazily import gettext_lazy
from readiness.ui.lines import csv_line
from readiness.ui.local import number
from readiness.ui.parts import Link
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import OK, UNPROCESSABLE

SAMPLE = (
    ("Name", "E-mail", "Unit", "Roles", "Username"),
    ("Maria Example", "maria@example.org", "Finance", "lead, reviewer", ""),
    ("Tom Example", "tom@example.org", "Finance", "", "tom"),
)
UTF8_MARK = "\ufeff"


class PeopleListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("List of people"),
        help_text=gettext_lazy("A CSV file, one person a line."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
    )


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def people_list(request: HttpRequest) -> HttpResponse:
    """A file is tried and shown first; what was shown is then entered whole, or refused with every fault."""
    form, found, text, status = PeopleListForm(), None, request.POST.get("text", ""), OK
    if request.method == "POST" and text:
        try:
            people, found = enter_list(text, actor_of(request), clock.now())
        except Invalid as refused:
            found, status = Trial(errors=refused.errors), UNPROCESSABLE
        else:
            _tell(request, people, found)
            return redirect("people")
    elif request.method == "POST":
        form = PeopleListForm(request.POST, request.FILES)
        try:
            text = as_text(form.cleaned_data["file"].read()) if form.is_valid() else ""
        except Invalid as refused:
            form.add_error("file", [each.message for each in refused.errors])
        found = trial(text) if text and not form.errors else None
        status = UNPROCESSABLE if found is None or found.errors else OK
    context = {
        "form": form,
        "found": found,
        "text": text,
        "crumbs": [Link(label=_("People"), href=reverse("people"))],
    }
    return render(request, "workbench/people/people_list.html", context, status=status)


@for_admins
@require_safe
def people_list_sample(request: HttpRequest) -> HttpResponse:
    """A list to fill in."""
    text = UTF8_MARK + "".join(csv_line(row) for row in SAMPLE)
    named = {"Content-Disposition": 'attachment; filename="people.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=INERT | named)


def _tell(request: HttpRequest, people: list[User], found: Trial) -> None:
    """Who came in, who was here, and who could not be sent a mail."""
    not_mailed = invite_all(people, actor_of(request), clock.now())
    count = len(people)
    told = ngettext("%(count)s person is entered.", "%(count)s people are entered.", count)
    messages.success(request, told % {"count": number(f"{count:,}")})
    if found.here:
        names = ", ".join(person.name for _entry, person in found.here)
        messages.info(request, _("Here already, and left as they are: %(names)s.") % {"names": names})
    if not_mailed:
        names = ", ".join(person.name for person in not_mailed)
        told = _("No invitation could be mailed to %(names)s. Make them a link on their page.")
        messages.warning(request, told % {"names": names})
