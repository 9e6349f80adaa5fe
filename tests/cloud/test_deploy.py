"""The deployment files: valid by Kubernetes' own schemas, safe by a few rules, and the scripts run for real."""

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import ValidationError as JsonError
from pydantic import ValidationError

from cloud import ledger
from cloud.cli import main
from cloud.database import Database
from cloud.settings import Settings
from tests.cloud.building import make_user
from tests.cloud.kubernetes_schemas import DEPLOY, MANIFESTS, resources, validate
from tests.cloud.servers import PostgreSQL


def pods() -> list[dict[str, Any]]:
    """The pod templates of every deployment, job and cron job."""
    found = []
    for resource in resources():
        spec = resource.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found.append(spec["template"]["spec"])
    return found


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_every_manifest_is_valid_by_the_schemas_of_kubernetes(path: Path):
    for resource in yaml.safe_load_all(path.read_text()):
        validate(resource)


def test_a_field_that_kubernetes_does_not_know_is_an_error():
    misspelt = next(resource for resource in resources() if resource["kind"] == "Deployment")
    misspelt["spec"]["template"]["spec"]["containers"][0]["imagePulPolicy"] = "Always"
    with pytest.raises(JsonError, match="imagePulPolicy"):
        validate(misspelt)


def test_every_kind_that_the_service_needs_is_there():
    kinds = {(resource["kind"], resource["metadata"]["name"]) for resource in resources()}
    assert {
        ("Deployment", "modamoda-api"),
        ("Deployment", "modamoda-worker"),
        ("Service", "modamoda-api"),
        ("Ingress", "modamoda-api"),
        ("HorizontalPodAutoscaler", "modamoda-api"),
        ("Job", "modamoda-migrate"),
        ("CronJob", "modamoda-backup"),
        ("CronJob", "modamoda-reconcile"),
    } <= kinds


def test_no_container_runs_as_root_without_limits_or_on_a_writable_root():
    containers = [container for pod in pods() for container in pod["containers"]]
    assert len(containers) == 5
    assert all(pod["securityContext"]["runAsNonRoot"] for pod in pods())
    for container in containers:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]
        assert {"cpu", "memory"} <= set(container["resources"]["limits"])


def test_the_worker_asks_for_a_graphics_card_and_gets_time_to_finish_its_job():
    worker = next(
        resource
        for resource in resources()
        if resource["metadata"]["name"] == "modamoda-worker" and resource["kind"] == "Deployment"
    )
    pod = worker["spec"]["template"]["spec"]
    assert pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert pod["terminationGracePeriodSeconds"] > Settings(home=Path("/nowhere")).job_limit_s


def test_every_setting_that_the_files_name_exists():
    text = "\n".join(path.read_text() for path in DEPLOY.rglob("*") if path.is_file())
    named = {name.lower() for name in re.findall(r"MODAMODA_CLOUD_([A-Z0-9_]+)", text)}
    assert named - set(Settings.model_fields) == set()


def test_every_setting_that_production_needs_is_named_in_the_files():
    text = "\n".join(path.read_text() for path in (DEPLOY / "example.env", DEPLOY / "compose.yaml"))
    with pytest.raises(ValidationError) as refused:
        Settings(home=Path("/nowhere"), environment="production")
    needed = re.search(r"settings for: (.*?) \[", str(refused.value))
    assert needed
    names = [words.split()[0] for words in needed[1].split(", ")]
    assert len(names) > 10
    assert [name for name in names if f"MODAMODA_CLOUD_{name.upper()}=" not in text.replace(": ", "=")] == []


def test_the_probe_of_the_worker_runs_what_the_image_has():
    """A slim image has no procps; the program itself is there."""
    for resource in resources():
        for container in resource.get("spec", {}).get("template", {}).get("spec", {}).get("containers", []):
            for probe in ("livenessProbe", "startupProbe", "readinessProbe"):
                command = container.get(probe, {}).get("exec", {}).get("command", ["modamoda-cloud", "alive"])
                assert command[0] == "modamoda-cloud"
                assert command[1] in main.commands


def test_the_compose_file_and_the_workflow_are_well_formed():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    workflow = yaml.safe_load((DEPLOY.parent / ".github" / "workflows" / "cloud.yml").read_text())
    assert set(compose["services"]) == {"migrate", "api", "worker", "postgresql", "redis", "minio", "bucket"}
    assert all(
        service["depends_on"].keys() <= compose["services"].keys()
        for service in compose["services"].values()
        if "depends_on" in service
    )
    assert [workflow["jobs"][name].get("needs") for name in ("test", "build", "deploy")] == [None, "test", "build"]


def test_the_image_runs_without_root():
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    assert "FROM python:3.11-slim" in lines
    assert next(line for line in reversed(lines) if line.startswith("USER")) == "USER 10001"


@pytest.mark.slow
def test_the_nightly_backup_is_restored_by_its_script(postgresql: PostgreSQL, tmp_path: Path):
    source, target = (
        postgresql.make_database(f"{name}_{uuid.uuid4().hex}", template)
        for name, template in (("live", "migrated"), ("empty", "template0"))
    )
    database = Database(source.replace("postgresql://", "postgresql+psycopg://"))
    with database.write() as session:
        user = make_user(session, "kept@example.com", credits=7)
    run_script("backup.sh", tmp_path, source)
    run_script("restore.sh", tmp_path, target)
    restored = Database(target.replace("postgresql://", "postgresql+psycopg://"))

    with restored.read() as session:
        assert ledger.balance(session, user.id).available == 7
    for opened in (database, restored):
        opened.close()


def run_script(name: str, folder: Path, database_url: str) -> None:
    environment = {
        "BACKUPS": str(folder),
        "MODAMODA_CLOUD_HOME": str(folder / "home"),
        "MODAMODA_CLOUD_DATABASE_URL": database_url,
        "MODAMODA_CLOUD_S3_BUCKET": "elsewhere",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    ran = subprocess.run(
        ["sh", DEPLOY / "kubernetes" / "scripts" / name], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
