"""What is taken along from the portfolio: reports as files, and who wants one each month."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from readiness.portfolio.scope import Scope, asked_for
from readiness.work.models import LongWork


class Format(models.TextChoices):
    PDF = "pdf", _("Board report (PDF)")
    XLSX = "xlsx", _("Workbook (XLSX)")
    CSV = "csv", _("Table of the initiatives (CSV)")
    FIGURES = "figs", _("Table of the figures (CSV)")

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def ending(self) -> str:
        """Of a file's name."""
        return "csv" if self == Format.FIGURES else self.value


_MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.FIGURES: "text/csv; charset=utf-8",
}


class ReportQuerySet(models.QuerySet["Report"]):
    def of(self, person_id: int) -> Self:
        """The person's own, the newest first: nobody else may have them."""
        return self.filter(person=person_id).order_by("-pk")

    def made(self) -> Self:
        return self.filter(made_at__isnull=False)


class Report(models.Model):
    """One person's view at one moment, as a file that stays as it was made.

    ``asked``: the filters as they stand in an address, ``subject``: the same in words, "" for everything. ``month``:
    "2026-12" for the one that is sent by mail. ``file_key`` is its name in the store of reports.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=4, choices=Format.choices)
    asked = models.JSONField(default=dict, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10)
    month = models.CharField(max_length=7, blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True, help_text="The moment its figures speak of")
    work = models.ForeignKey(LongWork, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file_key = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "-id"], name="reports_of_a_person")]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=Format.values), name="report_format_is_known"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, file_key="") | (Q(made_at__isnull=False) & ~Q(file_key="")),
                name="a_made_report_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.pk} of person {self.person_id}"

    @property
    def scope(self) -> Scope:
        return asked_for(self.asked).scope

    @property
    def kind(self) -> Format:
        return Format(self.format)


class Subscription(models.Model):
    """A person who wants the board report by mail each month, of these filters.

    ``since``: the day they asked; the first one comes with the next month.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    since = models.DateField()
    asked = models.JSONField(default=dict, blank=True)
    subject = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"Person {self.person_id} since {self.since}"


class MonthlyMail(models.Model):
    """The mail of one month to one person: there is one row, whatever runs twice or is killed.

    ``due_at``: when it is to be tried next; whoever takes it moves this on first.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    report = models.ForeignKey(Report, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="one_monthly_report_a_person_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.month} to person {self.person_id}"
