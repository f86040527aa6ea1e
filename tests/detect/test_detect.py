"""What a detection tells besides records, and that no page breaks it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.detect import detect
from etl.detect.confidence import LAYOUTS
from etl.extract import BLOCK_LAYOUTS, MARKED_LAYOUTS, TEXT_LAYOUTS
from etl.read import document_from_text

PAGE = """# Error codes

| Code | Message |
|------|---------|
| 4001 | Invalid token |
| 4002 | Missing field |
| 4003 | Too many orders |

## Request parameters

| Name | Type | Required |
|------|------|----------|
| key | string | yes |
"""


def test_what_is_left_out_has_a_reason() -> None:
    detection = detect(document_from_text(PAGE, name="errors.md"))
    assert [found.table.header for found in detection.taken] == [("Code", "Message")]
    assert [found.table.header for found in detection.left_out] == [("Name", "Type", "Required")]
    assert all(found.reason for found in (*detection.taken, *detection.left_out))


def test_each_column_has_a_role_with_score_and_reason() -> None:
    roles = detect(document_from_text(PAGE, name="errors.md")).taken[0].roles
    assert [(role.head, role.role) for role in roles] == [("Code", "code"), ("Message", "message")]
    assert all(0 < role.score <= 1 and role.reason for role in roles)


def test_each_record_has_a_confidence() -> None:
    detection = detect(document_from_text(PAGE, name="errors.md"))
    assert len(detection.confidences) == len(detection.reading.records) == 3
    assert all(0.9 < sure < 1 for sure in detection.confidences)
    assert 0.9 < detection.confidence < 1


def test_an_odd_code_is_less_sure_than_the_others() -> None:
    more = "".join(f"| {number} | Bad field {number} |\n" for number in range(4010, 4030))
    page = PAGE.replace("| 4003 | Too many orders |\n", f"{more}| see below | Other |\n")
    confidences = detect(document_from_text(page, name="errors.md")).confidences
    assert confidences[-1] < min(confidences[:-1])


def test_a_weak_page_is_less_sure_than_a_plain_one() -> None:
    rows = "| 10 | Request failed |\n| 11 | Not found |\n| 12 | Invalid key |\n| 13 | Denied |\n"
    weak = f"# Values\n\n| Value | Meaning |\n|---|---|\n{rows}"
    assert detect(document_from_text(weak, name="values.md")).confidence < detect(document_from_text(PAGE, name="errors.md")).confidence


def test_a_page_without_codes_gives_nothing() -> None:
    detection = detect(document_from_text("# Hello\n\nNothing here.\n", name="hello.md"))
    assert (detection.spec, detection.draft, detection.reading.records, detection.confidence) == (None, None, (), 0.0)


_LINES = st.sampled_from(
    [
        "# Errors", "## 404 Not Found", "| Code | Message |", "|---|---|", "| 1 | a |", "| 2 |", "| | x | y |", "- 4001: bad",
        "* **E1** text", "", "Code: 1", "Message: x", "400", "BAD_NAME", "<table><tr><td>1</td></tr></table>",
        "<dl><dt>1<dd>x</dl>", "```", "1 | 2 | 3", "4001 bad name", "> x", "+---+", "|===",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_LINES, max_size=40), st.sampled_from(["a.md", "a.html", "a.rst", "a.adoc", "a.txt"]))
def test_no_mixture_of_layouts_breaks_it(lines: list[str], name: str) -> None:
    detection = detect(document_from_text("\n".join(lines) + "\nend\n", name=name))
    assert len(detection.confidences) == len(detection.reading.records)
    assert (detection.spec is None) == (not detection.taken)


def rate(*texts: str) -> float:
    rows = "".join(f"| {code} | {text} |\n" for code, text in enumerate(texts, start=4001))
    return detect(document_from_text(f"# Error codes\n\n| Code | Description |\n|---|---|\n{rows}", name="errors.md")).confidence


def test_labels_that_were_left_in_the_texts_cost_confidence() -> None:
    causes = ["The token is invalid.", "A field is missing.", "There are too many orders."]
    labelled = [f"{cause} Solution: try it once more." for cause in causes]
    assert rate(*causes) > 0.9
    assert rate(*labelled) < 0.75


def test_mark_up_that_was_left_in_the_texts_costs_confidence() -> None:
    causes = ["The token is invalid.", "A field is missing.", "There are too many orders."]
    assert rate(*causes) > 0.9
    assert rate(*(f"{cause} `<br />`" for cause in causes)) < 0.75


def test_list_that_only_links_to_a_page_for_each_status_is_rated_low() -> None:
    statuses = (400, 401, 403, 404, 500)
    linking = "".join(f"- [HTTP {status} status code](./{status}.md)\n" for status in statuses)
    telling = "".join(
        f"- [HTTP {status} {phrase}](./{status}.md)\n"
        for status, phrase in zip(statuses, ("Bad Request", "Unauthorized", "Forbidden", "Not Found", "Internal Error"), strict=True)
    )
    low, high = (detect(document_from_text(f"# Status codes\n\n## Errors\n\n{items}", name="errors.md")) for items in (linking, telling))
    assert [len(found.reading.records) for found in (low, high)] == [5, 5]
    assert low.confidence < 0.5 < high.confidence


def test_two_columns_for_one_text_cost_confidence() -> None:
    rows = "| 4001 | Invalid token | bad token |\n| 4002 | Missing field | no field |\n"
    page = f"# Error codes\n\n| Code | Message | API message |\n|---|---|---|\n{rows}"
    assert detect(document_from_text(page, name="errors.md")).confidence < detect(document_from_text(PAGE, name="errors.md")).confidence


def test_every_layout_is_rated() -> None:
    assert set(LAYOUTS) == {*MARKED_LAYOUTS, *BLOCK_LAYOUTS, *TEXT_LAYOUTS}
