from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0003_text_changed'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusedVideo',
            fields=[
                ('video_id', models.CharField(max_length=11, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=100)),
                ('refused_at', models.DateTimeField()),
            ],
        ),
    ]
