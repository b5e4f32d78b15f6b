"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
application = get_wsgi_application()
resolve("/")  # imports the views now rather than in the first request
# Loaded code is never freed, so keep the garbage collector from scanning it: each scan takes 70 ms.
gc.collect()
gc.freeze()
