"""A version of the catalogue, for the validators of the API (docs/decisions/0008)."""

from django.db import migrations

# Each transaction that changes what the API shows moves one slot on, at its first
# change. It takes a slot that nobody holds, so that no writer ever waits for another.
# The slot becomes visible when the change does: a sequence would move before that.
# The lock is shared, nobody waits for it: it tells readers that a change is under way.
VERSION = """
CREATE TABLE songs_catalogueversion (
    slot bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    changed timestamptz NOT NULL
);
INSERT INTO songs_catalogueversion (changed) VALUES (clock_timestamp());

CREATE FUNCTION songs_catalogue_changes() RETURNS trigger AS $$
DECLARE
    earlier integer := coalesce(nullif(
        current_setting('moodibeats.changes', true), ''), '0')::integer;
BEGIN
    PERFORM set_config('moodibeats.changes', (earlier + 1)::text, true);
    IF earlier > 0 THEN
        RETURN NULL;  -- this transaction has moved a slot
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtext('moodibeats.catalogue'));
    UPDATE songs_catalogueversion
       SET changed = greatest(changed + interval '1 microsecond', clock_timestamp())
     WHERE slot = (SELECT slot FROM songs_catalogueversion
                    ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO songs_catalogueversion (changed) VALUES (clock_timestamp());
    END IF;
    RETURN NULL;
END
$$ LANGUAGE plpgsql;
"""
# Whatever is written to a video counts, so that no new column can be forgotten.
# Suggestions count once they are accepted: strangers post them, and nobody sees them.
TRIGGERS = """
CREATE TRIGGER catalogue_changes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON songs_newvideo FOR EACH STATEMENT EXECUTE FUNCTION songs_catalogue_changes();
CREATE TRIGGER catalogue_changes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON songs_comment FOR EACH STATEMENT EXECUTE FUNCTION songs_catalogue_changes();
CREATE TRIGGER catalogue_changes AFTER UPDATE OR DELETE OR TRUNCATE
    ON songs_moodsuggestion FOR EACH STATEMENT EXECUTE FUNCTION songs_catalogue_changes();
CREATE TRIGGER catalogue_changes_by_insert AFTER INSERT
    ON songs_moodsuggestion FOR EACH ROW WHEN (NEW.verdict IS NOT NULL)
    EXECUTE FUNCTION songs_catalogue_changes();
"""
UNDONE = """
DROP TRIGGER catalogue_changes_by_insert ON songs_moodsuggestion;
DROP TRIGGER catalogue_changes ON songs_moodsuggestion;
DROP TRIGGER catalogue_changes ON songs_comment;
DROP TRIGGER catalogue_changes ON songs_newvideo;
DROP FUNCTION songs_catalogue_changes;
DROP TABLE songs_catalogueversion;
"""


class Migration(migrations.Migration):
    dependencies = [("songs", "0005_taken_back_labels")]
    operations = [migrations.RunSQL(VERSION + TRIGGERS, UNDONE)]
