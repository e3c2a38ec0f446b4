"""What an organisation may choose about accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TwoFactorFor(models.TextChoices):
    NOBODY = "nobody", _("Nobody: each person decides")
    DECIDERS = "deciders", _("Reviewers and admins")
    EVERYBODY = "everybody", _("Everybody")
