"""What the API keeps for itself: answers, for those who ask the same again."""

from datetime import datetime, timedelta

from django.db import models

from gates.models import Initiative
from readiness.accounts.models import User

KEPT_FOR = timedelta(hours=24)
KEY_MAX = 255


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def expired(self, at: datetime) -> "KeptAnswerQuerySet":
        """Those whose key is free again."""
        return self.filter(at__lte=at - KEPT_FOR)


class KeptAnswer(models.Model):
    """The answer that one request was given, by the key its sender chose for it.

    The row is written in the transaction of what the request did: where it is there, that was done; where it is not,
    nothing was. ``digest`` is of what was asked. ``initiative`` is what the answer speaks of, if one: who may no longer
    know of it is not told again. Of an answer about none, or several, that is who has other ``roles`` by now.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_MAX)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, related_name="+")
    roles = models.JSONField(default=list)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return self.key
