"""Whatever comes, the service says what is wrong with it, and never that it failed itself."""

import json
import socket
import time

import pytest
from http_service import run_service
from small_project import add_features

from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.serving import features
from {{ cookiecutter.__package_name }}.serving.service.options import Options

ROW = {"day": "2020-02-01", "shop": "a", "colour": "red", "weight": 12.5, "rain": 0.5}
NOT_JSON = {
    b"": "the body is not JSON: Expecting value: line 1 column 1 (char 0)",
    b'{"day": }': "the body is not JSON: Expecting value: line 1 column 9 (char 8)",
    b'{"weight": NaN}': "the body is not JSON, which has no NaN; use null",
    b'{"a": -Infinity}': "the body is not JSON, which has no -Infinity; use null",
    b'{"shop": "a", "shop": "b"}': "the key 'shop' comes twice in an object",
    b'{"rows": [{"x": {"a": 1, "a": 2}}]}': "the key 'a' comes twice in an object",
    b'{"shop": "\xff"}': "the body is not in UTF-8, at byte 10",
    b"[" * 100_000: "the body is nested too deep",
    b'{"x": ' * 9 + b"1" + b"}" * 9: "the body is nested too deep",
    b"9" * 5000: "a number in the body has too many digits",
}


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: body[:12].decode(errors="replace"))
def test_what_is_no_json_is_refused(service, body):
    answer = service.post(body)
    assert (answer.status, answer.json()) == (400, {"detail": NOT_JSON[body]})


def test_all_faults_of_all_rows_are_named(service):
    bad = {"day": "2020-02-31", "colour": "blue", "weight": -1, "rain": "much"}
    answer = service.predict({"rows": [ROW, bad]})
    assert answer.status == 422
    assert answer.json()["detail"] == [
        {"row": 1, "column": "day", "value": "2020-02-31", "rule": "must be a valid datetime"},
        {
            "row": 1,
            "column": "shop",
            "value": "",
            "rule": "must be given; null says that it is not known",
        },
        {"row": 1, "column": "colour", "value": "blue", "rule": "must be one of red, green"},
        {"row": 1, "column": "weight", "value": "-1", "rule": "must be at least 0"},
        {"row": 1, "column": "rain", "value": "much", "rule": "must be a valid number"},
    ]


def test_a_thousand_faults_are_named_at_most(service):
    answer = service.predict({"rows": [{}] * 300})
    assert answer.status == 422
    assert len(answer.json()["detail"]) == 1000


ODD_VALUES = [
    ("weight", b"1e400", "inf"),
    ("weight", b"-1e400", "-inf"),
    ("weight", b"[1]", "[1]"),
    ("weight", b'{"a": 1}', "{'a': 1}"),
    ("weight", b'"' + b"x" * 10_000 + b'"', "x" * 100 + "…"),
    ("weight", b'"\\ud800"', "?"),
    ("colour", b'"\\ud800\\u0000"', "?\x00"),
    ("colour", b'"' + b"x" * 10_000 + b'"', "x" * 100 + "…"),
    ("rain", b"1" + b"0" * 400, "1" + "0" * 99 + "…"),
    # Text that looks like a number up to its end.
    ("weight", b'"' + b"1" * 200_000 + b'x"', "1" * 100 + "…"),
    ("day", b'"' + b"9" * 10_000 + b'"', "9" * 100 + "…"),
]


@pytest.mark.parametrize(("column", "value", "shown"), ODD_VALUES, ids=range(len(ODD_VALUES)))
def test_odd_value_breaks_a_rule(service, column, value, shown):
    body = json.dumps(ROW | {column: "HERE"}).encode().replace(b'"HERE"', value)
    (fault,) = service.post(body).json()["detail"]
    assert (fault["row"], fault["column"], fault["value"]) == (0, column, shown)


@pytest.mark.parametrize("value", ["x" * 10_000, "\ud800", "unseen", 7, [1], None, "\0"])
def test_odd_level_is_an_unknown_one(service, value):
    answer = service.predict(ROW | {"shop": value})
    assert answer.status == 200


OTHER_BODIES = [
    ({"rows": ROW}, "must be a list of rows"),
    ([ROW], "must be an object"),
    ("text", "must be an object"),
    (None, "must be an object"),
    ({"rows": [7]}, "must be an object of columns and values"),
    ({"rows": [], "contributions": 1}, "must be true or false"),
    ({"rows": [], "contribution": True}, "is unknown beside `rows`"),
]


@pytest.mark.parametrize(("content", "rule"), OTHER_BODIES, ids=range(len(OTHER_BODIES)))
def test_body_that_holds_something_else_is_refused(service, content, rule):
    answer = service.predict(content)
    assert answer.status == 422
    assert [fault["rule"] for fault in answer.json()["detail"]] == [rule]


def test_type_address_and_method_are_checked(service):
    for kind in ("text/plain", "", "application/xml"):
        answer = service.post(b"{}", kind)
        assert answer.status == 415
        assert answer.json()["detail"].startswith("Content-Type must be one of application/json, ")
    assert service.post(json.dumps(ROW).encode(), "Application/JSON; charset=utf-8").status == 200
    assert service.predict(ROW, "?contributions=yes").status == 400
    assert service.get("/predict").status == 405


@pytest.fixture(scope="module")
def strict(bundles):
    """Give a client of a service with low limits."""
    with pytest.MonkeyPatch.context() as patch:
        for user in (transform, features):
            patch.setattr(user, "add_features", add_features)
        with run_service(bundles("binary"), Options(None, 20_000, 100, 1.0)) as client:
            yield client


def test_too_many_rows_are_refused(strict):
    assert strict.predict({"rows": [ROW] * 100}).status == 200
    answer = strict.predict({"rows": [ROW] * 101})
    assert (answer.status, answer.json()) == (
        413,
        {"detail": "the request has 101 rows; must be at most 100"},
    )


def test_too_large_body_is_refused_before_it_is_sent(strict):
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    answer = strict.send_raw(head + b"Content-Length: 99999999\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"the body must have at most 20,000 bytes" in answer


def test_too_large_body_is_refused_while_it_comes_in_chunks(strict):
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    chunk = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    answer = strict.send_raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_body_that_comes_too_slowly_is_refused(strict):
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    answer = strict.send_raw(head + b"Content-Length: 9\r\n\r\n{")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"the body came too slowly" in answer


def test_client_that_leaves_harms_no_other(strict):
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", strict.port)) as connection:
        connection.sendall(head + b"Content-Length: 9\r\n\r\n{")
    assert strict.predict(ROW).status == 200


@pytest.mark.parametrize("rows", [[ROW | {"more": "x" * 100}] * 90, [ROW] * 20])
def test_rows_that_take_too_long_are_refused(strict, monkeypatch, rows):
    def dawdle(rows):
        time.sleep(1.5)
        return add_features(rows)

    monkeypatch.setattr(features, "add_features", dawdle)
    answer = strict.predict({"rows": rows})
    assert (answer.status, answer.json()) == (
        503,
        {"detail": "the rows take too long; send fewer in a request"},
    )


def test_what_overflows_in_the_model_is_no_failure(bundles):
    """JSON has no infinity, and neither have the answers."""
    with run_service(bundles("regression")) as client:
        assert client.predict(ROW | {"weight": 1e308, "rain": 5e-324}).status == 200
