"""The page of the packaged service in a real browser: asked, answered, refused, read aloud."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import BakedProject
from playwright.sync_api import Browser, Locator, ViewportSize, expect
from service_page import EVIL, FEATURES, MAKE, Service, Visit, serve
from test_page import MEASURE, browser, contrast

__all__ = ["browser"]  # A fixture.
pytestmark = pytest.mark.slow

TASKS = ["binary", "multiclass", "regression"]
KEY = "open sesame"
# What a browser says of each refused request.
REFUSED = "console: Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="module")
def made(project: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    """A project with a packaged model of each task in the folder `made`."""
    copy = project.copy(tmp_path_factory.mktemp("service") / "flight-delays")
    (copy.path / "src/flight_delays/features/custom.py").write_text(FEATURES, encoding="utf-8")
    script = f"EVIL = {EVIL!r}\n{MAKE}"
    copy.run("uv", "run", "--no-sync", "python", "-c", script, "made", PYTHONHASHSEED="0")
    return copy


@pytest.fixture(scope="module")
def services(made: BakedProject) -> Iterator[Callable[[str], Service]]:
    """Give a function that starts the service of a task, or gives it when it runs."""
    started: dict[str, Any] = {}

    def get(task: str) -> Service:
        if task not in started:
            context = serve(made, made.path / "made" / task / "wheel")
            started[task] = (context.__enter__(), context)
        service: Service = started[task][0]
        return service

    yield get
    for _, context in started.values():
        context.__exit__(None, None, None)


@pytest.fixture
def visit(browser: Browser, services: Callable[[str], Service]) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens the page of a task; nothing may complain but refused requests."""
    visits: list[Visit] = []

    def open_page(task: str = "binary", width: int = 1280, dark: bool = False) -> Visit:
        size = ViewportSize(width=width, height=900)
        page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
        visits.append(Visit(page, services(task).address))
        expect(page.get_by_role("button", name="Predict", exact=True)).to_be_visible()
        return visits[-1]

    yield open_page
    for each in visits:
        assert [event for event in each.events if not event.startswith(REFUSED)] == []
        each.page.context.close()


def ask(service: Service, row: dict[str, Any]) -> dict[str, Any]:
    """Ask the service as a program does."""
    answer = json.loads(service.predict(json.dumps(row).encode(), "application/json"))
    return dict(answer["predictions"][0])


def answer_of(visit: Visit) -> Locator:
    return visit.page.get_by_role("region", name="Answer")


