"""Who was kept out of a session, and why: kept, and only added to."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from network.append_only import locking


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0009_a_form_plans_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('day', models.DateField()),
                ('verb', models.CharField(max_length=24)),
                ('why', models.CharField(choices=[('cancelled', 'This session has been cancelled.'), ('not_open', 'This session is not open for enrolment.'), ('closed', 'Enrolment for this session has closed.'), ('not_eligible', 'The programme is not open to this person'), ('nomination', 'People come to this programme by nomination.'), ('own', 'No manager answers for themself.'), ('teaches', 'This person teaches the session.'), ('no_seat', 'There were not enough free seats.')], max_length=16)),
                ('lacks', models.JSONField(default=list)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('distributor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.distributor')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='workshops.session')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'refusal of a place',
                'verbose_name_plural': 'refusals of places',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('session', 'user', 'why', 'day'), name='one_refusal_a_day')],
            },
        ),
        locking("workshops", EntryRefusal={}),
    ]
