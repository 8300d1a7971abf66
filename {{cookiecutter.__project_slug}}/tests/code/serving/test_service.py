"""The service answers as the scorer does, and says what it serves."""

import json
import threading

import pytest
from http_service import run_service
from small_project import TASKS, add_features

from {{ cookiecutter.__package_name }}.common.io import read_json, write_json
from {{ cookiecutter.__package_name }}.features import transform
from {{ cookiecutter.__package_name }}.serving import features
from {{ cookiecutter.__package_name }}.serving.scorer import Scorer
from {{ cookiecutter.__package_name }}.serving.service.options import Options

ROW = {"day": "2020-02-01", "shop": "a", "colour": "red", "weight": 12.5, "rain": 0.5}
ROWS = [ROW, ROW | {"weight": 3, "colour": None}, ROW | {"shop": "unseen", "more": [1]}]


@pytest.fixture(autouse=True)
def _own_features(monkeypatch):
    for user in (transform, features):
        monkeypatch.setattr(user, "add_features", add_features)


def test_one_row_gets_one_prediction(service, bundles):
    scorer = Scorer.load(bundles("binary"))
    (scored,) = scorer.score([ROW])
    answer = service.predict(ROW)
    assert (answer.status, answer.kind) == (200, "application/json")
    assert answer.json() == {
        "model": "{{ cookiecutter.__project_slug }}",
        "version": scorer.version,
        "predictions": [{"prediction": scored.decision, "probability": scored.probability}],
    }


@pytest.mark.parametrize("task", TASKS)
def test_many_rows_get_the_predictions_and_contributions_of_the_scorer(bundles, task):
    folder = bundles(task)
    scored = Scorer.load(folder).score(ROWS, contributions=True)
    with run_service(folder) as client:
        answer = client.predict({"rows": ROWS, "contributions": True}).json()
        assert client.predict({"rows": ROWS}, "?contributions=true").json() == answer
        assert client.predict({"rows": []}).json()["predictions"] == []
    for said, each in zip(answer["predictions"], scored, strict=True):
        assert said["prediction"] == (each.decision if task == "binary" else each.prediction)
        assert said.get("probability") == each.probability
        assert said.get("probabilities") == each.probabilities
        assert said["base"] == each.base
        moved = {part["feature"]: part["value"] for part in said["contributions"]}
        assert moved == each.contributions
        sizes = [abs(part["value"]) for part in said["contributions"]]
        assert sizes == sorted(sizes, reverse=True)


def test_many_small_and_large_requests_at_once_get_their_own_answers(service, bundles):
    """Small bodies are scored at once, large ones in threads."""
    weights = [5 + n / 10 for n in range(40)]
    expected = Scorer.load(bundles("binary")).score([ROW | {"weight": w} for w in weights])
    found = {}

    def ask(place: int) -> None:
        row = ROW | {"weight": weights[place]}
        body = {"rows": [row] * 150} if place % 2 else row
        answer = service.predict(body).json()
        found[place] = {each["probability"] for each in answer["predictions"]}

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {place: {each.probability} for place, each in enumerate(expected)}


@pytest.mark.parametrize("task", TASKS)
def test_example_of_the_model_is_a_row_that_it_takes(bundles, task):
    with run_service(bundles(task)) as client:
        model = client.get("/model").json()
        assert client.predict(model["example"]).status == 200
    assert [*model["example"]] == [column["name"] for column in model["columns"]]
    assert model["task"] == task


def test_model_is_described(service, bundles, project):
    model = service.get("/model").json()
    reports = project("binary").folder / "reports"
    assert model["name"] == "{{ cookiecutter.__project_slug }}"
    assert model["goal"]["positive"] == "sold is yes"
    assert model["goal"]["statement"] == "Price orders."
    assert model["metrics"] == read_json(reports / "metrics.json")["test"]
    assert model["criteria"] == read_json(reports / "verdict.json")["criteria"]
    assert model["card"] == (reports / "model_card.md").read_text(encoding="utf-8")
    assert {*model["levels"]["shop"]} == {"a", "b"}
    card = service.get("/model/card")
    assert card.kind.startswith("text/markdown")
    assert card.body.decode() == model["card"]


def test_health_and_readiness(service, bundles):
    version = read_json(bundles("binary") / "manifest.json")["version"]
    assert service.get("/health").json() == {"status": "ok", "version": version, "log": None}
    assert service.get("/ready").json() == {"status": "ready"}


