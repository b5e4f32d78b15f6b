"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
application = get_wsgi_application()
resolve("/")  # loads the views, which else the first request would do
# What is loaded stays. The garbage collector need not look through all of it again and again, 70 ms each time.
gc.collect()
gc.freeze()
