"""Quality checks of the question bank, run by `manage.py check_bank`, by the tests and, in part, by the admin.

Candidates meet only two results of them: the versions with which an answer was verified, and the script of its check.
"""
