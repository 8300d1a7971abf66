"""Each answer, and the awkward ones together, give a project whose files are complete and valid."""

import ast
import configparser
import datetime
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from conftest import DEFAULTS, QUESTIONS, ROOT, TEMPLATE_FOLDER, Bake, BakedProject, generate
from cookiecutter.generate import is_copy_only_path
from cookiecutter.prompt import prompt_for_config
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from options import NEWEST, REMOTE_URLS, answer_sets
from post_gen_project import KEPT_FILES
from pre_gen_project import TEXT_EXAMPLES, WINDOWS_DEVICES, text_rule
from ruamel.yaml import YAML

AWKWARD = 'Ann\'s "R&D" 50% model: v2'
AWKWARD_ANSWERS = {
    "project_name": AWKWARD,
    "description": f"{AWKWARD} | it's `code`, *stars*, _lines_, [links](x), <b>tags</b> & #1 \\ ~~",
    "business_goal": f"- {AWKWARD}, 100 % \u00fcber \u20ac 5 'quoted' \\n \\",
    "author_name": f'Jos\u00e9 "{AWKWARD}" O\'Neil, Inc.',
}
EVERY_ANSWER_CHANGED = {
    **AWKWARD_ANSWERS,
    "email": "o'neil+ml@example.org",
    "github_owner": "R-and-D",
    "license": "Proprietary",
    "python_version": "3.13",
    "dvc_remote": "ssh",
    "dvc_remote_url": "ssh://ann@host.example.com:2222/srv/dvc",
}
ANSWER_SETS = [
    pytest.param(EVERY_ANSWER_CHANGED, id="every-answer-changed"),
    *(pytest.param(answers, id=name) for name, answers in answer_sets().items() if name != NEWEST),
]
# What tools leave behind in a checkout that somebody works in.
CACHES = {"__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
COPIED = ("src/", "data/", ".github/")


def template_files() -> set[str]:
    found = (path for path in TEMPLATE_FOLDER.rglob("*") if path.is_file())
    names = {path.relative_to(TEMPLATE_FOLDER) for path in found}
    return {name.as_posix() for name in names if not CACHES & set(name.parts)}


def generated_files(baked: BakedProject) -> set[str]:
    return {name for name in baked.files() if not CACHES & set(PurePosixPath(name).parts)}


def text_files(baked: BakedProject) -> dict[str, str]:
    binary = {".parquet", ".png"}
    names = (name for name in generated_files(baked) if PurePosixPath(name).suffix not in binary)
    return {name: baked.read(name) for name in names}


def dvc_config(baked: BakedProject) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(baked.read(".dvc/config"))
    return {section: dict(parser[section]) for section in parser.sections()}


def derive_from_texts(value: str, form: str) -> str:
    """Give the same text as every answer, and return its escaped form, the same for all."""
    context = {"cookiecutter": QUESTIONS | dict.fromkeys(TEXT_EXAMPLES, value)}
    derived = prompt_for_config(context, no_input=True)
    (escaped,) = {derived[f"__{answer}_{form}"] for answer in TEXT_EXAMPLES}
    return str(escaped)


def markdown_text(source: str) -> str:
    """Return what a reader sees of Markdown, without its mark-up and HTML tags."""
    inline = [token for token in MarkdownIt().parse(source) if token.type == "inline"]
    parts = [child for token in inline for child in token.children or []]
    return "".join(part.content for part in parts if part.type != "html_inline")


# Files


@pytest.fixture(scope="module", params=ANSWER_SETS)
def baked(
    request: pytest.FixtureRequest,
    git_only: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> BakedProject:
    """A project for each set of answers, not to be changed."""
    return generate(tmp_path_factory.mktemp("baked"), git_only, **request.param)


def test_files_are_those_of_the_template_and_no_others(baked: BakedProject) -> None:
    package = baked.path.name.replace("-", "_")
    alternatives = {file for _, _, file, _ in KEPT_FILES}
    expected = {
        name.replace("{{cookiecutter.__package_name}}", package)
        for name in template_files() - alternatives
    }
    assert generated_files(baked) == expected | {"LICENSE"}


def test_no_mark_of_the_template_is_left(baked: BakedProject) -> None:
    marks = re.compile(r"\{\{ ?cookiecutter|\{%|\{#")
    files = text_files(baked)
    rendered = {name: text for name, text in files.items() if not name.startswith(COPIED)}
    assert not [name for name, text in rendered.items() if marks.search(text)]
    assert not [name for name, text in files.items() if "cookiecutter." in text]
    assert not [name for name in files if "{" in name or "}" in name]


def test_toml_yaml_json_and_python_are_valid(baked: BakedProject) -> None:
    parse: dict[str, Callable[[str], object]] = {
        ".toml": tomllib.loads,
        ".yaml": YAML(typ="safe").load,
        ".yml": YAML(typ="safe").load,
        ".json": json.loads,
        ".py": ast.parse,
    }
    files = text_files(baked)
    suffixes = {name: PurePosixPath(name).suffix for name in files}
    parsed = [parse[suffixes[name]](files[name]) for name in files if suffixes[name] in parse]
    assert len(parsed) > 20


def test_text_ends_with_one_newline_and_has_no_trailing_space(baked: BakedProject) -> None:
    files = text_files(baked)
    ours = {name: text for name, text in files.items() if not name.startswith("data/")}
    assert not [name for name, text in ours.items() if text and not re.search(r"[^\n]\n\Z", text)]
    assert not [name for name, text in ours.items() if re.search(r"[ \t\r]$", text, re.MULTILINE)]


def test_windows_takes_all_file_names(bake: Bake) -> None:
    template = {path.relative_to(ROOT).as_posix() for path in TEMPLATE_FOLDER.rglob("*")}
    names = template | bake(**AWKWARD_ANSWERS).files()
    parts = {part for name in names for part in name.split("/")}
    assert not [part for part in parts if re.search(r'[<>:"\\|?*\x00-\x1f]|[. ]$', part)]
    assert not {part.split(".")[0].lower() for part in parts} & WINDOWS_DEVICES
    assert len({name.lower() for name in names}) == len(names)
    # Windows allows 260 characters, of which the folder around the checkout needs some.
    assert max(map(len, names)) < 150


# Answers


def test_enter_ten_times_gives_the_default_project(
    tmp_path: Path, git_only: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cookiecutter", str(ROOT)],
        cwd=tmp_path,
        env=git_only,
        input="\n" * len(DEFAULTS),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["flight-delays"]
    asked = " ".join(done.stdout.split())
    for number, name in enumerate(DEFAULTS, start=1):
        prompt = QUESTIONS["__prompts__"][name]
        assert (
            f"[{number}/10] {prompt if isinstance(prompt, str) else prompt['__prompt__']}" in asked
        )


def test_questions_are_ten_sentences() -> None:
    prompts = QUESTIONS["__prompts__"]
    assert list(prompts) == list(DEFAULTS)
    assert len(prompts) == 10
    asked = [
        prompt if isinstance(prompt, str) else prompt["__prompt__"] for prompt in prompts.values()
    ]
    assert [text for text in asked if not re.fullmatch(r"[A-Z][^?]+\?( .+\.)?", text)] == []


def test_all_choices_are_explained() -> None:
    offered = {name: set(value) for name, value in QUESTIONS.items() if isinstance(value, list)}
    prompts = QUESTIONS["__prompts__"]
    for name in ("license", "dvc_remote"):
        assert set(prompts[name]) == offered[name] | {"__prompt__"}


def test_names_are_derived_from_the_awkward_name(bake: Bake) -> None:
    baked = bake(**AWKWARD_ANSWERS)
    assert baked.path.name == "ann-s-r-d-50-model-v2"
    assert (baked.path / "src" / "ann_s_r_d_50_model_v2").is_dir()
    assert "uv run --no-sync ann-s-r-d-50-model-v2 check" in baked.read(".pre-commit-config.yaml")


def test_name_in_markdown_reads_as_it_was_typed(bake: Bake) -> None:
    name = "An *a* <b>v2</b> _c_ `d`"
    heading = bake(project_name=name).read("CONTRIBUTING.md").splitlines()[0]
    assert markdown_text(heading) == f"Contributing to {name}"


any_text = st.text(
    alphabet=st.characters() | st.sampled_from("\\\"'`*_<>[]()#|~!&:;%$@-+= .0")
).filter(lambda text: text_rule(text) is None)


@given(any_text)
@example(AWKWARD_ANSWERS["description"])
@example(AWKWARD_ANSWERS["business_goal"])
def test_quoted_answer_is_the_same_in_toml_yaml_json_and_python(value: str) -> None:
    quoted = f'"{derive_from_texts(value, "in_quotes")}"'
    assert tomllib.loads(f"key = {quoted}") == {"key": value}
    assert YAML(typ="safe").load(f"key: {quoted}") == {"key": value}
    assert YAML(typ="safe", pure=True).load(f"key: {quoted}") == {"key": value}
    assert json.loads(quoted) == value
    assert ast.literal_eval(quoted) == value


@given(any_text)
@example(AWKWARD_ANSWERS["description"])
@example(AWKWARD_ANSWERS["business_goal"])
@example("See <http://example.com> & <!-- nothing -->")
def test_answer_in_markdown_reads_as_it_was_typed(value: str) -> None:
    escaped = derive_from_texts(value, "in_markdown")
    assert markdown_text(f"# {escaped}") == value
    assert markdown_text(f"Goal: {escaped}.") == f"Goal: {value}."


@pytest.mark.parametrize("python_version", QUESTIONS["python_version"])
def test_code_has_no_lint_for_any_oldest_python(bake: Bake, python_version: str) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache", "."]
    project = bake(python_version=python_version).path
    done = subprocess.run(ruff, cwd=project, check=False, capture_output=True, text=True)
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("license_name", "first", "phrase"),
    [
        ("MIT", "MIT License", "Permission is hereby granted, free of charge"),
        ("Apache-2.0", "Apache License", "END OF TERMS AND CONDITIONS"),
        ("BSD-3-Clause", "BSD 3-Clause License", "Redistributions in binary form must reproduce"),
        ("Proprietary", "Copyright (c)", "All rights reserved."),
    ],
)
def test_license_is_the_chosen_one(bake: Bake, license_name: str, first: str, phrase: str) -> None:
    text = bake(license=license_name, author_name='Ann "R&D" O\'Neil').read("LICENSE")
    assert text.lstrip().startswith(first)
    assert phrase in text
    year = datetime.datetime.now(datetime.UTC).year
    assert re.search(rf"Copyright (\(c\) )?{year} Ann \"R&D\" O'Neil\b", text)


# DVC's configuration


@pytest.mark.parametrize(
    ("kind", "url", "written"),
    [
        ("local", "../dvc-storage", "../../dvc-storage"),
        ("local", "storage", "../storage"),
        ("local", "/mnt/team drive/dvc", "/mnt/team drive/dvc"),
        ("local", "~/dvc", "~/dvc"),
        ("local", "C:\\store\\dvc", "C:\\store\\dvc"),
        ("local", "\\\\server\\share", "\\\\server\\share"),
        ("s3", "s3://bucket/path", "s3://bucket/path"),
        ("gs", "gs://bucket/path", "gs://bucket/path"),
        ("azure", "azure://container/path", "azure://container/path"),
        ("ssh", "ssh://user@host:22/path", "ssh://user@host:22/path"),
    ],
)
def test_dvc_uses_the_chosen_remote(bake: Bake, kind: str, url: str, written: str) -> None:
    config = dvc_config(bake(dvc_remote=kind, dvc_remote_url=url))
    assert config["core"]["remote"] == "storage"
    assert config["'remote \"storage\"'"] == {"url": written}


def test_dvc_has_no_remote_by_default_and_reports_nothing_home(bake: Bake) -> None:
    assert dvc_config(bake()) == {
        "core": {"analytics": "false", "autostage": "true", "check_update": "false"}
    }


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "url"), list(REMOTE_URLS.items())[1:])
def test_dvc_reads_the_remote(bake: Bake, project: BakedProject, kind: str, url: str) -> None:
    baked = bake(dvc_remote=kind, dvc_remote_url=url)
    dvc = project.path / ".venv" / "bin" / "dvc"
    expected = str((baked.path / url).resolve()) if kind == "local" else url
    config = baked.run(str(dvc), "config", "--list", COLUMNS="1000").stdout.splitlines()
    assert {"core.remote=storage", f"remote.storage.url={expected}"} <= set(config)


