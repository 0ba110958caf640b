from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0004_refusedvideo'),
    ]

    operations = [
        migrations.AddField(
            model_name='refusedvideo',
            name='origin',
            field=models.CharField(choices=[('youtube', 'YouTube'), ('import', 'Import'), ('sample', 'Sample')], default='youtube', max_length=7),
            preserve_default=False,
        ),
    ]
