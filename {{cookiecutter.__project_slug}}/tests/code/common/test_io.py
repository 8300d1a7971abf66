"""Files between the stages: read as they were written, and the same bytes for the same content."""

import pandas as pd
import pytest

from {{ cookiecutter.__package_name }}.common.io import read_json, read_part, write_json, write_part


def test_json_is_read_as_it_was_written(tmp_path):
    content = {"b": [1, 2.5], "a": {"text": "ä"}}
    write_json(tmp_path / "new" / "a.json", content)
    assert read_json(tmp_path / "new" / "a.json") == content
    text = (tmp_path / "new" / "a.json").read_bytes().decode("utf-8")
    assert text.startswith('{\n  "b": [\n    1,')
    assert text.endswith('"ä"\n  }\n}\n')


def test_json_refuses_what_other_languages_can_not_read(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"value": float("nan")})


def test_part_is_read_as_it_was_written(tmp_path):
    rows = pd.DataFrame(
        {
            "x": [1.5, None],
            "text": pd.Series(["a", None], dtype="str"),
            "day": pd.to_datetime(["2020-01-01", None]),
        }
    )
    write_part(tmp_path / "new", "test", rows)
    first = (tmp_path / "new" / "test.parquet").read_bytes()
    pd.testing.assert_frame_equal(read_part(tmp_path / "new", "test"), rows)
    write_part(tmp_path / "new", "test", rows)
    assert (tmp_path / "new" / "test.parquet").read_bytes() == first
