"""`pre_gen_project.py` refuses answers that would not work, all of them before it writes a file."""

import json
import re
import sys
from pathlib import Path

import pre_gen_project as pre
import pytest
from conftest import DEFAULTS, QUESTIONS, Bake, BakedProject
from cookiecutter.exceptions import FailedHookException
from hypothesis import given
from hypothesis import strategies as st

DERIVED = {"__project_slug": "flight-delays", "__package_name": "flight_delays"}


def faults(**answers: str) -> list[str]:
    return pre.find_faults(DEFAULTS | DERIVED | answers)


# The pure functions of pre_gen_project.py


def test_defaults_have_no_fault() -> None:
    assert faults() == []


def test_choices_are_those_that_cookiecutter_offers() -> None:
    offered = {name: tuple(value) for name, value in QUESTIONS.items() if isinstance(value, list)}
    del offered["_copy_without_render"]
    assert offered == pre.CHOICES


@given(st.dictionaries(st.text(), st.text() | st.text(alphabet="\"'\\\n{}")))
def test_json_of_any_answers_survives_as_raw_text(answers: dict[str, str]) -> None:
    text = json.dumps(answers, sort_keys=True, indent=4)
    namespace: dict[str, str] = {}
    exec(f'text = r"""{text}"""', namespace)
    assert json.loads(namespace["text"]) == answers


@pytest.mark.parametrize(
    ("slug", "rule"),
    [
        ("_", 'its slug would be "_"'),
        ("2nd-model", "must start with a letter"),
        ("fl\u00fcge", "hold only a-z"),
        ("flight_delays", "hold only a-z"),
        ("Flights", "hold only a-z"),
        ("flight--delays", "single hyphens"),
        ("flights-", "single hyphens"),
        ("flights\n", "hold only a-z"),
        ("a" * 41, "has 41 characters, but may have at most 40"),
        ("class", "a Python keyword"),
        ("match", "a Python keyword"),
        ("json", "standard library"),
        ("imp", "standard library"),
        ("pandas", "a package or command that the project installs"),
        ("scikit-learn", "a package or command that the project installs"),
        ("sklearn", "a package or command that the project installs"),
        ("ruamel-yaml", "a package or command that the project installs"),
        ("pydantic-core", "a package or command that the project installs"),
        ("dvc", "a package or command that the project installs"),
        ("git", "a package or command that the project installs"),
        ("python", "a command that it would hide"),
        ("pip", "a command that it would hide"),
        ("make", "a command that it would hide"),
        ("uv", "a command that it would hide"),
        ("tests", "Python's tools treat specially"),
        ("build", "Python's tools treat specially"),
        ("con", "Windows refuses"),
        ("lpt9", "Windows refuses"),
    ],
)
def test_slug_is_refused(slug: str, rule: str) -> None:
    (fault,) = faults(project_name="The name", __project_slug=slug)
    assert fault.startswith('project_name is "The name": its slug ')
    assert rule in fault
    assert fault.endswith(". Valid: Flight delays")


def test_module_that_another_python_version_has_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdlib_module_names", frozenset())
    assert pre.reserved_as("distutils") == "a module of Python's standard library"


@pytest.mark.parametrize(
    "slug", ["a", "a1", "a" * 40, "data", "stages", "model", "ann-s-r-d-50-model-v2", "x-2-y"]
)
def test_slug_is_accepted(slug: str) -> None:
    assert faults(__project_slug=slug) == []


@pytest.mark.parametrize("answer", ["project_name", "description", "business_goal", "author_name"])
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("", "must not be empty"),
        (" \t", "must not be empty"),
        ("two\nlines", "must be one line"),
        ("two\u2028lines", "must be one line"),
        ("a\ttab", "must be one line without control characters"),
        ("a\x00null", "must be one line without control characters"),
        ("a\x85control", "must be one line without control characters"),
        ("half a pair \ud800", "must be one line without control characters"),
        ("right \u202e to left", "must be one line without control characters"),
        ("a {brace", "must not hold braces"),
        ("a brace}", "must not hold braces"),
        (" before", "must not start or end with a space"),
        ("after ", "must not start or end with a space"),
    ],
)
def test_text_is_refused(answer: str, value: str, rule: str) -> None:
    (fault,) = faults(**{answer: value})
    assert fault.startswith(f"{answer} is {json.dumps(value)}: it {rule}")
    assert fault.endswith(f"Valid: {pre.TEXT_EXAMPLES[answer]}")


