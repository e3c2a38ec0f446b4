"""The form renderer: with FORM_RENDERER = "readiness.ui.forms.FormRenderer", {{ form }} looks like everything else."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Renders whole forms and field groups with our components. Needs "django.forms" in INSTALLED_APPS."""

    form_template_name = "components/form_fields.html"
    field_template_name = "components/field_group.html"