def test_metrics_count_requests_and_rows(bundles):
    with run_service(bundles("binary")) as client:
        client.predict(ROW)
        client.predict({"rows": [ROW, ROW]})
        client.predict({})
        client.post(b"day\n", kind="text/plain")
        metrics = client.get("/metrics")
    assert metrics.kind.startswith("text/plain")
    lines = metrics.body.decode().splitlines()
    assert 'predict_requests_total{status="200"} 2.0' in lines
    assert 'predict_requests_total{status="422"} 1.0' in lines
    assert 'predict_requests_total{status="415"} 1.0' in lines
    assert 'predict_rows_total{outcome="sound"} 3.0' in lines
    assert "predict_seconds_count 4.0" in lines


def test_openapi_describes_columns_and_loads_nothing(service):
    api = service.get("/openapi.json").json()
    row = api["components"]["schemas"]["Row"]["properties"]
    assert row["colour"]["type"] == ["string", "null"]
    assert row["colour"]["enum"] == ["red", "green", None]
    assert row["weight"]["minimum"] == 0
    assert row["day"]["type"] == "string"
    assert row["shop"]["x-most-frequent"]
    operation = api["paths"]["/predict"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["examples"]["many"]["value"]
    assert service.predict(example).status == 200
    assert {"/health", "/ready", "/model", "/model/card", "/metrics"} <= {*api["paths"]}
    assert {service.get(path).status for path in ("/docs", "/redoc", "/nothing")} == {404}
    assert "https://" not in json.dumps(api)


def test_key_is_needed_where_it_is_set(bundles):
    word = "sésame"
    with run_service(bundles("binary"), Options(api_key=word)) as client:
        key, other = word.encode().decode("latin-1"), "other"
        for path in ("/model", "/model/card", "/metrics", "/openapi.json"):
            assert client.get(path).status == 401
            assert client.get(path, X_API_Key=key).status == 200
        body = json.dumps(ROW).encode()
        assert client.post(body).json() == {
            "detail": "the header X-API-Key must hold the service's key"
        }
        assert client.post(body, X_API_Key=other).status == 401
        assert client.post(body, X_API_Key=key).status == 200
        assert client.get("/health").status == client.get("/ready").status == 200


def test_error_of_the_log_is_told_to_who_has_the_key(bundles):
    class Broken:
        def state(self):
            return {"written": 0, "lost": 3, "error": "no route to 10.0.0.5"}

        def close(self) -> None:
            pass

    word = "sesame"
    with run_service(bundles("binary"), Options(api_key=word), log=Broken()) as client:
        log = client.get("/health").json()["log"]
        assert log == {"written": 0, "lost": 3, "error": "told to those who send X-API-Key"}
        assert client.get("/health", X_API_Key=word).json()["log"]["error"].endswith("10.0.0.5")


def test_predictions_are_handed_to_the_log(bundles):
    class Noted:
        def __init__(self) -> None:
            self.rows, self.scored, self.closed = [], [], False

        def put(self, rows, scored) -> None:
            self.rows += rows
            self.scored += scored

        def state(self):
            return {"written": len(self.rows), "lost": 0, "error": None}

        def close(self) -> None:
            self.closed = True

    log = Noted()
    with run_service(bundles("binary"), log=log) as client:
        client.predict(ROW)
        client.predict({"rows": [ROW, {}]})
        client.post(b"day,shop,colour,weight,rain\n2020-02-01,a,red,1,1\n", "text/csv")
        assert client.get("/health").json()["log"] == {"written": 4, "lost": 0, "error": None}
        assert not log.closed
    assert log.closed
    assert [row.get("shop") for row in log.rows] == ["a", "a", None, "a"]
    # Refused rows are noted as well: their share is what drift looks at.
    assert [bool(scored.faults) for scored in log.scored] == [False, False, True, False]


def test_model_that_can_not_be_compiled_is_served(bundles):
    folder = bundles("binary")
    expected = Scorer.load(folder).score(ROWS)
    graph = read_json(folder / "graph.json") | {"not_compiled": "a test", "inputs": None}
    write_json(folder / "graph.json", graph)
    rewrite_manifest(folder)
    with run_service(folder) as client:
        answer = client.predict({"rows": ROWS, "contributions": True}).json()
        assert client.get("/model").json()["not_compiled"] == "a test"
        faulty = client.predict(ROW | {"weight": -1})
    assert [each["probability"] for each in answer["predictions"]] == [
        each.probability for each in expected
    ]
    assert faulty.json()["detail"][0]["rule"] == "must be at least 0"


def rewrite_manifest(folder) -> None:
    from {{ cookiecutter.__package_name }}.common.io import hash_file

    manifest = read_json(folder / "manifest.json")
    manifest["files"]["graph.json"] = hash_file(folder / "graph.json")
    write_json(folder / "manifest.json", manifest)
