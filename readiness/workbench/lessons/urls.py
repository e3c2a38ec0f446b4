"""The address of the library."""

from django.urls import path

from readiness.workbench.lessons import views
from readiness.workbench.refusals import answering_refusals as page

urlpatterns = [path("lessons/", page(views.lessons), name="lessons")]
