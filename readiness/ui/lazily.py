"""Words that are made once, when a module is loaded, and said in the language of each reader.

Django's own, typed as the str that it stands for: whoever is handed a word need not know whether it is said yet.
"""

from collections.abc import Callable
from typing import cast

from django.utils import translation

gettext_lazy = cast(Callable[[str], str], translation.gettext_lazy)
pgettext_lazy = cast(Callable[[str, str], str], translation.pgettext_lazy)
