"""Counts of the offered videos by what facets ask for, kept by triggers."""

from django.db import migrations

# The slot that this transaction holds until its end (migration 0006) is its own for
# counts too: no writer waits for another, and the sums over all slots are exact.
VERSION = """
CREATE OR REPLACE FUNCTION songs_catalogue_changes() RETURNS trigger AS $$
DECLARE
    earlier integer := coalesce(nullif(
        current_setting('moodibeats.changes', true), ''), '0')::integer;
    taken bigint;
BEGIN
    PERFORM set_config('moodibeats.changes', (earlier + 1)::text, true);
    IF earlier > 0 THEN
        RETURN NULL;  -- this transaction has moved a slot
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtext('moodibeats.catalogue'));
    UPDATE songs_catalogueversion
       SET changed = greatest(changed + interval '1 microsecond', clock_timestamp())
     WHERE slot = (SELECT slot FROM songs_catalogueversion
                    ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING slot INTO taken;
    IF NOT FOUND THEN
        INSERT INTO songs_catalogueversion (changed) VALUES (clock_timestamp())
        RETURNING slot INTO taken;
    END IF;
    PERFORM set_config('moodibeats.slot', taken::text, true);
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
"""
TABLE = """
CREATE TABLE songs_videocount (
    slot bigint NOT NULL,
    said varchar(15) NOT NULL,     -- by people: a mood, 'SKIPPED', '' for nothing
    guessed varchar(15) NOT NULL,  -- by the model: a mood, '' for nothing
    licence varchar(20) NOT NULL,  -- '': not known
    videos bigint NOT NULL,        -- may be negative in one slot
    PRIMARY KEY (slot, said, guessed, licence)
) WITH (fillfactor = 50);  -- room to update rows in place
"""
GROUP = """
    coalesce(moods, CASE labeled WHEN false THEN 'SKIPPED' ELSE '' END) AS said,
    coalesce(predicted_moods, '') AS guessed, coalesce(licence, '') AS licence"""
GONE = f"SELECT {GROUP}, -1 AS step FROM old_rows WHERE gone_since IS NULL"
HERE = f"SELECT {GROUP}, 1 AS step FROM new_rows WHERE gone_since IS NULL"
MOVE = """
        INSERT INTO songs_videocount AS c (slot, said, guessed, licence, videos)
        SELECT current_setting('moodibeats.slot')::bigint,
               said, guessed, licence, sum(step)
          FROM ({steps}) steps GROUP BY said, guessed, licence HAVING sum(step) <> 0
            ON CONFLICT (slot, said, guessed, licence)
            DO UPDATE SET videos = c.videos + excluded.videos;"""
# A name behind "catalogue_changes": PostgreSQL fires triggers by name.
KEEP = f"""
CREATE FUNCTION songs_count_videos() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {MOVE.format(steps=HERE)}
    ELSIF TG_OP = 'UPDATE' THEN {MOVE.format(steps=f"{HERE} UNION ALL {GONE}")}
    ELSIF TG_OP = 'DELETE' THEN {MOVE.format(steps=GONE)}
    ELSE
        DELETE FROM songs_videocount;
        DELETE FROM songs_listedvideo;
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER count_videos_insert AFTER INSERT ON songs_newvideo
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION songs_count_videos();
CREATE TRIGGER count_videos_update AFTER UPDATE ON songs_newvideo
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION songs_count_videos();
CREATE TRIGGER count_videos_delete AFTER DELETE ON songs_newvideo
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION songs_count_videos();
CREATE TRIGGER count_videos_truncate AFTER TRUNCATE ON songs_newvideo
    FOR EACH STATEMENT EXECUTE FUNCTION songs_count_videos();
"""
# After the triggers, which let nobody else write until this is committed. No writer
# ever takes slot 0.
FILL = f"""
INSERT INTO songs_videocount (slot, said, guessed, licence, videos)
SELECT 0, said, guessed, licence, count(*)
  FROM (SELECT {GROUP} FROM songs_newvideo WHERE gone_since IS NULL) offered
 GROUP BY said, guessed, licence
"""
UNDONE = """
DROP TRIGGER count_videos_insert ON songs_newvideo;
DROP TRIGGER count_videos_update ON songs_newvideo;
DROP TRIGGER count_videos_delete ON songs_newvideo;
DROP TRIGGER count_videos_truncate ON songs_newvideo;
DROP FUNCTION songs_count_videos;
DROP TABLE songs_videocount;
"""


class Migration(migrations.Migration):
    dependencies = [("songs", "0008_listed_videos")]
    operations = [migrations.RunSQL(VERSION + TABLE + KEEP + FILL, UNDONE)]
