"""docs/update-workflow.yml does what it says: its scripts run here as on a runner, against a repository with a remote."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl.cli import make_parser
from tests.making import PAGE, write_source
from tests.walk import DOCS, prepare

WORKFLOW: dict[Any, Any] = yaml.safe_load((DOCS / "update-workflow.yml").read_text(encoding="utf-8"))
JOB = WORKFLOW["jobs"]["update"]
STEPS: list[dict[str, Any]] = JOB["steps"]
SCRIPTS = {step["name"]: step["run"] for step in STEPS if "run" in step}
FETCH_AND_BUILD, OPEN, FAIL = list(SCRIPTS)[1:]

GH = """\
#!/bin/sh
echo "$@" >> "$RUNNER_TEMP/gh.txt"
case "$1 $2" in
  "pr list") cat "$RUNNER_TEMP/open.txt" 2>/dev/null || true ;;
esac
"""


def test_it_uses_no_actions_but_githubs_own_at_a_major_version() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert [re.sub(r"@v[0-9]+$", "", name) for name in used] == ["actions/checkout", "actions/setup-python"]


def test_it_may_do_no_more_than_it_must() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOB["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert set(WORKFLOW[True]) == {"schedule", "workflow_dispatch"}  # YAML 1.1 reads the key `on` as true


@pytest.mark.parametrize("command", re.findall(r"^ *(errcat [^>|&\n]*)", "\n".join(SCRIPTS.values()), re.MULTILINE))
def test_command_line_is_valid(command: str) -> None:
    assert make_parser().parse_args(shlex.split(command)[1:]).run is not None


def test_no_text_from_outside_stands_in_a_script() -> None:
    assert [name for name, script in SCRIPTS.items() if "${{" in script] == []


@dataclass
class Runner:
    """A checkout of a repository with a remote, and what a runner gives to its scripts."""

    checkout: Path
    temp: Path
    environment: dict[str, str]

    def run(self, name: str, **given: str) -> dict[str, str]:
        """Run a step; its outputs. A step that fails raises CalledProcessError."""
        outputs = self.temp / "outputs.txt"
        outputs.write_text("", encoding="utf-8")
        environment = {**self.environment, **JOB["env"], "GITHUB_OUTPUT": str(outputs), **given}
        subprocess.run(["bash", "-e", "-c", SCRIPTS[name]], cwd=self.checkout, env=environment, check=True, capture_output=True)
        return dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.checkout, env=self.environment, check=True, capture_output=True, text=True, encoding="utf-8"
        ).stdout

    def update(self) -> dict[str, str]:
        """Run the steps behind the installation, as their conditions say; the outputs of the build."""
        outputs = self.run(FETCH_AND_BUILD)
        given = {key.upper(): value for key, value in outputs.items()}
        if outputs["changed"] == "true":
            self.run(OPEN, **given)
        self.run(FAIL, **given)
        return outputs

    @property
    def body(self) -> str:
        return (self.temp / "body.md").read_text(encoding="utf-8")

    @property
    def calls(self) -> str:
        return (self.temp / "gh.txt").read_text(encoding="utf-8")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    temp = tmp_path / "temp"
    environment = {**prepare(temp), "RUNNER_TEMP": str(temp), "GITHUB_REPOSITORY": "errcat/errcat"}
    gh = temp / ".commands" / "gh"
    gh.write_text(GH, encoding="utf-8")
    gh.chmod(0o755)
    made = Runner(checkout=tmp_path / "checkout", temp=temp, environment=environment)
    write_source(made.checkout / "raw")
    (made.checkout / ".gitignore").write_text("/output/.*\n", encoding="utf-8")
    subprocess.run([str(temp / ".commands" / "errcat"), "build"], cwd=made.checkout, env=environment, check=True, capture_output=True)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("init", "--quiet", "--bare", str(tmp_path / "remote"))
    made.git("remote", "add", "origin", str(tmp_path / "remote"))
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "first")
    return made


def test_nothing_new_opens_nothing(runner: Runner) -> None:
    assert runner.update() == {"fetched": "0", "built": "0", "changed": "false"}
    assert not (runner.temp / "gh.txt").exists()


def test_changed_page_becomes_a_pull_request(runner: Runner) -> None:
    write_source(runner.checkout / "raw", page=PAGE.replace("Too much", "Too little"))
    assert runner.update()["built"] == "0"
    assert "pr create --head update-the-catalogue --title Update the catalogue --body-file" in runner.calls
    assert "- 1 reworded\n  - `201`" in runner.body
    assert "exit code" not in runner.body
    names = runner.git("show", "--name-only", "--format=", "origin/update-the-catalogue").split()
    assert {"raw/acme.txt", "output/status_codes.parquet", "output/history.json"} <= set(names)


def test_pull_request_that_is_open_is_renewed(runner: Runner) -> None:
    (runner.temp / "open.txt").write_text("7\n", encoding="utf-8")
    write_source(runner.checkout / "raw", page=PAGE.replace("Too much", "Too little"))
    runner.update()
    assert "api --silent --method PATCH repos/errcat/errcat/pulls/7 -f title=Update the catalogue" in runner.calls


@pytest.mark.parametrize(
    ("page", "code", "title"),
    [
        (PAGE.replace("100 No such user\n", "").replace("\n201 Too much", ""), "3", "data is held back"),
        (PAGE.replace("Transfer errors", "Errors of transfers"), "4", "a page is laid out anew"),
    ],
    ids=["held back", "another layout"],
)
def test_what_a_person_must_decide_is_told_in_the_pull_request(runner: Runner, page: str, code: str, title: str) -> None:
    write_source(runner.checkout / "raw", page=page)
    assert runner.update()["built"] == code
    assert f"--title Update the catalogue: {title}" in runner.calls
    assert f"`errcat build` ended with exit code {code}:\n\n    source" in runner.body
    assert runner.git("show", "origin/update-the-catalogue:raw/acme.txt") == page


def test_what_went_wrong_otherwise_makes_the_run_red(runner: Runner) -> None:
    write_source(runner.checkout / "raw", page=b"caf\xe9")
    with pytest.raises(subprocess.CalledProcessError):
        runner.update()
    assert "--title Update the catalogue: not all could be built" in runner.calls
    assert "bytes that are not of the declared encoding" in runner.body


def test_mark_up_in_what_the_commands_say_is_inert(runner: Runner) -> None:
    write_source(runner.checkout / "raw", page=PAGE + "\n\n``` @everyone <script>")
    runner.update()
    assert all(line.startswith("    ") for line in runner.body.splitlines() if "@everyone" in line)
    assert "@everyone" in runner.body


