"""What happens to each initiative of the demo, told backwards from today in days.

Each story is named for what it shows. They use real acts only, so every flag, lapse and lesson arises by the rules.
What was promised, read, spent and said stands beside them in ``told/``, under the same names.
"""

from collections.abc import Callable

from readiness.demo.catalogue import Subject
from readiness.demo.director import Stage
from readiness.demo.stories import early, ended, launched, pilots, rollout, stuck

STORIES: dict[str, Callable[[Stage, Subject], None]] = {
    story.__name__: story
    for theme in (launched, rollout, pilots, stuck, early, ended)
    for story in theme.STORIES
}
