from django.db import migrations


class Migration(migrations.Migration):
    """Nothing in the models changes: `questions.search.index` creates the search index after every migration. This one
    makes hosts wait for it before they run this release."""

    dependencies = [
        ('questions', '0015_reminders'),
    ]

    operations = []
