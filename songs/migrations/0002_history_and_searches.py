"""The label history refuses change; the four searches of 2019 are there."""

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
        migrations.RunPython(seed_profiles, migrations.RunPython.noop),
    ]
