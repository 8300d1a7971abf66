"""The HTML pages in a real browser: everything is drawn, nothing is loaded, nothing complains."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import BakedProject
from playwright.sync_api import Browser, ViewportSize, sync_playwright

pytestmark = pytest.mark.slow

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
QUIET = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
# Written by the generated project from what its own unit tests take for results.
WRITE_PAGES = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/code/review")
import sample_results as sample
from sample_comparison import make_comparison
from sample_tables import make_tables
from flight_delays.review.comparison.page import write_comparison_page
from flight_delays.review.evaluation.index_page import write_index
from flight_delays.review.results import Results
def write(name, page):
    Path(sys.argv[1], f"{name}.html").write_text(page, encoding="utf-8")
for task in sample.TASKS:
    verdict, metrics = sample.make_verdict(task), sample.make_metrics(task)
    results = Results(verdict, metrics, sample.make_details(task), sample.COUNTS)
    write(task, write_index(results, make_tables(task)))
write("comparison", write_comparison_page(make_comparison("binary"), verdict))
"""
N_CHARTS = {"binary": 13, "multiclass": 8, "regression": 9, "comparison": 3}
# Opens what is folded, then measures: colours as [red, green, blue], sizes in CSS pixels.
MEASURE = """() => {
    document.querySelectorAll("details").forEach(fold => fold.open = true);
    const colour = text => text.match(/[\\d.]+/g).map(Number);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const found = colour(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] > 0) return found.slice(0, 3);
        }
    };
    const box = element => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const label = (text, style) => ({
        text: text.textContent, box: box(text), behind: behind(text),
        rotated: (text.getAttribute("transform") || "").includes("rotate"),
        colour: colour(getComputedStyle(text)[style]).slice(0, 3),
    });
    const seen = mark => {
        const { fill, stroke } = getComputedStyle(mark), { width, height } = mark.getBBox();
        return (fill !== "none" || stroke !== "none") && width + height > 0;
    };
    return {
        width: [document.documentElement.scrollWidth, innerWidth],
        texts: [...document.querySelectorAll("h1, h2, p, a, li, th, td, summary, strong")]
            .filter(element => element.textContent).map(element => label(element, "color")),
        charts: [...document.querySelectorAll("figure.chart svg")].map(svg => ({
            name: svg.getAttribute("aria-label"), box: box(svg),
            marks: [...svg.querySelectorAll("path")].filter(seen).length,
            labels: [...svg.querySelectorAll("text")].map(text => label(text, "fill")),
        })),
    };
}"""


class Look(NamedTuple):
    """A page as it came out in a window: its measures, and all that happened on the way."""

    measures: dict[str, Any]
    events: list[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "no Chromium is installed: apt-get install chromium, or let .ci/run do it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET.split())
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(project: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    project.run("uv", "run", "--no-sync", "python", "-c", WRITE_PAGES, str(folder))
    return folder


@pytest.fixture(scope="module")
def look(browser: Browser, pages: Path) -> Callable[..., Look]:
    """Give a function that opens a page at a width, or gives what it saw the last time."""

    @cache
    def look_once(name: str, width: int, dark: bool = False) -> Look:
        return look_at(browser, pages / f"{name}.html", width, dark)

    return look_once


def look_at(browser: Browser, path: Path, width: int, dark: bool = False) -> Look:
    """Open a page without a network and measure it."""
    size = ViewportSize(width=width, height=900)
    context = browser.new_context(
        offline=True, viewport=size, color_scheme="dark" if dark else "light"
    )
    page, events = context.new_page(), []
    page.on("console", lambda message: events.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: events.append(f"error: {error}"))
    page.on("request", lambda request: events.append(f"request: {request.url}"))
    page.on("dialog", lambda dialog: events.append(f"dialog: {dialog.message}"))
    page.goto(path.as_uri())
    look = Look(page.evaluate(MEASURE), events)
    context.close()
    return look


def contrast(text: dict[str, Any]) -> float:
    """Compute WCAG's ratio of contrast between a text and what is behind it."""
    lights = sorted(luminance(text[key]) for key in ("colour", "behind"))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: list[float]) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in scaled(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def scaled(colour: list[float]) -> list[float]:
    return [part / 255 for part in colour]


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two labels cover each other by more than their margins."""
    a, b = one["box"], other["box"]
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return bool(min(across, down) > 3)


@pytest.mark.parametrize("name", N_CHARTS)
@pytest.mark.parametrize("width", [1280, 360])
def test_page_opens_without_network_and_without_a_complaint(
    look: Callable[..., Look], pages: Path, name: str, width: int
) -> None:
    assert look(name, width).events == [f"request: {(pages / name).as_uri()}.html"]


@pytest.mark.parametrize("name", N_CHARTS)
@pytest.mark.parametrize("width", [1280, 390, 360])
def test_every_chart_is_drawn_within_the_window(
    look: Callable[..., Look], name: str, width: int
) -> None:
    charts = look(name, width).measures["charts"]
    assert len(charts) == N_CHARTS[name]
    for chart in charts:
        left, top, right, bottom = chart["box"]
        assert 0 <= left < right <= width, chart["name"]
        assert right - left >= 300, chart["name"]
        assert bottom - top >= 60, chart["name"]
        assert chart["marks"] >= 1, chart["name"]
        assert chart["labels"], chart["name"]


@pytest.mark.parametrize("name", N_CHARTS)
def test_page_needs_no_scrolling_sideways_on_a_phone(look: Callable[..., Look], name: str) -> None:
    content, window = look(name, 360).measures["width"]
    assert content <= window


@pytest.mark.parametrize("name", N_CHARTS)
@pytest.mark.parametrize("width", [1280, 360])
def test_labels_of_charts_are_whole_and_apart(
    look: Callable[..., Look], name: str, width: int
) -> None:
    for chart in look(name, width).measures["charts"]:
        left, top, right, bottom = chart["box"]
        upright = [label for label in chart["labels"] if not label["rotated"]]
        for n, label in enumerate(upright):
            x0, y0, x1, y1 = label["box"]
            inside = x0 >= left - 1 and y0 >= top - 1 and x1 <= right + 1 and y1 <= bottom + 1
            assert inside, f"{chart['name']}: {label['text']} is cut off"
            covered = [other["text"] for other in upright[:n] if overlap(label, other)]
            assert not covered, f"{chart['name']}: {label['text']} lies on {covered}"


@pytest.mark.parametrize("name", ["binary", "comparison"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read(look: Callable[..., Look], name: str, dark: bool) -> None:
    measures = look(name, 1280, dark).measures
    labels = [label for chart in measures["charts"] for label in chart["labels"]]
    pale = {text["text"] for text in [*measures["texts"], *labels] if contrast(text) < 4.5}
    assert not pale
