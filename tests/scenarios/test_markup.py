"""Nothing that is text becomes markup."""

import json
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from tallystick.scenarios.markup import data, element, text

plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]))


@given(plain, plain)
def test_text_stays_text(content: str, attribute: str) -> None:
    """Whatever stands in a text or an attribute, a parser gets it back as that."""
    markup = element("p", text(content), title=attribute)
    root = ET.fromstring(markup)  # noqa: S314 - we wrote it
    assert ({"title": attribute}, content) == (root.attrib, root.text or "")


@given(st.dictionaries(plain, plain))
def test_data_stays_data(content: dict[str, str]) -> None:
    """Data cannot end its element and is read back as it was."""
    markup = data(content, class_="tips")
    body = markup.removeprefix('<script type="application/json" class="tips">')
    body = body.removesuffix("</script>")
    assert "<" not in body
    assert content == json.loads(body)


def test_element() -> None:
    """Names of attributes are written as HTML has them, and an absent one is left out."""
    markup = element("i", class_="a b", aria_label="x", id=None, width=3)
    assert '<i class="a b" aria-label="x" width="3"></i>' == markup