@pytest.mark.parametrize(
    "value",
    [
        'Ann\'s "R&D" 50% model: v2',
        "Wer zuletzt lacht, \u00fcbt",
        "\u822a\u73ed",
        "# <b> | `x` \\",
        "\U0001f6eb",
    ],
)
def test_text_is_accepted(value: str) -> None:
    assert faults(description=value, business_goal=value, author_name=value) == []


@pytest.mark.parametrize(
    "email",
    [
        *("", "ann", "ann@", "@example.com", "ann@example", "ann@@example.com"),
        *("ann@example..com", ".ann@example.com", "ann.@example.com", "a b@example.com"),
        *("<ann@example.com>", "{ann}@example.com", '"ann"@example.com', "ann\\@example.com"),
        "ann@example.com\n",
    ],
)
def test_email_is_refused(email: str) -> None:
    (fault,) = faults(email=email)
    assert fault.startswith(f"email is {json.dumps(email)}: it must be an email address")
    assert fault.endswith("Valid: you@example.com")


@pytest.mark.parametrize("email", ["a@b.co", "ann+ml@mail.example.org", "o'neil@example.com"])
def test_email_is_accepted(email: str) -> None:
    assert faults(email=email) == []


@pytest.mark.parametrize(
    "owner", ["", "-a", "a-", "a--b", "a_b", "a b", "a/b", "\u00e4", "a" * 40, "a\n"]
)
def test_github_owner_is_refused(owner: str) -> None:
    (fault,) = faults(github_owner=owner)
    assert fault.startswith(f"github_owner is {json.dumps(owner, ensure_ascii=False)}: GitHub's")
    assert fault.endswith("Valid: your-organisation")


@pytest.mark.parametrize("owner", ["a", "A-1-b", "a" * 39])
def test_github_owner_is_accepted(owner: str) -> None:
    assert faults(github_owner=owner) == []


@pytest.mark.parametrize("answer", list(pre.CHOICES))
def test_choice_is_refused_when_not_on_offer(answer: str) -> None:
    choices = pre.CHOICES[answer]
    assert faults(**{answer: "other"}) == [
        f'{answer} is "other": it must be one of {", ".join(choices)}. Valid: {choices[0]}'
    ]


@pytest.mark.parametrize(
    ("kind", "url", "rule"),
    [
        ("none", "s3://bucket", "must be empty when dvc_remote is none"),
        ("s3", "", "the remote s3 needs an address"),
        ("s3", "gs://bucket", "must look like s3://bucket/path"),
        ("s3", "s3://", "must look like s3://bucket/path"),
        ("s3", "bucket/path", "must look like s3://bucket/path"),
        ("s3", "s3://bucket/my path", "must look like s3://bucket/path"),
        ("gs", "s3://bucket", "must look like gs://bucket/path"),
        ("azure", "https://account.blob.example.com", "must look like azure://container/path"),
        ("azure", "azure://container/path?sig=abc", "must look like azure://container/path"),
        ("ssh", "user@host:/path", "must look like ssh://user@host/path"),
        ("ssh", "ssh:///path", "must look like ssh://user@host/path"),
        ("ssh", "ssh://host", "must look like ssh://user@host/path"),
        ("local", "ssh://host/path", "must look like ../dvc-storage"),
        ("local", "file:///store", "must look like ../dvc-storage"),
        ("local", "", "the remote local needs an address"),
        ("local", " ../store", "no outer spaces"),
        ("local", "../store # mine", "it must hold no quotes"),
        ("local", "../a;b", "it must hold no quotes"),
        ("local", '"../store"', "it must hold no quotes"),
        ("local", "../a, b", "it must hold no quotes"),
        ("local", "../%(home)s", "it must hold no quotes"),
        ("local", "../a\nurl = x", "line breaks"),
        ("local", "../{name}", "braces"),
    ],
)
def test_remote_url_is_refused(kind: str, url: str, rule: str) -> None:
    (fault,) = faults(dvc_remote=kind, dvc_remote_url=url)
    assert fault.startswith(f"dvc_remote_url is {json.dumps(url)}: ")
    assert rule in fault
    assert ". Valid: " in fault


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("s3", "must hold no password"), ("ssh", "must hold no password"), ("none", "must be empty")],
)
@pytest.mark.parametrize(
    "secret", ["hunter2", "hunt@er2", "hunt/er2", "12ab/c", "hunter2:x", "?hunter"]
)
def test_remote_url_with_password_is_refused_and_not_shown(
    kind: str, rule: str, secret: str
) -> None:
    (fault,) = faults(dvc_remote=kind, dvc_remote_url=f"{kind}://user:{secret}@host/path")
    assert fault.startswith(f'dvc_remote_url is "{kind}://***@host/path": it ')
    assert rule in fault
    assert "hunt" not in fault


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("local", "../dvc-storage"),
        ("local", "/mnt/team drive/dvc"),
        ("local", "C:\\store\\dvc"),
        ("local", "~/dvc"),
        ("s3", "s3://bucket"),
        ("s3", "s3://bucket/models/flights"),
        ("gs", "gs://bucket/path"),
        ("azure", "azure://container/path"),
        ("ssh", "ssh://host/path"),
        ("ssh", "ssh://user@host.example.com:2222/srv/dvc"),
        ("ssh", "ssh://host:2222/srv/user@team"),
        ("ssh", "ssh://[::1]:22/srv"),
    ],
)
def test_remote_url_is_accepted(kind: str, url: str) -> None:
    assert faults(dvc_remote=kind, dvc_remote_url=url) == []


