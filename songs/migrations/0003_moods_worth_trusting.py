"""Suggestions, claims, the history of promotions; predictions say if they are sure."""

import django.db.models.deletion
from django.db import migrations, models


UNSURE = """
UPDATE songs_newvideo SET predicted_sure = false WHERE predicted_moods IS NOT NULL
"""
FIRST_PROMOTION = """
INSERT INTO songs_modelpromotion (model_id, at, who, reason, forced)
SELECT version, promoted, '', 'live before the history of promotions began', false
  FROM songs_moodmodel WHERE live
"""


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0002_history_and_searches'),
    ]

    operations = [
        migrations.CreateModel(
            name='LabelClaim',
            fields=[
                ('video', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='claim', serialize=False, to='songs.newvideo')),
                ('who', models.CharField(max_length=150)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ModelPromotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('who', models.CharField(max_length=150)),
                ('reason', models.TextField()),
                ('forced', models.BooleanField(default=False)),
                ('comparison', models.JSONField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='MoodSuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mood', models.CharField(choices=[('HAPPY', 'Happy'), ('IN-LOVE', 'In-Love'), ('SAD', 'Sad'), ('CONFIDENT-SASSY', 'Confident-sassy'), ('CHILL', 'Chill'), ('ANGRY', 'Angry')], max_length=15)),
                ('address', models.CharField(max_length=64)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('accepted', 'Accepted'), ('rejected', 'Rejected')], max_length=8, null=True)),
                ('reviewed_by', models.CharField(max_length=150, null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='newvideo',
            name='prediction_is_whole_or_absent',
        ),
        migrations.AddField(
            model_name='ingestrun',
            name='total',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='moodmodel',
            name='held_out',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='moodmodel',
            name='report',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='newvideo',
            name='predicted_sure',
            field=models.BooleanField(null=True),
        ),
        migrations.AlterField(
            model_name='moodlabel',
            name='source',
            field=models.CharField(choices=[('admin', 'Admin'), ('api', 'API'), ('import', 'Import'), ('suggestion', 'Suggestion'), ('second', 'Second opinion'), ('revert', 'Revert')], max_length=10),
        ),
        # Older versions had no threshold; the next prediction says more.
        migrations.RunSQL(UNSURE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='newvideo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mood_scores__isnull', True), ('predicted_at', None), ('predicted_by', None), ('predicted_moods', None), ('predicted_sure', None)), models.Q(('mood_scores__isnull', False), ('predicted_at__isnull', False), ('predicted_by__isnull', False), ('predicted_moods__in', ['HAPPY', 'IN-LOVE', 'SAD', 'CONFIDENT-SASSY', 'CHILL', 'ANGRY']), ('predicted_moods__isnull', False), ('predicted_sure__isnull', False)), _connector='OR'), name='prediction_is_whole_or_absent'),
        ),
        migrations.AddField(
            model_name='modelpromotion',
            name='model',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promotions', to='songs.moodmodel'),
        ),
        migrations.RunSQL(FIRST_PROMOTION, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='moodsuggestion',
            name='video',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='songs.newvideo'),
        ),
        migrations.AddIndex(
            model_name='moodsuggestion',
            index=models.Index(condition=models.Q(('verdict', None)), fields=['video'], name='suggestion_waiting'),
        ),
        migrations.AddConstraint(
            model_name='moodsuggestion',
            constraint=models.UniqueConstraint(fields=('video', 'address', 'day'), name='one_suggestion_per_video_address_day'),
        ),
        migrations.AddConstraint(
            model_name='moodsuggestion',
            constraint=models.CheckConstraint(condition=models.Q(('mood__in', ['HAPPY', 'IN-LOVE', 'SAD', 'CONFIDENT-SASSY', 'CHILL', 'ANGRY'])), name='suggested_mood_is_known'),
        ),
        migrations.AddConstraint(
            model_name='moodsuggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at', None), ('reviewed_by', None), ('verdict', None)), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), ('verdict__in', ['accepted', 'rejected']), ('verdict__isnull', False)), _connector='OR'), name='verdict_has_a_reviewer'),
        ),
    ]