def write_csv(separator: str, *rows: dict[str, Any]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def test_yes_or_no_is_said_in_words_of_the_goal(
    visit: Callable[..., Visit], services: Callable[[str], Service]
) -> None:
    service, seen = services("binary"), visit()
    row = service.example() | {"weight": 9.5}
    seen.page.get_by_label("Weight").fill("9.5")
    seen.predict()
    said = answer_of(seen).locator("[aria-live=polite]")
    told = ask(service, row)
    expected = "Yes Sold is yes" if told["prediction"] else "No Sold is not yes"
    expect(said.locator(".verdict")).to_have_text(expected)
    expect(said).to_contain_text(re.compile(rf"Probability {told['probability']:.0%}"[:-1]))
    expect(said).to_contain_text(re.compile(r"(about|fewer than|more than) \d+ in \d+"))
    expect(said).to_contain_text(re.compile(r"says yes from [\d.]+% on"))


def test_class_is_said_with_the_probabilities_of_all(
    visit: Callable[..., Visit], services: Callable[[str], Service]
) -> None:
    service, seen = services("multiclass"), visit("multiclass")
    seen.predict()
    told = ask(service, service.example())
    expect(answer_of(seen).locator(".verdict")).to_have_text(f"Size {told['prediction']}")
    table = answer_of(seen).get_by_role("table", name="Probability")
    ordered = sorted(told["probabilities"], key=lambda name: -told["probabilities"][name])
    expect(table.get_by_role("rowheader")).to_have_text(ordered)
    expect(table.get_by_role("cell").first).to_have_text(re.compile(r"^\d+(\.\d)?%$"))


def test_number_is_said_with_its_unit(
    visit: Callable[..., Visit], services: Callable[[str], Service]
) -> None:
    service, seen = services("regression"), visit("regression")
    seen.predict()
    number = f"{ask(service, service.example())['prediction']:.4g}"
    expect(answer_of(seen).locator(".verdict")).to_have_text(f"Price {number} EUR")


@pytest.mark.parametrize("task", TASKS)
def test_contributions_are_a_table_with_bars(
    visit: Callable[..., Visit], services: Callable[[str], Service], task: str
) -> None:
    service, seen = services(task), visit(task)
    seen.predict()
    table = answer_of(seen).get_by_role("table", name="To the right")
    expect(table).to_be_visible()
    told = ask(service, service.example())["contributions"]
    names = [each["feature"].replace("_", " ").capitalize() for each in told]
    shown = [
        text.split("\n")[0].strip() for text in table.get_by_role("rowheader").all_inner_texts()
    ]
    assert shown == names[: len(shown)]
    largest = max(abs(each["value"]) for each in told)
    for bar, each in zip(table.locator(".bar").all(), told, strict=False):
        box, middle = bar.bounding_box(), bar.locator("..").bounding_box()
        assert box
        assert middle
        to_the_right = box["x"] + 1 >= middle["x"] + middle["width"] / 2
        assert to_the_right == (each["value"] > 0)
        share = max(abs(each["value"]) / largest * middle["width"] / 2, 2)
        assert box["width"] == pytest.approx(share, abs=1)


def test_each_fault_is_shown_beside_its_field(visit: Callable[..., Visit]) -> None:
    seen = visit()
    fields = {name: seen.page.get_by_label(name) for name in ("Weight", "Items", "Day", "Colour")}
    fields["Weight"].fill("-5")
    fields["Items"].fill("")
    seen.predict()
    expect(fields["Weight"]).to_have_accessible_description(
        re.compile("^Must be at least 0, is -5")
    )
    expect(fields["Items"]).to_have_accessible_description(re.compile("^Must not be missing"))
    expect(seen.page.locator("[aria-invalid]")).to_have_count(2)
    expect(fields["Weight"]).to_be_focused()
    expect(answer_of(seen)).to_contain_text("2 values to correct")

    fields["Weight"].fill("5")
    fields["Items"].press_sequentially("1e")
    seen.predict()
    expect(fields["Items"]).to_have_accessible_description(re.compile("^Must be a valid integer"))
    expect(fields["Items"]).to_be_focused()

    seen.page.get_by_role("button", name="Use the example").click()
    expect(seen.page.locator("[aria-invalid]")).to_have_count(0)
    seen.predict()
    expect(answer_of(seen).locator(".verdict")).to_be_visible()


def test_unknown_values_are_sent_as_missing(
    visit: Callable[..., Visit], services: Callable[[str], Service]
) -> None:
    service, seen = services("regression"), visit("regression")
    row = service.example() | {"weight": None, "colour": None, "gift": None, "shop": "new"}
    seen.page.get_by_label("Weight").fill("")
    seen.page.get_by_label("Colour").select_option("unknown")
    seen.page.get_by_label("Gift").select_option("unknown")
    seen.page.get_by_label("Shop").fill("new")
    seen.predict()
    number = f"{ask(service, row)['prediction']:.4g}"
    expect(answer_of(seen).locator(".verdict")).to_have_text(f"Price {number} EUR")


def test_old_answer_is_marked_when_a_value_changes(visit: Callable[..., Visit]) -> None:
    seen = visit()
    note = seen.page.get_by_text("The values have changed since")
    seen.page.get_by_label("Weight").fill("4")
    seen.predict()
    expect(answer_of(seen).locator(".verdict")).to_be_visible()
    expect(note).to_be_hidden()
    seen.page.get_by_label("Weight").fill("3")
    expect(note).to_be_visible()
    seen.predict()
    expect(note).to_be_hidden()


@pytest.mark.parametrize(("task", "separator"), [*zip(TASKS, ",;\t", strict=True)])
def test_table_comes_back_with_predictions(
    visit: Callable[..., Visit], services: Callable[[str], Service], task: str, separator: str
) -> None:
    service, seen = services(task), visit(task)
    row = service.example() | {"prediction": "of old", "fault": "of old"}
    table = write_csv(separator, row, row | {"weight": -1}, row | {"colour": f'{EVIL}\n,;"'})
    seen.predict_file("orders.csv", table)
    result = seen.page.get_by_text("3 rows").locator("..")
    answer = {
        "binary": r"1 (yes|no), ",
        "multiclass": r"1 (small|middle|large), ",
        "regression": "",
    }
    expect(result).to_contain_text(re.compile(f"^3 rows, {answer[task]}2 faulty."))
    expect(result.get_by_role("listitem")).to_have_count(2)
    expect(result.get_by_role("listitem").last).to_contain_text(EVIL)
    with seen.page.expect_download() as download:
        result.get_by_role("link", name="Download orders-predicted.csv").click()
    assert download.value.suggested_filename == "orders-predicted.csv"
    assert Path(download.value.path()).read_bytes() == service.predict(table, "text/csv")


def test_parquet_comes_back_with_predictions(
    visit: Callable[..., Visit], services: Callable[[str], Service]
) -> None:
    seen, table = visit(), io.BytesIO()
    pd.DataFrame([services("binary").example()] * 2).to_parquet(table)
    seen.predict_file("orders.PARQUET", table.getvalue())
    with seen.page.expect_download() as download:
        seen.page.get_by_role("link", name="Download orders-predicted.PARQUET").click()
    assert pd.read_parquet(download.value.path())["fault"].to_list() == ["", ""]


def test_example_file_is_predicted(visit: Callable[..., Visit]) -> None:
    seen = visit()
    with seen.page.expect_download() as download:
        seen.page.get_by_role("link", name="An example file").click()
    seen.predict_file("example.csv", Path(download.value.path()).read_bytes())
    expect(seen.page.get_by_text(re.compile("^1 row, 1 (yes|no), 0 faulty.$"))).to_be_visible()


def test_refused_file_is_explained_beside_its_field(visit: Callable[..., Visit]) -> None:
    seen = visit()
    field = seen.page.get_by_label("CSV or Parquet file")
    seen.page.get_by_role("button", name="Predict the file").click()
    expect(field).to_have_accessible_description("Must be chosen")
    seen.predict_file(f"{EVIL}.txt".replace("/", ""), b"day,shop\n")
    expect(field).to_have_accessible_description(re.compile("^Must be a .csv or .parquet file"))
    seen.predict_file("short.csv", b"day,shop\n2020-01-01,a\n")
    expect(field).to_have_accessible_description(re.compile("weight"))
    expect(field).to_be_focused()


def tab_to(target: Locator) -> None:
    """Press Tab until the target has the focus, and see that this shows."""
    for _ in range(30):
        target.page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            break
    expect(target).to_be_focused()
    expect(target).to_have_css("outline-style", "solid")


def test_keyboard_is_enough(visit: Callable[..., Visit]) -> None:
    seen = visit()
    press, get = seen.page.keyboard.press, seen.page.get_by_role
    # From the start, as the browser takes its time to leave choosing files to the test.
    chosen: list[bool] = []
    seen.page.on("filechooser", lambda _: chosen.append(True))
    tab_to(get("spinbutton", name="Weight"))
    seen.page.keyboard.type("11")
    press("Enter")
    expect(answer_of(seen)).to_contain_text(f"11 {EVIL}")
    tab_to(get("button", name="Use the example"))
    press("Space")
    tab_to(get("link", name="An example file"))
    tab_to(seen.page.get_by_label("CSV or Parquet file"))
    with seen.page.expect_file_chooser():
        press("Enter")
    assert chosen == [True]
    tab_to(get("button", name="Predict the file"))
    tab_to(seen.page.locator("summary"))
    press("Enter")
    expect(get("heading", name="The goal is met")).to_be_visible()


def test_form_is_read_aloud_with_names_units_and_limits(visit: Callable[..., Visit]) -> None:
    form = visit().page.get_by_role("region", name="One prediction")
    expect(form).to_match_aria_snapshot(
        f"""
        - heading "One prediction" [level=2]
        - textbox "Day"
        - paragraph: In UTC
        - combobox "Shop"
        - combobox "Colour":
          - option "unknown"
          - option "red"
          - option "green"
          - option {json.dumps(EVIL)}
        - spinbutton {json.dumps(f"Weight {EVIL}")}
        - paragraph: 0 to 1000
        - spinbutton "Rain"
        - combobox "Gift":
          - option "unknown"
          - option "yes"
          - option "no"
        - paragraph: {json.dumps(EVIL)}
        - spinbutton "Items"
        - paragraph: 1 to 9
        - button "Predict"
        - button "Use the example"
        """
    )
    expect(form.get_by_label("Items")).to_have_attribute("required", "")
    expect(form.get_by_label("Weight")).to_have_attribute("placeholder", "unknown")
    offered = form.locator("datalist option").evaluate_all("all => all.map(each => each.value)")
    assert sorted(offered) == sorted(["a", EVIL])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)], ids=["phone", "dark"])
