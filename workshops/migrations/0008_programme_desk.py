"""Programmes are made and changed at a desk: what happened to them is kept, and only added to."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from network.append_only import locking


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0007_only_grows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='duty_since',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='seats',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='seats of a session'),
        ),
        migrations.AlterField(
            model_name='exceptionrequest',
            name='state',
            field=models.CharField(choices=[('open', 'Waits for an answer'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Taken back'), ('needless', 'No longer needed')], default='open', editable=False, max_length=10, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='ProgrammeEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('verb', models.CharField(choices=[('make', 'Made'), ('change', 'Changed'), ('text', 'Text written'), ('lab', 'Online lab written'), ('show', 'Put into the catalogue'), ('archive', 'Archived'), ('unarchive', 'Taken up again')], max_length=10)),
                ('changes', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='workshops.programme')),
            ],
            options={
                'verbose_name': 'event of a programme',
                'verbose_name_plural': 'events of programmes',
                'ordering': ['pk'],
            },
        ),
        locking("workshops", ProgrammeEvent={}),
    ]
