"""Settings of the site with the SQLite setup that SQLITE_SETUP names, one of SETUPS in `soak.writers`."""

import os

from quizsite.settings import *
from quizsite.settings import DATABASES

_options = DATABASES["default"]["OPTIONS"]
if os.environ["SQLITE_SETUP"] != "ours":
    del _options["transaction_mode"]
if os.environ["SQLITE_SETUP"] == "defaults":
    _options.clear()
