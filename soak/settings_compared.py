"""The site's settings with SQLite set up as SQLITE_SETUP says: one of SETUPS in `soak.writers`."""

import os

from quizsite.settings import *
from quizsite.settings import DATABASES

_options = DATABASES["default"]["OPTIONS"]
if os.environ["SQLITE_SETUP"] != "ours":
    del _options["transaction_mode"]
if os.environ["SQLITE_SETUP"] == "defaults":
    _options.clear()
