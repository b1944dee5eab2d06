"""A fragment of ours as blocks that a paper is set from."""

from app.outputs.blocks import blocks_from


def test_headings_paragraphs_and_lists_keep_their_words_and_order() -> None:
    fragment = """<section><h3 dir="auto">Spørsmål &amp; svar</h3>
      <p>27  svarte. <b>4,2</b></p><p> </p>
      <ul><li>Én <bdi>til</bdi></li><li>to</li></ul><ol><li value="6">seks</li><li>sju</li></ol>"""
    assert [(one["is"], one.get("sign", ""), one["text"]) for one in blocks_from(fragment)] == [
        ("heading", "", "Spørsmål & svar"),
        ("text", "", "27 svarte. 4,2"),
        ("item", "•", "Én til"),
        ("item", "•", "to"),
        ("item", "6.", "seks"),
        ("item", "7.", "sju"),
    ]


def test_a_table_keeps_its_head_and_which_columns_are_figures() -> None:
    (table,) = blocks_from(
        '<table><thead><tr><th>Valg</th><th class="number">Svar</th></tr></thead>'
        '<tbody><tr><th>Ja</th><td class="number num">18</td></tr><tr><th>Nei</th><td></td></tr>'
        "</tbody></table>"
    )
    assert [(cell["text"], cell["figures"]) for cell in table["head"]] == [
        ("Valg", False),
        ("Svar", True),
    ]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows == [["Ja", "18"], ["Nei", ""]]


def test_what_looks_like_markup_in_a_text_stays_text() -> None:
    assert blocks_from("<p>&lt;script&gt; &amp;lt; #import</p>") == [
        {"is": "text", "text": "<script> &lt; #import"}
    ]
