"""The web process. It refuses to start on settings that the checks call wrong."""

import gc
import os

from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "music_selector.settings")

application = get_wsgi_application()
if errors := [problem for problem in run_checks() if problem.level >= ERROR]:
    raise ImproperlyConfigured("\n" + "\n".join(map(str, errors)))
gc.collect()
gc.freeze()  # what is loaded by now stays: to go through it takes 70 ms, each time
