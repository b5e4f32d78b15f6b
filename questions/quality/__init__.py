"""The gates of the bank: what must hold of every published question, for `manage.py check_bank` and the tests alike.

Nothing here is used while the site is served, except the text of a check that a candidate asks to see.
"""
