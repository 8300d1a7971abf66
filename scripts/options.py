"""The sets of answers that are tried; run as a script, it prints their names as JSON."""

import json
from pathlib import Path

QUESTIONS = json.loads((Path(__file__).parents[1] / "cookiecutter.json").read_text("utf-8"))
REMOTE_URLS = {
    "none": "",
    "local": "../dvc-storage",
    "s3": "s3://bucket/path",
    "gs": "gs://bucket/path",
    "azure": "azure://container/path",
    "ssh": "ssh://user@host/path",
}
# The newest release of each dependency, also where the project's pins would not allow it.
NEWEST = "newest-dependencies"
Answers = dict[str, str]


def answer_sets() -> dict[str, Answers]:
    """Return by name: the default answers, each other choice of a question, and `NEWEST`."""
    choices = {name: values for name, values in QUESTIONS.items() if isinstance(values, list)}
    sets: dict[str, Answers] = {"defaults": {}}
    for question, values in choices.items():
        if not question.startswith("_"):
            sets |= {f"{question}-{value}": answer(question, value) for value in values[1:]}
    return sets | {NEWEST: {"python_version": choices["python_version"][-1]}}


def answer(question: str, value: str) -> Answers:
    """Return the answer to a question with what has to be answered along with it."""
    more = {"dvc_remote_url": REMOTE_URLS[value]} if question == "dvc_remote" else {}
    return {question: value, **more}


if __name__ == "__main__":
    print(json.dumps(list(answer_sets())))
