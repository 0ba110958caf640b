import gc

from music_selector import wsgi


def test_web_process_leaves_what_it_has_loaded_to_no_collection():
    assert wsgi.application
    assert gc.get_freeze_count() > 50_000
