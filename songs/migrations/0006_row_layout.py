"""Long texts live beside the rows, and pages keep room for a new version of each.

Scoring a video changes three small columns. With its description inside the row and
full pages, each score would copy the text and enter every index anew, the full-text
index above all: measured, 140 microseconds a row instead of 55 (benchmarks/predict.py).
"""

from django.db import migrations

NARROW = "ALTER TABLE songs_newvideo SET (toast_tuple_target = 256, fillfactor = 40)"
DEFAULT = "ALTER TABLE songs_newvideo RESET (toast_tuple_target, fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("songs", "0005_refusedvideo_origin")]
    operations = [migrations.RunSQL(NARROW, DEFAULT)]
