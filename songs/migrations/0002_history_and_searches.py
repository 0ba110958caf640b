"""What the tables need beside their columns, and the four searches of 2019."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION songs_moodlabel_is_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'songs_moodlabel is append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON songs_moodlabel
    FOR EACH ROW EXECUTE FUNCTION songs_moodlabel_is_append_only();
"""
APPEND_ONLY_UNDONE = """
DROP TRIGGER append_only ON songs_moodlabel;
DROP FUNCTION songs_moodlabel_is_append_only();
"""
# Scoring a video changes a few small columns. With its description inside the row and
# full pages, each score would copy the text and enter every index anew, the full-text
# index above all: 140 microseconds a row instead of 55 (benchmarks/catalogue/predict.py).
NARROW = "ALTER TABLE songs_newvideo SET (toast_tuple_target = 256, fillfactor = 40)"
NARROW_UNDONE = "ALTER TABLE songs_newvideo RESET (toast_tuple_target, fillfactor)"
SEARCHES_OF_2019 = [
    "instrumental edm",
    "instrumental",
    "free music no copyright",
    "audio library music",
]


def seed_profiles(apps, schema_editor):
    SearchProfile = apps.get_model("songs", "SearchProfile")
    for query in SEARCHES_OF_2019:
        SearchProfile.objects.get_or_create(name=query, defaults={"query": query})


class Migration(migrations.Migration):
    dependencies = [("songs", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDONE),
        migrations.RunSQL(NARROW, NARROW_UNDONE),
        migrations.RunPython(seed_profiles, migrations.RunPython.noop),
    ]
