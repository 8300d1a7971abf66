"""A page as a browser reads it: its elements, their attributes, and the text in them."""

from html.parser import HTMLParser

VOID = {"meta", "br", "img", "link", "input"}


class Page(HTMLParser):
    """Collects the elements in order, and the text of each kind of element."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.texts = {}
        self._open = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, [])
        if tag not in VOID:
            self._open.append((tag, []))

    def handle_endtag(self, tag):
        opened, text = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        self.texts[tag].append("".join(text))
        if self._open:
            self._open[-1][1].extend(text)

    def handle_data(self, data):
        if self._open:
            self._open[-1][1].append(data)

    @property
    def tags(self):
        return {tag for tag, _ in self.elements}

    @property
    def text(self):
        return self.texts["body"][0]

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.elements if name in attrs]


def assert_loads_and_runs_nothing(page):
    """Check that the page is complete in itself, and that no text became markup."""
    assert not page.tags & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "use",
        "foreignobject",
    }
    names = {name for _, attrs in page.elements for name in attrs}
    assert not names & {"src", "srcset", "action", "data", "xlink:href"}
    assert not [name for name in names if name.startswith("on")]
    assert all(link.startswith("#section-") for link in page.attributes("href"))
    assert not [style for style in page.texts["style"] if "url(" in style or "@import" in style]
    policy = [
        a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == [
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    ]
