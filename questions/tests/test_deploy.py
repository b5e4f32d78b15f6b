"""Django's own checklist for the configuration that is served behind TLS."""

from questions.tests.processes import run

CHECK = ["check", "--deploy", "--fail-level", "WARNING"]
DEPLOYED = {"DEBUG": "false", "BEHIND_TLS": "true", "SECRET_KEY": "only-for-the-check-" * 4}
NO_ISSUES = (0, "System check identified no issues (0 silenced).\n", "")


def test_a_deployment_behind_tls_passes_the_checklist(tmp_path):
    assert run(tmp_path, *CHECK, **DEPLOYED) == NO_ISSUES


def test_the_secret_key_that_is_made_on_first_use_passes_too(tmp_path):
    assert run(tmp_path, *CHECK, **DEPLOYED | {"SECRET_KEY": ""}) == NO_ISSUES


def test_the_checklist_notices_a_deployment_without_tls(tmp_path):
    code, _, errors = run(tmp_path, *CHECK, **DEPLOYED | {"BEHIND_TLS": "false"})
    assert code == 1
    assert "security.W012" in errors  # SESSION_COOKIE_SECURE
