import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import visit
from app.web.cached_page import CachedPage
from tests.web.rig import Rig


def test_what_is_compressed_reads_the_same(rig: Rig) -> None:
    client = rig.client()
    token = rig.token(client)
    zipped = client.get("/shared", headers={"accept-encoding": "gzip"})
    plain = client.get("/shared", headers={"accept-encoding": "identity"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert zipped.text.count(token) == plain.text.count(token) == 2
    assert visit.STAND_IN.nonce not in zipped.text + plain.text


def test_each_reader_gets_a_token_that_works_and_no_others(rig: Rig) -> None:
    readers = [rig.client() for _ in range(3)]
    tokens = [rig.token(reader) for reader in readers]
    assert len(set(tokens)) == 3
    for reader, token in zip(readers, tokens, strict=True):
        page = reader.get("/shared").text
        assert token in page
        assert not [other for other in tokens if other != token and other in page]


def test_outside_a_request_there_is_nobody_to_fill_it_in_for() -> None:
    with pytest.raises(LookupError):
        CachedPage("<p>Hello</p>").response()


@given(st.lists(st.text(max_size=50), min_size=1, max_size=6))
def test_any_text_with_holes_unpacks_to_itself(parts: list[str]) -> None:
    page = CachedPage(visit.STAND_IN.nonce.join(parts))
    filled = page._filled(nonce="n" * 22, form_token="t" * 32)
    unpacked = gzip.decompress(page._zipped(filled))
    assert unpacked.decode() == ("n" * 22).join(parts)
