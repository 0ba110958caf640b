"""Drops indexes that Django makes for LIKE on every text key; nobody looks for ids so.

Each is written with every row, beside the key's own index. Migration 0008 tried it for
the lists, before Django had made theirs.
"""

from django.db import migrations

UNREAD = """
DROP INDEX IF EXISTS songs_newvideo_video_id_ed46ec48_like;
DROP INDEX IF EXISTS songs_listedvideo_video_id_8f15fe0c_like;
DROP INDEX IF EXISTS songs_videovector_video_id_0544ffdd_like;
DROP INDEX IF EXISTS songs_comment_comment_id_6561809b_like;
DROP INDEX IF EXISTS songs_comment_video_id_2154a10b_like;
"""


class Migration(migrations.Migration):
    dependencies = [("songs", "0013_comment_ages")]
    operations = [migrations.RunSQL(UNREAD, migrations.RunSQL.noop)]
