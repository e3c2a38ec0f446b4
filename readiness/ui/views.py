"""Two pages of the ground floor: the choice of light or dark, and the style guide."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from readiness.ui.gallery import samples

ONE_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remembers light or dark in a cookie, or forgets it, and goes back to where the visitor was."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in ("light", "dark"):
        # Read by ui.js as well, so not HttpOnly; it holds nothing but this word.
        response.set_cookie(
            "theme", chosen, max_age=ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component and chart with sample data: the living style guide."""
    direction = "rtl" if request.GET.get("dir") == "rtl" else "ltr"
    return render(request, "ui/gallery.html", samples(request.GET.get("theme", ""), direction))
