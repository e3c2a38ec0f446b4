"""The settings of a stack whose killed worker's task comes again at once: nobody else could set it so low.

Only tests whose tasks are short may use it: a longer one would be done twice at once.
"""

from readiness.settings import *  # noqa: F403
from readiness.settings import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"visibility_timeout": 5}
