"""The shuffled order of the videos that a mix may choose from."""

import songs.models.listed
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0009_video_counts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='listedvideo',
            index=models.Index(models.F('mood'), songs.models.listed.Shuffled('video_id'), models.F('video_id'), models.F('seconds'), condition=models.Q(('channel_id__isnull', False), ('seconds__gt', 0)), name='listed_mixable'),
        ),
    ]
