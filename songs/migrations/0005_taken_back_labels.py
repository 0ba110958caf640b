"""What people took back at once: an event that names the acts, which stay."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0004_public_suggestions'),
    ]

    operations = [
        migrations.CreateModel(
            name='LabelRevert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=150, verbose_name='by')),
                ('at', models.DateTimeField()),
                ('whose', models.CharField(max_length=150)),
                ('source', models.CharField(blank=True, choices=[('admin', 'Admin'), ('api', 'API'), ('import', 'Import'), ('suggestion', 'Suggestion'), ('second', 'Second opinion'), ('revert', 'Revert')], max_length=10, null=True)),
                ('since', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.CharField(blank=True, max_length=150, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('acts', models.ManyToManyField(related_name='reverts', to='songs.moodlabel')),
            ],
            options={
                'verbose_name': 'revert of labels',
                'verbose_name_plural': 'reverts of labels',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('who', 'at', 'whose'), name='one_revert_of_a_person_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='undone_by_somebody')],
            },
        ),
    ]
