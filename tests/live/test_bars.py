"""Where a percentage is said beside a bar, the bar is as long as it, whatever the highest is."""

import re

import pytest

from tests.browser.paint import regions
from tests.browser.scenes import choice, shown, staged

YES_NO = (("Ja", 57), ("Nei", 43))


@pytest.mark.parametrize("view,region", [("phone", "main"), ("projector", "stage")])
def test_a_bar_is_its_percentage_of_the_track(view: str, region: str) -> None:
    html = regions(view, staged(shown(choice(YES_NO, 100))), "en")[region]
    widths = re.findall(r'<rect width="([\d.]+)%?" height="1(?:00%)?"/>', html)
    assert [float(width) for width in widths] == [57, 43]