def test_page_fits_and_can_be_read(
    visit: Callable[..., Visit], task: str, width: int, dark: bool
) -> None:
    seen = visit(task, width, dark)
    seen.predict()
    expect(answer_of(seen).locator(".verdict")).to_be_in_viewport()
    seen.page.locator("summary").click()
    expect(seen.page.get_by_role("heading", name="The goal is met")).to_be_visible()
    seen.predict_file("rows.csv", b"day,shop\n2020-01-01,a\n")
    expect(seen.page.locator("[aria-invalid]")).to_be_visible()
    measures = seen.page.evaluate(MEASURE)
    content, window = measures["width"]
    assert content <= window
    assert {text["text"] for text in measures["texts"] if contrast(text) < 4.5} == set()


def test_hostile_texts_stay_texts(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.locator("summary").click()
    card = seen.page.get_by_role("group").filter(has_text="Model card")
    for place in (seen.page.get_by_role("banner"), seen.page.get_by_role("contentinfo"), card):
        expect(place).to_contain_text(EVIL)
    assert seen.page.locator("img, script:not([src])").count() == 0


def test_refusal_of_the_browser_is_said(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.context.set_offline(True)
    seen.predict()
    expect(answer_of(seen)).to_contain_text("The service can't be reached")
    seen.events = [event for event in seen.events if "ERR_INTERNET_DISCONNECTED" not in event]


def test_key_is_asked_for_and_kept_for_the_tab(browser: Browser, made: BakedProject) -> None:
    with serve(made, made.path / "made/binary/wheel", KEY) as service:
        page = browser.new_page()
        page.goto(service.address)
        field = page.get_by_label("API key")
        expect(field).to_be_focused()
        field.fill("wrong")
        field.press("Enter")
        expect(field).to_have_accessible_description(re.compile("does not take this key"))
        field.fill(KEY)
        field.press("Enter")
        for _ in range(2):
            page.get_by_role("button", name="Predict", exact=True).click()
            expect(page.locator(".verdict")).to_be_visible()
            page.reload()
        page.context.close()


def test_files_may_be_kept_as_long_as_they_are_the_same(
    services: Callable[[str], Service],
) -> None:
    service = services("binary")
    with service.get("/") as response:
        page, headers = response.read().decode(), response.headers
    assert headers["Cache-Control"] == "no-cache"
    names = re.findall(r'(?:src|href)="(page/[0-9a-f]{12}/[a-z.]+)"', page)
    assert len(names) == 3
    for name in names:
        with service.get(f"/{name}") as response:
            assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    with service.get(re.sub("/[0-9a-f]{12}/", "/old/", f"/{names[0]}")) as response:
        assert response.headers["Cache-Control"] == "no-cache"
