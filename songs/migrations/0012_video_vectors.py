"""A place for each video among the others; its index is made where pgvector is."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import songs.models.vector
from django.db import migrations, models


OF_A_VIDEO = """
ALTER TABLE songs_videovector ADD CONSTRAINT vector_of_a_video
    FOREIGN KEY (video_id) REFERENCES songs_newvideo (video_id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0011_video_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='VideoVector',
            fields=[
                ('video', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='vector', serialize=False, to='songs.newvideo')),
                ('embedding', django.contrib.postgres.fields.ArrayField(base_field=songs.models.vector.RealField(), null=True, size=None)),
                ('label', models.CharField(max_length=15)),
                ('read_at', models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(OF_A_VIDEO, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='WordSpace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('features_version', models.IntegerField()),
                ('n_videos', models.IntegerField()),
                ('content', models.BinaryField()),
                ('made', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AlterField(
            model_name='ingestrun',
            name='job',
            field=models.CharField(choices=[('get_new_videos', 'Get New Videos'), ('refresh_videos', 'Refresh Videos'), ('get_new_comments', 'Get New Comments'), ('predict_moods', 'Predict Moods'), ('compare_videos', 'Compare Videos'), ('train_moods', 'Train Moods')], max_length=16),
        ),
    ]
