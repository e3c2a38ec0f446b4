import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_visits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('into', models.CharField(max_length=3)),
                ('on', models.DateField()),
                ('rate', models.DecimalField(decimal_places=10, help_text='Units of ``into`` for one unit of ``currency``', max_digits=20)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['currency', 'into', '-on'],
                'constraints': [models.UniqueConstraint(fields=('currency', 'into', 'on'), name='one_rate_a_pair_and_day'), models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='rate_is_positive'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}\\Z'), ('into__regex', '^[A-Z]{3}\\Z')), name='rate_is_between_currencies'), models.CheckConstraint(condition=models.Q(('currency', models.F('into')), _negated=True), name='rate_is_into_another_currency')],
            },
        ),
    ]
