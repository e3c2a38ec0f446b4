"""{% load ui %}: the components as template tags. `readiness/ui/README.md` lists them with their calls.

Every tag but `icon` and `when` renders `templates/components/<name>.html`. Tones and icons are checked when given.
"""

from django import template

from readiness.ui.components import figures, frames, lists, navigation, words

register = template.Library()
for part in (words, frames, figures, lists, navigation):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