# The refusal as the user meets it


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"project_name": "import"}, 'project_name is "import": its slug "import" is a Python'),
        ({"project_name": "!!!"}, 'project_name is "!!!": its slug would be "_"'),
        ({"project_name": ""}, 'project_name is "": it must not be empty'),
        ({"project_name": "1st model"}, 'its slug would be "1st-model", but must start'),
        ({"project_name": "Pandas"}, "a package or command that the project installs"),
        ({"__project_slug": "fl\u00fcge"}, 'its slug would be "fl\\xfcge"'),
        ({"description": "Two\nlines"}, 'description is "Two\\nlines": it must be one line'),
        ({"author_name": 'Ann \\"""\x1b'}, "author_name is"),
        ({"business_goal": "Save {money}"}, "it must not hold braces"),
        ({"email": "nobody"}, 'email is "nobody"'),
        ({"github_owner": "my team"}, 'github_owner is "my team"'),
        ({"dvc_remote": "s3"}, 'dvc_remote_url is "": the remote s3 needs an address'),
        ({"dvc_remote_url": "s3://bucket"}, "must be empty when dvc_remote is none"),
    ],
)
def test_refusal_names_the_fault_and_leaves_nothing_behind(
    bake: Bake,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    answers: dict[str, str],
    shown: str,
) -> None:
    with pytest.raises(FailedHookException):
        bake(variables={"PYTHONIOENCODING": "ascii:backslashreplace"}, **answers)
    said = capfd.readouterr().err
    assert shown in said
    assert "Valid: " in said
    assert said.endswith(f"{pre.CLOSING_LINE}\n")
    assert list(tmp_path.iterdir()) == []


def test_refusal_names_all_faults_at_once(bake: Bake, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FailedHookException):
        bake(project_name="Class", email="nobody", github_owner="-", dvc_remote="gs")
    lines = capfd.readouterr().err.splitlines()
    assert [line.split(" is ")[0] for line in lines if ". Valid: " in line] == [
        "project_name",
        "email",
        "github_owner",
        "dvc_remote_url",
    ]


@pytest.mark.parametrize("answer", ["license", "python_version", "dvc_remote"])
def test_cookiecutter_refuses_a_choice_not_on_offer(
    bake: Bake, tmp_path: Path, answer: str
) -> None:
    with pytest.raises(ValueError, match=f"other provided for choice variable {answer}"):
        bake(**{answer: "other"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_names_in_the_environment_are_refused_as_project_names(project: BakedProject) -> None:
    script = """
import importlib.metadata as metadata
for package in metadata.distributions():
    print(package.metadata["Name"])
    print(*(e.name for e in package.entry_points if e.group == "console_scripts"), sep="\\n")
print(*metadata.packages_distributions(), sep="\\n")
"""
    names = project.run("uv", "run", "--no-sync", "python", "-c", script).stdout.split()
    slugs = {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    possible = {slug for slug in slugs if pre.SLUG.fullmatch(slug)}
    accepted = {slug for slug in possible if pre.slug_rule(slug) is None}
    # Compiled packages bring helper modules whose names hold a hash.
    assert {name for name in accepted if not name.endswith("-mypyc")} == {"flight-delays"}
