"""What became of a video's licence, written by the database, and reported claims."""

import django.db.models.deletion
from django.db import migrations, models

# A trigger, so that no writer can forget it. It is looked at only by statements that
# set these columns, and called only for rows in which one of them changed.
KEEP = """
CREATE FUNCTION songs_keep_licence_change() RETURNS trigger AS $$
BEGIN
    INSERT INTO songs_licencechange (
        video_id, at, licence_was, licence, embeddable_was, embeddable, gone_was, gone,
        verified_was)
    VALUES (
        NEW.video_id,
        CASE WHEN OLD.gone_since IS NULL AND NEW.gone_since IS NOT NULL
                  THEN NEW.gone_since
             WHEN NEW.last_fetched IS DISTINCT FROM OLD.last_fetched
                  AND NEW.last_fetched IS NOT NULL THEN NEW.last_fetched
             ELSE statement_timestamp() END,
        OLD.licence, NEW.licence, OLD.embeddable, NEW.embeddable,
        OLD.gone_why, NEW.gone_why,
        CASE WHEN OLD.licence IS NOT NULL THEN OLD.last_fetched END);
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER keep_licence_change
    AFTER UPDATE OF licence, embeddable, gone_why ON songs_newvideo FOR EACH ROW
    WHEN ((OLD.licence, OLD.embeddable, OLD.gone_why)
          IS DISTINCT FROM (NEW.licence, NEW.embeddable, NEW.gone_why))
    EXECUTE FUNCTION songs_keep_licence_change();
"""
KEEP_UNDONE = """
DROP TRIGGER keep_licence_change ON songs_newvideo;
DROP FUNCTION songs_keep_licence_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0006_catalogue_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContentClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimant', models.CharField(max_length=200, verbose_name='claimed by')),
                ('details', models.TextField(blank=True)),
                ('address', models.CharField(max_length=64)),
                ('day', models.DateField()),
                ('at', models.DateTimeField(verbose_name='reported')),
                ('verdict', models.CharField(choices=[('accepted', 'Accepted'), ('rejected', 'Rejected')], max_length=8, null=True)),
                ('reviewed_by', models.CharField(max_length=150, null=True)),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='reviewed')),
                ('video', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='content_claims', to='songs.newvideo')),
            ],
            options={
                'verbose_name': 'Content ID claim',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('video', 'address', 'day'), name='one_claim_per_video_address_day'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at', None), ('reviewed_by', None), ('verdict', None)), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), ('verdict__in', ['accepted', 'rejected']), ('verdict__isnull', False)), _connector='OR'), name='claim_verdict_has_a_reviewer')],
            },
        ),
        migrations.CreateModel(
            name='LicenceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('licence_was', models.CharField(max_length=20, null=True)),
                ('licence', models.CharField(max_length=20, null=True)),
                ('embeddable_was', models.BooleanField(null=True)),
                ('embeddable', models.BooleanField(null=True)),
                ('gone_was', models.CharField(choices=[('unavailable', 'deleted or private'), ('licence', 'no longer Creative Commons'), ('embedding', 'no longer embeddable'), ('sample', 'a sample, replaced by real videos')], max_length=11, null=True)),
                ('gone', models.CharField(choices=[('unavailable', 'deleted or private'), ('licence', 'no longer Creative Commons'), ('embedding', 'no longer embeddable'), ('sample', 'a sample, replaced by real videos')], max_length=11, null=True)),
                ('verified_was', models.DateTimeField(null=True)),
                ('video', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='licence_changes', to='songs.newvideo')),
            ],
            options={
                'indexes': [models.Index(fields=['video', 'at', 'id'], name='licence_history')],
            },
        ),
        migrations.RunSQL(KEEP, KEEP_UNDONE),
    ]
