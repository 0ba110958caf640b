"""RequestCount moves here from songs. Its table stays as it is, under its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("songs", "0015_request_counts_move_to_web")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="RequestCount",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "what",
                                "address",
                                "seconds",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("what", models.CharField(max_length=20)),
                        ("address", models.CharField(max_length=64)),
                        ("seconds", models.IntegerField()),
                        ("started", models.DateTimeField()),
                        ("count", models.IntegerField()),
                    ],
                    options={"db_table": "songs_requestcount"},
                ),
            ]
        )
    ]
