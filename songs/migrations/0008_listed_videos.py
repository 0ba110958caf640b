"""The narrow copy of the offered videos that lists are chosen and ordered by."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import songs.models.tags

# Statements, not rows, so that 2,000 predictions at a time stay cheap. A row is only
# written where something that lists know of has changed.
KEEP = """
CREATE FUNCTION songs_keep_listed() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM songs_listedvideo USING old_rows
         WHERE songs_listedvideo.video_id = old_rows.video_id;
        RETURN NULL;
    END IF;
    INSERT INTO songs_listedvideo AS l (
        video_id, published, views, mood, labeled, confidence, surety, channel_id,
        licence, language, seconds)
    SELECT n.* FROM (
        SELECT video_id,
               coalesce(published_at, '0001-01-01 00:00:00+00') AS published,
               coalesce(view_count, -1) AS views,
               coalesce(moods, predicted_moods) AS mood,
               labeled,
               CASE WHEN moods IS NULL THEN score END AS confidence,
               CASE WHEN moods IS NULL THEN coalesce(score, 0) ELSE 1 END AS surety,
               channel_id,
               licence,
               language,
               extract(epoch FROM duration)::integer AS seconds
          FROM (SELECT *, (mood_scores ->> predicted_moods)::float8 AS score
                  FROM new_rows WHERE gone_since IS NULL) offered
    ) n LEFT JOIN songs_listedvideo was ON was.video_id = n.video_id
     WHERE was.video_id IS NULL OR
           (was.published, was.views, was.mood, was.labeled, was.confidence, was.surety,
            was.channel_id, was.licence, was.language, was.seconds)
           IS DISTINCT FROM
           (n.published, n.views, n.mood, n.labeled, n.confidence, n.surety,
            n.channel_id, n.licence, n.language, n.seconds)
    ON CONFLICT (video_id) DO UPDATE
       SET published = excluded.published, views = excluded.views,
           mood = excluded.mood, labeled = excluded.labeled,
           confidence = excluded.confidence, surety = excluded.surety,
           channel_id = excluded.channel_id, licence = excluded.licence,
           language = excluded.language, seconds = excluded.seconds;
    DELETE FROM songs_listedvideo USING new_rows
     WHERE songs_listedvideo.video_id = new_rows.video_id
       AND new_rows.gone_since IS NOT NULL;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER keep_listed_insert AFTER INSERT ON songs_newvideo
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION songs_keep_listed();
CREATE TRIGGER keep_listed_update AFTER UPDATE ON songs_newvideo
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION songs_keep_listed();
CREATE TRIGGER keep_listed_delete AFTER DELETE ON songs_newvideo
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION songs_keep_listed();
"""
KEEP_UNDONE = """
DROP TRIGGER keep_listed_insert ON songs_newvideo;
DROP TRIGGER keep_listed_update ON songs_newvideo;
DROP TRIGGER keep_listed_delete ON songs_newvideo;
DROP FUNCTION songs_keep_listed();
"""
# Django gives every text key an index for LIKE; nobody looks for ids by a part.
UNREAD = "DROP INDEX IF EXISTS songs_listedvideo_video_id_8f15fe0c_like"
# What is there already. An update that changes nothing would let the trigger take it
# in too, and write every video anew.
FILL = """
INSERT INTO songs_listedvideo (
    video_id, published, views, mood, labeled, confidence, surety, channel_id,
    licence, language, seconds)
SELECT video_id, coalesce(published_at, '0001-01-01 00:00:00+00'),
       coalesce(view_count, -1), coalesce(moods, predicted_moods), labeled,
       CASE WHEN moods IS NULL THEN score END,
       CASE WHEN moods IS NULL THEN coalesce(score, 0) ELSE 1 END,
       channel_id, licence, language, extract(epoch FROM duration)::integer
  FROM (SELECT *, (mood_scores ->> predicted_moods)::float8 AS score
          FROM songs_newvideo WHERE gone_since IS NULL) offered
"""


class Migration(migrations.Migration):

    dependencies = [
        ('songs', '0007_licence_passport'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListedVideo',
            fields=[
                ('video', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='listed', serialize=False, to='songs.newvideo')),
                ('published', models.DateTimeField()),
                ('views', models.BigIntegerField()),
                ('mood', models.CharField(choices=[('HAPPY', 'Happy'), ('IN-LOVE', 'In-Love'), ('SAD', 'Sad'), ('CONFIDENT-SASSY', 'Confident-sassy'), ('CHILL', 'Chill'), ('ANGRY', 'Angry')], max_length=15, null=True)),
                ('labeled', models.BooleanField(null=True)),
                ('confidence', models.FloatField(null=True)),
                ('surety', models.FloatField()),
                ('channel_id', models.CharField(max_length=64, null=True)),
                ('licence', models.CharField(max_length=20, null=True)),
                ('language', models.CharField(max_length=35, null=True)),
                ('seconds', models.IntegerField(null=True)),
            ],
        ),
        migrations.RunSQL(UNREAD, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='listedvideo',
            index=models.Index(fields=['published', 'video', 'mood', 'labeled', 'seconds', 'language', 'licence'], name='listed_newest'),
        ),
        migrations.AddIndex(
            model_name='listedvideo',
            index=models.Index(fields=['views', 'video', 'mood', 'labeled', 'seconds', 'language', 'licence'], name='listed_views'),
        ),
        migrations.AddIndex(
            model_name='listedvideo',
            index=models.Index(fields=['surety', 'video', 'mood'], name='listed_surety'),
        ),
        migrations.AddIndex(
            model_name='listedvideo',
            index=models.Index(fields=['channel_id', 'published', 'video'], name='listed_channel_newest'),
        ),
        migrations.AddIndex(
            model_name='listedvideo',
            index=models.Index(fields=['channel_id', 'views', 'video'], name='listed_channel_views'),
        ),
        migrations.RunSQL(KEEP, KEEP_UNDONE),
        migrations.AddIndex(
            model_name='newvideo',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(songs.models.tags.LowerTags('tags'), name='jsonb_path_ops'), name='video_tags'),
        ),
    ]
