"""RequestCount is a model of `web` from now on; its table stays under its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("songs", "0014_unread_indexes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="RequestCount")]
        )
    ]
