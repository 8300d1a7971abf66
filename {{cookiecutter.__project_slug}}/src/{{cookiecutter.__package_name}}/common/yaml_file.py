"""YAML files read into pydantic models; each fault is told with its line and how to mend it."""

import difflib
import reprlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from .errors import SettingsError

Model = TypeVar("Model", bound=BaseModel)
Keys = tuple[str | int, ...]

# What pydantic says in words that are Python's, or not at all.
RULES = {
    "model_type": "must be a block of keys and values",
    "dict_type": "must be a block of keys and values",
    "string_type": "must be text; put it in quotes",
    "list_type": "must be a list, such as [a, b]",
    "too_short": "must not be empty",
    "invalid_key": "must have text as its keys; put them in quotes",
}


def read_yaml(path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a model.

    YAML 1.2 as ruamel.yaml reads it: `1e-3` is a number and `on` is text.

    Raises:
        SettingsError: The file is not there, no YAML, or breaks a rule of the model; all broken
            rules are named, a line each.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = YAML(typ="safe", pure=True).load(text)
        return model.model_validate(content)
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: no such file; run from the project's folder") from error
    except OSError as error:
        raise SettingsError(f"{path}: can't be read: {error.strerror}; mend the path") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not in UTF-8 ({error.reason}); save it as UTF-8") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        reason = f"{error.problem or error.context}".splitlines()[0]
        raise SettingsError(f"{path}:{line}: no valid YAML: {reason}") from error
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise SettingsError(f"{path}:{line}: no valid YAML: {error.reason}") from error
    except ValidationError as error:
        marks = YAML(typ="rt").load(text)
        faults = [_describe(path, model, marks, dict(fault)) for fault in error.errors()]
        raise SettingsError("\n       ".join(dict.fromkeys(faults))) from error
    except ValueError as error:
        raise SettingsError(f"{path}: no valid YAML: {error}; put texts in quotes") from error


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, or which there are, as the rest of a sentence."""
    known = list(known)
    return did_you_mean(name, known) or f"; known: {', '.join(known)}"


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Say which name was probably meant, if one is near, as the rest of a sentence."""
    near = difflib.get_close_matches(name, [*names], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _describe(path: Path, model: type[BaseModel], marks: Any, fault: dict[str, Any]) -> str:
    keys, line, value = _locate(marks, fault["loc"])
    if fault["type"] in ("extra_forbidden", "missing"):
        keys = fault["loc"]
    place = f"{path}:{line}: {'.'.join(str(key) for key in keys) or 'the file'}"
    if fault["type"] == "extra_forbidden":
        return f"{place} is no setting{nearest(str(keys[-1]), _fields(model, keys[:-1]))}"
    if fault["type"] == "missing":
        return f"{place} is missing; add it"
    if fault["type"] == "value_error":
        return f"{place} {fault['ctx']['error']}"
    rule = fault["msg"].replace("Input should", "must").replace("String should", "must")
    rule = RULES.get(fault["type"], rule)
    if fault["loc"][len(keys) :] not in ((), ("[key]",)):
        rule = "must be a single value: a number, text, true or false"
    return f"{place} is {'empty' if value is None else reprlib.repr(value)}; {rule}"


def _locate(marks: Any, loc: Keys) -> tuple[Keys, int, Any]:
    # pydantic's location may go on beyond the file's keys, as with the members of a union.
    keys: list[str | int] = []
    line = 1
    for key in loc:
        if isinstance(marks, CommentedMap) and key in marks:
            # What a merge key brought has no place of its own.
            line = marks.lc.data[key][0] + 1 if key in (marks.lc.data or {}) else line
        elif isinstance(marks, CommentedSeq) and isinstance(key, int):
            line = marks.lc.item(key)[0] + 1
        else:
            break
        marks = marks[key]
        keys.append(key)
    return tuple(keys), line, marks


def _fields(annotation: Any, keys: Keys) -> list[str]:
    """Name the fields of the model that lies below these keys."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not keys:
            return list(annotation.model_fields)
        return _fields(annotation.model_fields[str(keys[0])].annotation, keys[1:])
    inner = [part for part in get_args(annotation) if part not in (type(None), str)]
    rest = keys if type(None) in get_args(annotation) else keys[1:]
    return _fields(inner[-1], rest)
