"""The groups that share out the work on questions; a site may change them, and what it changes stays."""

from django.db import migrations

READ = ["topic", "guide", "section", "takeaway", "faq", "question", "choice", "rubriccriterion", "followup", "reference"]
READ += ["questionrevision", "questionreport", "itemstatistics", "reviewnote", "quiz", "quizitem", "regrade"]
PARTS = ["choice", "rubriccriterion", "followup", "reference"]
CONTENT = ["topic", "guide", "section", "codelisting", "comparison", "comparisonrow", "takeaway", "faq", "quiz", "quizitem"]

AUTHOR = [
    *(f"view_{model}" for model in READ),
    *(f"{verb}_{model}" for model in PARTS for verb in ("add", "change", "delete")),
    *("add_question", "change_question", "add_reviewnote"),
]
REVIEWER = [*AUTHOR, "publish_question", "change_questionreport"]
EDITOR = [
    *REVIEWER,
    *(f"{verb}_{model}" for model in CONTENT for verb in ("view", "add", "change", "delete")),
    *("delete_question", "add_regrade", "view_attempt", "view_response"),
]
GROUPS = {"Author": AUTHOR, "Reviewer": REVIEWER, "Editor": EDITOR}


def make(apps, schema_editor):
    """Makes the groups; permissions are otherwise made only after all migrations, so those needed are made here."""
    using = schema_editor.connection.alias
    Permission, ContentType = apps.get_model("auth", "Permission"), apps.get_model("contenttypes", "ContentType")
    for name, codenames in GROUPS.items():
        group, _made = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        for codename in codenames:
            verb, model = codename.split("_", 1)
            kind, _made = ContentType.objects.using(using).get_or_create(app_label="questions", model=model)
            label = f"Can {verb} {apps.get_model('questions', model)._meta.verbose_name}"
            if verb == "publish":
                label = "Can publish and retire questions, and change published ones"
            permission, _made = Permission.objects.using(using).get_or_create(
                content_type=kind, codename=codename, defaults={"name": label}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("questions", "0005_staff_workflow"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
