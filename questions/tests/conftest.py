"""What every test stands on."""

import os

from hypothesis import settings as hypothesis_settings

# Playwright keeps an event loop running in the tests' own thread, where Django would then refuse its ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is no counterexample.
hypothesis_settings.register_profile("quizsite", deadline=None)
hypothesis_settings.load_profile("quizsite")
