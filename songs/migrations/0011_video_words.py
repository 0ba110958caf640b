"""The full-text index learns about titles and months."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import songs.models.fulltext


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0010_mixable_videos'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='newvideo',
            name='video_search',
        ),
        migrations.AddIndex(
            model_name='newvideo',
            index=django.contrib.postgres.indexes.GinIndex(models.F('search'), songs.models.fulltext.TitleWords('search'), songs.models.fulltext.Months('published_at'), name='video_words'),
        ),
    ]
