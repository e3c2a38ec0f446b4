"""Why it is ready or not."""

from django.urls import path

from readiness.workbench.explaining.views import initiative_why
from readiness.workbench.refusals import answering_refusals as page

urlpatterns = [path("initiatives/<str:ref>/why/", page(initiative_why), name="initiative-why")]
