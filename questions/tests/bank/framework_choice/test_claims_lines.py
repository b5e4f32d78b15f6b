"""What the "find the lines" questions of the topic claim is run.

One test for each question, named after its slug.
"""

import re

from questions.tests.bank.content import Asked, django_tables


def test_unfair_benchmark_report(item: Asked, settings) -> None:
    lines = dict(enumerate(item.code.splitlines(), 1))
    requests, errors = (int(re.findall(r"[\d,]+", lines[n])[0].replace(",", "")) for n in (19, 20))
    assert requests == 200 * 60
    assert errors / requests == 0.64
    with django_tables() as database:
        for settings.DEBUG in (False, True):
            database.queries_log.clear()
            database.force_debug_cursor = False
            with database.cursor() as cursor:
                cursor.execute("SELECT 1")
            assert len(database.queries_log) == settings.DEBUG  # line 6: each query is recorded
    assert [lines[n].split()[0] for n in (6, 8, 20)] == ["settings", "database", "errors"]
    assert item.accepted == {"6", "8", "20"}
