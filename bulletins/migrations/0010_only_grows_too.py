"""Words of distributors, corrections and answers to proposals are only added to, too."""

import django.db.models.deletion
from django.db import migrations, models

from network.append_only import locking


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0009_only_grows")]

    operations = [
        migrations.AlterField(
            model_name="proposalanswer",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="bulletins.issueproposal",
            ),
        ),
        locking("bulletins", ResponseChange={}, Correction={}, ProposalAnswer={}),
    ]
