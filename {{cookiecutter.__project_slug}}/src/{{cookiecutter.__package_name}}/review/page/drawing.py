"""Charts as SVG: drawn once, when the page is written, so that the page needs no script."""

from typing import Any
from xml.etree import ElementTree
from zlib import crc32

import altair as alt
import vl_convert

from .style import CHART_CONFIG, CHART_HEIGHT, CHART_WIDTH
from .words import printable

Chart = alt.Chart | alt.LayerChart

NAMESPACE = "http://www.w3.org/2000/svg"
UNUSED = {"aria-roledescription", "aria-hidden", "aria-label", "role", "class", "pointer-events"}


def draw(name: str, chart: Chart) -> tuple[str, str]:
    """Draw a chart.

    Args:
        name: The chart's name, for those who can't see it.
        chart: A single or layered chart; it gets the page's width and colours, unless it has
            its own.

    Returns:
        An `<svg>` that is as wide as what it stands in, and the chart's `description`.
    """
    spec = chart.to_dict(validate=False)
    reading = str(spec.pop("description", ""))
    spec = {
        "width": CHART_WIDTH,
        "height": CHART_HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        **_clean(spec),
        "config": CHART_CONFIG,
    }
    major, minor, _ = alt.SCHEMA_VERSION.removeprefix("v").split(".")
    svg = vl_convert.vegalite_to_svg(spec, vl_version=f"{major}.{minor}")
    return _embed(svg, name), reading


def stack(*layers: alt.Chart, **properties: Any) -> alt.LayerChart:
    """Draw charts over each other; the first lies lowest."""
    return alt.LayerChart(layer=list(layers), **properties)


def _clean(value: Any) -> Any:
    """Clean all texts: a control character in one would abort vl-convert, and Python with it."""
    if isinstance(value, dict):
        return {printable(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _embed(svg: str, name: str) -> str:
    """Make the SVG a part of a page: named for this chart, without a size of its own."""
    root = ElementTree.fromstring(svg)
    names: dict[str, str] = {}
    for element in root.iter():
        # Vega counts its names through the life of the process.
        if "id" in element.attrib:
            names[element.attrib["id"]] = f"c{crc32(printable(name).encode()):08x}-{len(names)}"
    for element in root.iter():
        _adapt(element, names)
    width, height = root.attrib.pop("width"), root.attrib.pop("height")
    root.attrib |= {
        "role": "img",
        "aria-label": printable(name),
        "viewBox": f"0 0 {width} {height}",
    }
    return ElementTree.tostring(root, encoding="unicode")


def _adapt(element: ElementTree.Element, names: dict[str, str]) -> None:
    element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if element.get("role") == "graphics-symbol":
        # What a browser shows when the mouse rests on the mark.
        title = ElementTree.Element("title")
        title.text = element.get("aria-label")
        element.insert(0, title)
    for key, value in list(element.attrib.items()):
        if key in UNUSED:
            del element.attrib[key]
        elif key == "id":
            element.attrib[key] = names[value]
        elif value.startswith("url(#"):
            element.attrib[key] = f"url(#{names[value[5:-1]]})"
