"""Deployment: behind TLS, in containers, as a systemd service."""

import re

import pytest
import yaml
from django.conf import settings

from questions.management.commands.serve import LAST_REQUESTS
from questions.tests.processes import run

DEPLOY = settings.BASE_DIR / "docs" / "deploy"

CHECK = ["check", "--deploy", "--fail-level", "WARNING"]
DEPLOYED = {"DEBUG": "false", "BEHIND_TLS": "true", "SECRET_KEY": "only-for-the-check-" * 4}
NO_ISSUES = (0, "System check identified no issues (0 silenced).\n", "")


def test_deployment_behind_tls_passes_the_check(tmp_path):
    assert run(tmp_path, *CHECK, **DEPLOYED) == NO_ISSUES


def test_generated_secret_key_passes_the_check(tmp_path):
    assert run(tmp_path, *CHECK, **DEPLOYED | {"SECRET_KEY": ""}) == NO_ISSUES


def test_deployment_without_tls_fails_the_check(tmp_path):
    code, _, errors = run(tmp_path, *CHECK, **DEPLOYED | {"BEHIND_TLS": "false"})
    assert code == 1
    assert "security.W012" in errors  # SESSION_COOKIE_SECURE


def test_every_variable_is_documented():
    sources = [settings.BASE_DIR / "quizsite" / "settings.py", *settings.BASE_DIR.glob("questions/management/**/*.py")]
    read = {
        name for path in sources for name in re.findall(r"""env(?:iron)?\.\w+\(\s*["']([A-Z_]+)""", path.read_text())
    }
    page = (settings.BASE_DIR / "docs" / "hosting.md").read_text()
    table = page.partition("\n## Configuration")[2].partition("\n## ")[0]
    assert len(read) > 25
    assert read - set(re.findall(r"`([A-Z_]+)`", table)) == set()


class TestStopping:
    """Timeouts for stopping the server leave time for the last requests, which may wait for the database."""

    def test_server_waits_longer_than_sqlite(self):
        source = (settings.BASE_DIR / "quizsite" / "settings.py").read_text()
        (waits,) = re.findall(r'"timeout": (\d+),\n', source)
        assert LAST_REQUESTS.total_seconds() > int(waits)

    def test_service_manager_waits_longer_than_the_server(self):
        unit = (DEPLOY / "quizsite.service").read_text()
        (waits,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
        assert int(waits) > LAST_REQUESTS.total_seconds()
        assert "\nKillMode=mixed\n" in unit

    def test_containers_wait_longer_than_the_server(self):
        site = composed()["site"]
        assert int(site["stop_grace_period"].removesuffix("s")) > LAST_REQUESTS.total_seconds()
        assert 'exec python manage.py serve"]' in (DEPLOY / "Dockerfile").read_text()


class TestContainers:
    def test_images_have_versions_and_no_registry(self):
        names = [service["image"] for service in composed().values() if "image" in service]
        names += re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
        assert len(names) == 2
        assert [name for name in names if not re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+", name)] == []

    def test_site_container_is_unprivileged_and_has_a_health_check(self):
        site, lines = composed()["site"], (DEPLOY / "Dockerfile").read_text().splitlines()
        assert (site["read_only"], site["cap_drop"]) == (True, ["ALL"])
        assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
        assert any(line.startswith("HEALTHCHECK") for line in lines)

    def test_ports_are_local_and_the_database_has_none(self):
        services = composed()
        assert services["site"]["ports"] == ["127.0.0.1:8000:8000"]
        assert "ports" not in services["database"]

    def test_backup_tools_have_the_version_of_the_database(self):
        (database,) = re.findall(r"^postgres:(\d+)", composed()["database"]["image"])
        assert f"postgresql-client-{database}" in (DEPLOY / "Dockerfile").read_text()

    @pytest.mark.parametrize("name", [".env", "var", ".git", "questions/tests"])
    def test_image_contains_no_local_files(self, name):
        lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
        assert lines[1] == "*"
        assert f"!{name}" not in lines


def composed() -> dict[str, dict]:
    """Return the services of the compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
