"""Rows in a JSON body, and predictions as one."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn

from ..scored import Scored, describe_scored
from .refusals import describe_fault, refuse, refuse_faults, shorten

# A body, its rows and their values need three.
MAX_DEPTH = 8
KEYS = {
    "rows": (list, "must be a list of rows"),
    "contributions": (bool, "must be true or false"),
}


class Asked(NamedTuple):
    """Rows to predict, and whether to say what moved each prediction."""

    rows: list[dict[str, Any]]
    contributions: bool


def read_rows(body: bytes) -> Asked:
    """Read a body: one row, or an object with `rows` and maybe `contributions`.

    Raises:
        HTTPException: 400 if it is no JSON of rows, 422 if a part of it is something else.
    """
    content = _parse(body)
    if not isinstance(content, dict):
        raise refuse_faults([describe_fault(None, None, content, "must be an object")])
    # A column may have this name.
    if not isinstance(content.get("rows"), list | dict):
        return Asked([content], False)
    faults = [*_find_faults(content)]
    if faults:
        raise refuse_faults(faults)
    return Asked(content["rows"], content.get("contributions", False))


def write_predictions(name: str, version: str, scored: Iterable[Scored]) -> bytes:
    """Write what is said of sound rows."""
    answer = {"model": name, "version": version, "predictions": [*map(describe_scored, scored)]}
    try:
        return json.dumps(answer, allow_nan=False).encode()
    except ValueError:
        # What moved a prediction may overflow in a linear model, and JSON has no infinity.
        finite = json.loads(json.dumps(answer), parse_constant=lambda _: None)
        return json.dumps(finite).encode()


def _parse(body: bytes) -> Any:
    try:
        text = body.decode()
        content = DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise refuse(400, f"the body is not in UTF-8, at byte {error.start}") from error
    except RecursionError as error:
        raise refuse(400, "the body is nested too deep") from error
    except json.JSONDecodeError as error:
        raise refuse(400, f"the body is not JSON: {error}") from error
    except ValueError as error:
        raise refuse(400, "a number in the body has too many digits") from error
    # Rows without objects and lists in them have one bracket each, and need no search.
    rows = content.get("rows") if isinstance(content, dict) else None
    n_rows = len(rows) if isinstance(rows, list) else 0
    if text.count("{") + text.count("[") > n_rows + 2 and _is_too_deep(content):
        raise refuse(400, "the body is nested too deep")
    return content


def _is_too_deep(content: Any) -> bool:
    level = [content]
    for _ in range(MAX_DEPTH):
        lists = [each.values() if isinstance(each, dict) else each for each in level]
        level = [value for each in lists for value in each if isinstance(value, dict | list)]
        if not level:
            return False
    return True


def _find_faults(content: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for key, value in content.items():
        kind, rule = KEYS.get(key, (type(None), "is unknown beside `rows`"))
        if not isinstance(value, kind) or key not in KEYS:
            yield describe_fault(None, shorten(key), value, rule)
    rows = content["rows"] if isinstance(content["rows"], list) else []
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            yield describe_fault(place, None, row, "must be an object of columns and values")


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = Counter(name for name, _ in pairs)
        twice = max(names, key=lambda name: names[name])
        raise refuse(400, f"the key {shorten(twice)!r} comes twice in an object")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise refuse(400, f"the body is not JSON, which has no {name}; use null")


DECODER = json.JSONDecoder(object_pairs_hook=_make_object, parse_constant=_refuse_constant)
