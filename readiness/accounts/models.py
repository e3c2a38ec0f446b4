"""Who is who: people, their tokens, and the one organisation of an installation."""

import zoneinfo
from datetime import date, datetime, tzinfo
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from gates.asking import Prepared
from gates.querysets import normalised, sort_key
from readiness.accounts.choices import TwoFactorFor
from readiness.derived import MARK_LENGTH


class Function(models.TextChoices):
    BUSINESS = "business", _("Business")
    IT = "it", _("IT")
    INNOVATION = "innovation", _("Innovation")
    DATA_SCIENCE = "data_science", _("Data science")


class SystemRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    REVIEWER = "reviewer", _("Reviewer")
    EXECUTIVE = "executive", _("Executive")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Admin")


class Scope(models.TextChoices):
    READ = "read", _("Read everything its owner sees")
    WRITE = "write", _("Write initiatives, answers, evidence, submissions")
    REVIEW = "review", _("Decide gates, grant waivers, confirm conditions")
    CHECKS = "checks", _("Report automated checks")
    ADMIN = "admin", _("Frameworks, parallel limits, exchange rates and webhooks")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def reviewers(self) -> "UserQuerySet":
        return self.active().filter(is_reviewer=True)

    def admins(self) -> "UserQuerySet":
        return self.active().filter(is_admin=True)

    def able_to_sign_in(self, organisation: "Organisation") -> "UserQuerySet":
        """Active people with a door open to them: the demo's own accounts only while demo data is shown."""
        return self.active() if organisation.demo else self.active().filter(is_demo=False)

    def with_password(self) -> "UserQuerySet":
        """Those who have set a password; who was only entered, or invited and did not come, has none."""
        return self.exclude(password="").exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def named(self, username: str) -> "UserQuerySet":
        """The one with this username, whatever its case. (SQLite would stop reading at a null character.)"""
        if "\x00" in username:
            return self.none()
        return self.alias(username_lower=Lower("username")).filter(username_lower=username.lower())

    def with_email(self, email: str) -> "UserQuerySet":
        """The one with this e-mail, whatever its case. Nobody has an empty one."""
        if "\x00" in email or not email:
            return self.none()
        return self.alias(email_lower=Lower("email")).filter(email_lower=email.lower())

    def without_authenticator(self) -> "UserQuerySet":
        return self.filter(authenticator__isnull=True)

    def bound_to_two_factors(self, policy: str) -> "UserQuerySet":
        """Those whom this word of ``TwoFactorFor`` obliges to prove themselves with a second factor."""
        by_role = Q(is_reviewer=True) | Q(is_admin=True) if policy == TwoFactorFor.DECIDERS else Q()
        return self.none() if policy == TwoFactorFor.NOBODY else self.filter(by_role)

    def with_role(self, role: SystemRole) -> "UserQuerySet":
        return self.filter(**{f"is_{role.value}": True})

    def matching(self, words: str) -> "UserQuerySet":
        """Those whose name, username, e-mail or unit hold every word."""
        found = self
        for word in normalised(words).split():
            found = found.filter(search_key__contains=word)
        return found


class User(AbstractBaseUser):
    """A person. One may exist without ever signing in; one is deactivated, never deleted.

    Roles are independent of each other, so each is a column of its own.
    """

    username = models.CharField(
        max_length=60,
        # ASCII: databases disagree on the lower case of anything else, and a name may exist only once in any case.
        validators=[RegexValidator(r"^[A-Za-z0-9_.@+-]+\Z", _("Letters a to z, digits and . @ + - _ only."))],
    )
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=360, editable=False, default="", db_index=True)
    search_key = models.TextField(
        editable=False, default="", help_text="What a search looks through, normalised"
    )
    email = models.EmailField(blank=True)
    unit = models.CharField(max_length=200, blank=True)
    function = models.CharField(max_length=15, choices=Function.choices, default=Function.BUSINESS)
    is_lead = models.BooleanField("lead", default=False)
    is_reviewer = models.BooleanField("reviewer", default=False)
    is_executive = models.BooleanField("executive", default=False)
    is_auditor = models.BooleanField("auditor", default=False)
    is_admin = models.BooleanField("admin", default=False)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(
        max_length=10, blank=True, help_text="A code of settings.LANGUAGES; blank: what the browser asks for"
    )
    created_at = models.DateTimeField()
    session_generation = models.PositiveIntegerField(
        default=0, help_text="Counted up to end every session and every password link of this person at once"
    )
    version = models.PositiveIntegerField(default=1)
    seen_at = models.DateTimeField(
        null=True, blank=True, help_text="The last page they opened, to within five minutes"
    )
    before_visit_at = models.DateTimeField(
        null=True, blank=True, help_text="When the visit before the present one ended"
    )

    erased_at = models.DateTimeField(
        null=True, blank=True, help_text="When everything that tells who this was was taken out"
    )

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="username_once_whatever_its_case"),
            models.UniqueConstraint(
                Lower("email"), condition=~Q(email=""), name="email_once_whatever_its_case"
            ),
            models.CheckConstraint(condition=Q(function__in=Function.values), name="function_is_known"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False, email=""),
                name="who_was_erased_is_away",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the normalised copies by which people are searched and sorted alike on every database."""
        self.name_key = sort_key(self.name)
        self.search_key = normalised(f"{self.name} {self.username} {self.email} {self.unit}")
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "search_key"}
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Changes with the password and with the generation, so that an ended session stays ended."""
        return salted_hmac(
            "readiness.accounts.User.session",
            f"{self.session_generation}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def roles(self) -> frozenset[SystemRole]:
        return frozenset(role for role in SystemRole if getattr(self, f"is_{role.value}"))

    @property
    def roles_in_order(self) -> list[SystemRole]:
        """The same as they are listed everywhere."""
        return [role for role in SystemRole if role in self.roles]

    @property
    def sees_all(self) -> bool:
        """Reviewers, executives, auditors and admins also see initiatives that only their team may see."""
        return self.is_reviewer or self.is_executive or self.is_auditor or self.is_admin

    @property
    def sees_organisation(self) -> bool:
        return bool(self.roles)


class Token(models.Model):
    """A key for programs. Shown once, kept only as a digest; it may do what its owner may, within its scopes."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    prefix = models.CharField(max_length=12, help_text="The first characters, to tell tokens apart")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Authenticator(models.Model):
    """The app with which a person proves, after the password, that it is they: it shows a new code every 30 seconds.

    The key of the app is kept nowhere: ``salt`` and ``key_mark`` make it (``readiness.derived``). A code is taken once.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="authenticator")
    salt = models.CharField(max_length=32)
    key_mark = models.CharField(max_length=MARK_LENGTH)
    last_step = models.BigIntegerField(help_text="Half minutes since 1970 of the latest code that was taken")
    set_up_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"authenticator of {self.user_id}"