# What is copied without rendering


@pytest.mark.parametrize(
    ("path", "copied"),
    [
        ("src", False),
        ("src/{{cookiecutter.__package_name}}", False),
        ("src/{{cookiecutter.__package_name}}/stages", False),
        ("src/{{cookiecutter.__package_name}}/cli.py", True),
        ("src/{{cookiecutter.__package_name}}/stages/train.py", True),
        ("src/{{cookiecutter.__package_name}}/serving/page.html", True),
        ("data", False),
        ("data/raw", False),
        ("data/raw/flights/2013-01.csv", True),
        (".github/workflows", False),
        (".github/workflows/ci.yml", True),
        ("README.md", False),
        ("pyproject.toml", False),
        ("tests/data/test_contract.py", False),
        ("tests/code/src/test_x.py", False),
    ],
)
def test_only_files_of_src_data_and_github_are_copied_unrendered(path: str, copied: bool) -> None:
    assert is_copy_only_path(path, {"cookiecutter": QUESTIONS}) is copied


def test_names_like_src_and_data_around_the_template_change_nothing(
    bake: Bake, tmp_path: Path
) -> None:
    template = tmp_path / "src" / "data" / ".github" / "my.template"
    shutil.copytree(TEMPLATE_FOLDER, template / TEMPLATE_FOLDER.name)
    shutil.copytree(ROOT / "hooks", template / "hooks")
    shutil.copy(ROOT / "cookiecutter.json", template)
    baked = bake(template=template, project_name="src data.v2")
    assert baked.read("CONTRIBUTING.md").startswith("# Contributing to src data.v2\n")
    assert not [name for name in baked.files() if "cookiecutter" in name]


def test_generating_again_over_a_project_keeps_what_the_user_added(
    bake: Bake, tmp_path: Path
) -> None:
    baked = bake()
    added = ["data/raw/flights/2013-05.csv", "src/flight_delays/features/mine.py"]
    for name in added:
        (baked.path / name).parent.mkdir(parents=True, exist_ok=True)
        (baked.path / name).write_text("mine\n")
    bake(overwrite=True)
    assert [baked.read(name) for name in added] == ["mine\n", "mine\n"]
