"""A count of requests that all web processes share, and an index for what was accepted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0003_moods_worth_trusting'),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestCount',
            fields=[
                ('pk', models.CompositePrimaryKey('what', 'address', 'seconds', blank=True, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=20)),
                ('address', models.CharField(max_length=64)),
                ('seconds', models.IntegerField()),
                ('started', models.DateTimeField()),
                ('count', models.IntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='moodsuggestion',
            index=models.Index(condition=models.Q(('verdict', 'accepted')), fields=['video'], name='suggestion_accepted'),
        ),
    ]
