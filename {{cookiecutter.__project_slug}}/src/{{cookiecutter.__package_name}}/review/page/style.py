"""How the pages and their charts look, in light and in dark surroundings."""

# Light enough for a dark page and dark enough for a light one: 3 to 1 against both.
ACCENT = "#2f7fd6"
SECOND = "#d0641e"
GREY = "#7d858f"
GOOD = "#2a8f57"
BAD = "#d1453b"
# From low to high; told apart by brightness as well, for those who see no colours.
RANKS = ["#2f7fd6", "#6f8fc0", "#8a8a8a", "#c07a52", "#d0641e"]

# What vl-convert measures texts with has the same widths as Arial.
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
# Altair's colours for these are replaced by the page's, which know light from dark.
INK = "#000001"
FAINT = "#000002"
PAPER = "#fffffe"

# Charts are drawn for a phone's width and grow with the page, as their text does.
CHART_WIDTH = 340
CHART_HEIGHT = 230
CHART_CONFIG = {
    "background": None,
    "font": FONT,
    "padding": {"left": 2, "top": 4, "right": 12, "bottom": 2},
    "view": {"stroke": None},
    "mark": {"aria": False, "color": ACCENT},
    "text": {"color": INK, "fontSize": 11},
    "rule": {"color": GREY},
    "range": {"category": [ACCENT, SECOND, GREY, GOOD, "#9a62c9"]},
    "axis": {
        "aria": False,
        "domainColor": GREY,
        "tickColor": GREY,
        "gridColor": FAINT,
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelLimit": 150,
        "titlePadding": 6,
    },
    "axisQuantitative": {"tickCount": 5, "labelOverlap": True, "labelSeparation": 4},
    "legend": {
        "aria": False,
        "orient": "top",
        "direction": "horizontal",
        "columns": 3,
        "title": None,
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 11,
        "labelLimit": 220,
        "symbolType": "circle",
    },
}

STYLE = """
:root { --ink: #1c2127; --soft: #535c66; --faint: #dfe3e8; --paper: #ffffff; --box: #f5f7f9;
  --link: #0a5cb8; --good: #1d7a48; --bad: #b9322a }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --soft: #aab3bd; --faint: #3a424b;
  --paper: #14181d; --box: #1d2329; --link: #7ab7ff; --good: #5cc98d; --bad: #ff8a80 } }
* { box-sizing: border-box }
html { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  -webkit-text-size-adjust: 100% }
body { max-width: 68rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .4rem }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .6rem; padding-top: .6rem;
  border-top: 1px solid var(--faint) }
p, ul, ol { max-width: 46rem; margin: .5rem 0 }
a { color: var(--link) }
header { border-left: .4rem solid var(--soft); padding: .2rem 0 .2rem 1rem }
header.good { border-color: var(--good) } header.good h1 { color: var(--good) }
header.bad { border-color: var(--bad) } header.bad h1 { color: var(--bad) }
header p { font-size: 1.1rem }
nav { margin: 1.2rem 0 0 }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: 0;
  max-width: none }
.scroll { overflow-x: auto; margin: .8rem 0 }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--link) }
table { border-collapse: collapse; font-size: .92rem }
th, td { padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; font-weight: normal;
  border-bottom: 1px solid var(--faint); min-width: 4rem; max-width: 24rem;
  overflow-wrap: break-word }
thead th { color: var(--soft); vertical-align: bottom }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right }
details { margin: .8rem 0; background: var(--box); border-radius: .4rem; padding: .5rem .8rem }
summary { cursor: pointer }
.charts { display: grid; gap: 1rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)) }
figure.chart { margin: 0; padding: .8rem; background: var(--box); border-radius: .4rem;
  min-width: 0; max-width: 34rem }
figure.chart svg { display: block; width: 100%; height: auto; margin: .4rem 0 }
figure.chart p { font-size: .88rem; color: var(--soft); margin: 0 }
svg [fill="#000001"] { fill: var(--ink) } svg [stroke="#000001"] { stroke: var(--ink) }
svg [stroke="#000002"] { stroke: var(--faint) } svg [fill="#000002"] { fill: var(--faint) }
svg [stroke="#fffffe"] { stroke: var(--box) } svg [fill="#fffffe"] { fill: var(--box) }
@media print { details > * { display: block } nav { display: none } section { break-inside: auto } }
"""
