"""Markdown inside a line or cell: its text and its links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extract.markdown import inline
from etl.extract.markdown.inline import decode_entities, reduce_inline, render_html
from etl.extract.markdown.simple import reduce_simple
from etl.model import Link


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("plain words", "plain words"),
        ("**bold** *em* _em_ `code` ~~gone~~", "bold em em code gone"),
        ("snake_case_name and __dunder__", "snake_case_name and dunder"),
        (r"\_id\_ \*x\* C:\temp \\ \|", r"_id_ *x* C:\temp \ |"),
        ("`a  b` `` c`d `` `&lt;`", "a b c`d &lt;"),
        ("a &amp; b &lt;c&gt; &#65; &nbsp;d &unknown; &copy=1", "a & b <c> A d &unknown; &copy=1"),
        ("''{0}'' [client_id] $filter {id} {{name}} {:id}", "''{0}'' [client_id] $filter {id} {{name}} {:id}"),
        ('["{0}","{1}","{2}"...]', '["{0}","{1}","{2}"...]'),
        ("{\\[field name]", "{[field name]"),
        ("<accountID> <param> <your app>", "<accountID> <param> <your app>"),
        ("<code> <Key> <a valid code>", "<code> <Key> <a valid code>"),
        ("<b>a</b> <code>b</code> <Note type='x'>c</Note> <br/> <span id=d></span> <UI.Icon/> <>e</>", "a b c e"),
        ("a<br>b</br>c<br  />d<p>e</p>", "a b c d e"),
        ("a <!-- b --> c <!-- d", "a c <!-- d"),
        ("a {% if b %}c{% endif %} {{< ref d >}} {{% e %}} {/* f */} g{:target=\"_blank\"} {{> h}}", "a c g"),
        ("[!NOTE] a [!INCLUDE [b](c.md)] [!x]", "a [!x]"),
        ("[!Note] a [!warning] b", "a b"),
        ("a <> 3, **b <> 4**", "a <> 3, b <> 4"),
        ("<>a</> b </>", "a b"),
        ("![alt](a.png) b", "b"),
        ("**注意：**文字", "注意：文字"),
        ("的**“字”**的", "的“字”的"),
        ("3 * 4 * 5 ** 6", "3 * 4 * 5 ** 6"),
        ("one\ntwo\n, three", "one two, three"),
        ("Lead:<br>- one<br>- two", "Lead:\n- one\n- two"),
        ("• one<br>• two<br>tail", "- one\n- two\ntail"),
        ("1. one<br>2) two", "- one\n- two"),
        ("Lead<br>- one", "Lead - one"),
        ("-1003<br>-1004", "-1003 -1004"),
        ("a<ul><li>one<br>more</li><li>two</li></ul>b", "a\n- one more\n- two\nb"),
        ("a<ul><li>one</li></ul>b", "a one b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("[^1] [x] [y][z]", "[^1] [x] [y][z]"),
    ],
)  # fmt: skip
def test_text_of_marks(printed: str, text: str) -> None:
    assert reduce_inline(printed)[0] == text


@pytest.mark.parametrize(
    ("printed", "links"),
    [
        ("[a](b.md)", [("a", "b.md")]),
        ("[**a** `b`](./c d.md) [c](d e)", [("a b", "./c d.md")]),
        ("[a](<c d.md> 'title') [b](../x.md#y?z=1&w=2)", [("a", "c d.md"), ("b", "../x.md#y?z=1&w=2")]),
        ("<https://a.org/b_c> <me@a.org>", [("https://a.org/b_c", "https://a.org/b_c"), ("me@a.org", "mailto:me@a.org")]),
        ("<a href='x.html'>a <b>b</b></a> <a name=c></a>", [("a b", "x.html")]),
        ("[![i](j.png)](k)", [("", "k")]),
        ("[a](javascript:b)", [("a", "javascript:b")]),
        ("`[a](b)` \\[a](b) https://example.org", []),
        ("[Defined] [text][defined]", [("Defined", "d.md"), ("text", "d.md")]),
    ],
)  # fmt: skip
def test_links_of_marks(printed: str, links: list[tuple[str, str]]) -> None:
    references = {"DEFINED": {"href": "d.md", "title": ""}}
    assert reduce_inline(printed, references)[1] == tuple(Link(text=text, href=href) for text, href in links)


PIECES = [
    "a", "b1", "_", "*", "**", "`", "``", " ", "[", "]", "(", ")", "](x)", "[l](h.md)", "!", "\\", "\\_", "&amp;", "&", "&nbsp;", ";",
    "<br>", "\n", "- ", "1. ", "<b>", "</b>", "~", "~~", "{", "{%", "%}", "{{", "}}", "{:", "é", "文", "：", ".", "<x>", "|", "\u00a0",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_short_way_reads_what_the_whole_grammar_reads(printed: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline, "reduce_simple", lambda *_, **__: None)
        expected = reduce_inline(printed)
    assert reduce_simple(printed, references=False) in {None, expected}


@given(st.text(st.characters(categories=["L", "N"], codec="utf-8"), min_size=1))
def test_words_are_their_own_text(word: str) -> None:
    assert reduce_inline(f"**{word}** `{word}` [{word}]({word}.md)") == (f"{word} {word} {word}", (Link(text=word, href=f"{word}.md"),))


def test_entities_are_decoded_only_where_they_are_ended() -> None:
    assert decode_entities("a=1&param=2 &amp;lt; &#x26; &para;") == "a=1&param=2 &lt; & ¶"


def test_markdown_inside_html_keeps_placeholders() -> None:
    assert render_html("**a\\_b** <accountID> <b>c</b>") == "<p><strong>a_b</strong> &lt;accountID&gt; <b>c</b></p>\n"


@pytest.mark.parametrize(
    "text", ["[" * 5000, "[a" * 5000, "![" * 5000, "[^a " * 5000, "[" * 2000 + "]" * 2000, "<![CDATA[" * 2000, "[!NOTE a" * 2000]
)
def test_text_whose_brackets_are_nested_without_end_is_kept_as_printed(text: str) -> None:
    assert reduce_inline(text) == (" ".join(text.split()), ())
    assert render_html(text) == text.replace("<", "&lt;")


def test_many_links_are_no_nested_brackets() -> None:
    text, links = reduce_inline("[a](b.md) [c] and [d [e]](f.md) " * 200)
    assert text.startswith("a [c] and d [e] a [c]")
    assert len(links) == 400


def test_comment_that_is_closed_in_another_paragraph_is_open_in_this_one() -> None:
    assert render_html("a <!-- b\n\nc --> d") == "<p>a &lt;!-- b</p>\n<p>c --&gt; d</p>\n"
