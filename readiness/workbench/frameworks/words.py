"""What is said once a framework was published, from a file or a draft."""

from django.utils.translation import gettext as _

from checklists.loading import Loaded
from readiness.actions.starting import starting_slugs


def published_words(loaded: Loaded) -> str:
    """Whether it stood already, and who is assessed with it from now on."""
    if not loaded.published:
        words = _("%(framework)s stands already, word for word.")
    elif loaded.framework.slug in starting_slugs():
        words = _("%(framework)s is published. What begins from now on is assessed with it.")
    else:
        words = _("%(framework)s is published. It can be attached, or chosen for all new initiatives.")
    return words % {"framework": str(loaded.framework)}