class RecoveryCode(models.Model):
    """Signs its owner in once, in place of a code of the app. Shown once, kept as a digest."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the code")
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class LoginAttempt(models.Model):
    """Failed sign-ins within one window: of one name from one address, or of any name from one address.

    ``account`` is a SHA-256 of whose door it was (a person may type a password as their name by mistake), or of no
    one's in the row that counts the address alone. One guarded update counts: no two tries share a number.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    failures = models.PositiveIntegerField(default=0)
    window_started_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "address"], name="one_counter_per_account_and_address")
        ]

    def __str__(self) -> str:
        return f"{self.failures} failed from {self.address}"


CURRENCY_CODE = r"^[A-Z]{3}\Z"


def known_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Not a time zone, such as Europe/Berlin.", code="unknown_zone")


class Organisation(models.Model):
    """The one organisation of this installation. There is exactly one row."""

    name = models.CharField(max_length=120, default="Our organisation")
    time_zone = models.CharField(max_length=60, default="UTC", validators=[known_zone])
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[RegexValidator(CURRENCY_CODE, "Three capital letters, such as EUR.")],
    )
    language = models.CharField(
        max_length=10,
        default="en",
        help_text="Of mails and of pages before the sign-in, where nobody chose one",
    )
    two_factor_for = models.CharField(
        max_length=10,
        choices=TwoFactorFor.choices,
        default=TwoFactorFor.NOBODY,
        help_text="Who signs in with a code of an app beside the password, whether they want to or not",
    )
    demo = models.BooleanField(default=False, help_text="Demo data is shown and demo accounts may sign in")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_organisation"),
            models.CheckConstraint(
                condition=Q(two_factor_for__in=TwoFactorFor.values), name="two_factor_policy_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def day_of(self, at: datetime) -> date:
        """The calendar day of a moment, where the organisation is."""
        return at.astimezone(self.zone).date()

    @classmethod
    def get(cls) -> "Organisation":
        return _organisation.one(1) or cls.objects.get_or_create(pk=1)[0]


_organisation = Prepared(lambda keys: Organisation.objects.filter(pk__in=keys).order_by())


class Rate(models.Model):
    """What one unit of a currency is worth in another one (``into``: what the organisation counts in), from a day on.

    It holds until the day of the next one. What follows from it: ``readiness.portfolio.currency``.
    """

    currency = models.CharField(max_length=3)
    into = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(
        max_digits=20, decimal_places=10, help_text="Units of ``into`` for one unit of ``currency``"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["currency", "into", "-on"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "into", "on"], name="one_rate_a_pair_and_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(
                condition=Q(currency__regex=CURRENCY_CODE) & Q(into__regex=CURRENCY_CODE),
                name="rate_is_between_currencies",
            ),
            models.CheckConstraint(condition=~Q(currency=F("into")), name="rate_is_into_another_currency"),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.into} from {self.on}"


VIEW_NAME_MAX = 80
VIEW_QUERY_MAX = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def open_to(self, person: User) -> "SavedViewQuerySet":
        """A person's own ones, and what others share; those of who has left the house go with them."""
        return self.filter(Q(owner=person) | Q(shared=True, owner__is_active=True))


class SavedView(models.Model):
    """A page of figures with its filters, kept under a name by one person.

    ``page`` is the name of a route and ``query`` what stands behind "?" there; ``readiness.portfolio.saved`` says which
    are known and makes the address anew each time. Whoever opens a shared one sees what they may see themselves.
    """

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=VIEW_NAME_MAX)
    name_key = models.CharField(max_length=3 * VIEW_NAME_MAX, help_text="The name normalised")
    page = models.CharField(max_length=40)
    query = models.CharField(max_length=VIEW_QUERY_MAX, blank=True)
    shared = models.BooleanField(default=False)
    is_start = models.BooleanField(default=False, help_text="Its owner begins here after signing in")
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name_key"], name="view_named_once_a_person"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_start=True), name="one_start_page_a_person"
            ),
            models.CheckConstraint(condition=~Q(name_key=""), name="view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
