"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from questions.performance.garbage_collector import freeze_loaded_code

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quizsite.settings")
application = get_wsgi_application()
resolve("/")  # imports the views now rather than in the first request
freeze_loaded_code()
