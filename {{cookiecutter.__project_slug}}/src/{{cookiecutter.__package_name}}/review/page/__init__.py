"""HTML pages that open without a network, and the charts on them."""
