"""For whoever watches an installation: is the process there, and can it serve? No details are given away."""

import logging
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checklists.models import Framework
from gates.models import Initiative
from readiness.accounts.models import User

log = logging.getLogger(__name__)


class NotReady(Exception):
    """What is still missing, for the log alone."""


@require_safe
@login_not_required
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200: the process answers."""
    return JsonResponse({"status": "live"})


@require_safe
@login_not_required
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200: migrated, frameworks loaded and, where a demo is wanted, seeded. Else 503."""
    try:
        _require_migrated()
        _require_content()
    except (NotReady, DatabaseError) as reason:
        log.warning("Not ready: %s", reason)
        return JsonResponse({"status": "not ready"}, status=503)
    return JsonResponse({"status": "ready"})


@cache
def _require_migrated() -> None:
    """Once seen it stays so: the code of this process does not change. (What raises is not cached.)"""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are missing")


def _require_content() -> None:
    if not Framework.objects.exists():
        raise NotReady("frameworks are not loaded")
    if settings.DEMO and not (User.objects.exists() or Initiative.objects.exists()):
        raise NotReady("the demo is not seeded")
