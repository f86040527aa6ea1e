"""The report in a real browser: search, filters, keys, a narrow screen; nothing runs or leaves that should not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etl.report import build_report
from tests.derived.hostile import OUTPUT, ROOT
from tests.report.catalogues import HOSTILE, build_hostile, write_many

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)")

VIEWS = ("codes", "findings", "coverage", "documents")


@dataclass(kw_only=True, slots=True)
class Opened:
    """A page in the browser, with all that it said on its console and all that it asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def count(self) -> str:
        return str(self.page.locator("#count").inner_text())

    def ids(self) -> list[str]:
        """The codes of the records that are shown."""
        return [str(text) for text in self.page.locator("#results > li .code").all_inner_texts()]

    def search(self, text: str) -> None:
        self.page.get_by_role("searchbox", name="Search codes, names, texts and ids").fill(text)

    def choose(self, label: str, value: str) -> None:
        self.page.locator("#codes").get_by_label(label, exact=True).select_option(value)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three reports on disk."""
    folder = tmp_path_factory.mktemp("reports")
    hostile, many = build_hostile(folder / "hostile"), write_many(folder / "many")
    pages = {
        "published": build_report(folder=OUTPUT, raw=ROOT / "raw"),
        "hostile": build_report(folder=hostile.out, raw=hostile.raw),
        "many": build_report(folder=many.out, raw=many.raw),
    }
    for name, report in pages.items():
        (folder / f"{name}.html").write_text(report.html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Opened]:
    """The report that the test names with `report`, else the published one. No test may make it say anything or ask for anything."""
    marker = request.node.get_closest_marker("parametrize")
    given = request.node.callspec.params if marker is not None else {}
    context = browser.new_context(
        viewport={"width": given.get("width", 1200), "height": 800}, java_script_enabled=given.get("scripts", True)
    )
    address = files[given.get("report", "published")].as_uri()
    found = Opened(page=context.new_page())
    found.page.on("console", lambda message: found.said.append(message.text))
    found.page.on("pageerror", lambda error: found.said.append(str(error)))
    found.page.on("dialog", lambda dialog: found.said.append(dialog.message))
    found.page.on("request", lambda asked: found.asked.append(asked.url))
    found.page.goto(address)
    yield found
    assert found.said == []
    assert {url.partition("#")[0] for url in found.asked if not url.startswith("data:")} == {address}
    context.close()


def test_all_codes_are_there_at_first(opened: Opened) -> None:
    assert opened.count() == "533 of 533 codes"
    assert len(opened.ids()) == 50


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("56", "56"),
        ("PR400-AN-0001", "PR400-AN-0001"),
        ("pr401-an-0023", "PR401-AN-0023"),
        ("DUPLICATE_APPLICATION", "56"),
        ("updox invalid recipient", "4070"),
        ("updox:5012", "5012"),
        ("activesync quota", "113"),
    ],
)
def test_search_finds(opened: Opened, query: str, first: str) -> None:
    opened.search(query)
    assert opened.ids()[0] == first


def test_search_answers_to_each_key(opened: Opened) -> None:
    counts = []
    for key in "mailbox":
        opened.page.locator("#query").press(key)
        counts.append(int(opened.count().split(" ")[0]))
    assert counts == sorted(counts, reverse=True)
    assert 0 < counts[-1] < counts[0]


def test_what_was_found_is_marked(opened: Opened) -> None:
    opened.search("mailbox quota")
    assert {text.lower() for text in opened.page.locator("#results mark").all_inner_texts()} == {"mailbox", "quota"}


def test_nothing_found_is_said(opened: Opened) -> None:
    opened.search("no such words anywhere")
    assert opened.ids() == []
    assert opened.count().startswith("Nothing fits")


def test_filters_filter(opened: Opened) -> None:
    opened.choose("Document", "personium")
    assert opened.count() == "233 of 533 codes"
    opened.choose("Class", "server_error")
    assert opened.count() == "41 of 533 codes"
    opened.choose("Flag", "blank_description")
    narrow = opened.count()
    opened.search("failed")
    assert int(opened.count().split(" ")[0]) <= int(narrow.split(" ")[0])
    opened.page.locator("#codes").get_by_role("button", name="Clear").click()
    opened.page.wait_for_function("document.getElementById('count').textContent.startsWith('533 of')")


def test_flag_filter_shows_flagged_records_alone(opened: Opened) -> None:
    opened.choose("Flag", "ambiguous")
    shown = opened.page.locator("#results > li")
    assert shown.count() == int(opened.count().split(" ")[0]) > 0
    assert all("ambiguous" in text for text in shown.locator(".tags").all_inner_texts())


def test_record_opens_with_its_lines_and_findings(opened: Opened) -> None:
    opened.search("ms-ascmd:113")
    button = opened.page.locator("#results h3 button")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    details = opened.page.locator(f"#{button.get_attribute('aria-controls')}")
    numbers = [int(str(item.get_attribute("data-line"))) for item in details.locator(".lines li").all()]
    document = (ROOT / "raw" / "ms-ascmd.txt").read_text(encoding="utf-8").split("\n")
    assert details.locator(".lines code").all_text_contents() == [document[number - 1] for number in numbers]
    assert "an empty cell was collapsed" in details.inner_text().lower() or "shifted cells" in details.inner_text()
    button.click()
    assert details.is_hidden()


def test_link_leads_to_a_record(opened: Opened) -> None:
    opened.search("healthvault:56")
    opened.page.locator("#results h3 button").click()
    opened.page.get_by_role("link", name="healthvault:136").click()
    assert opened.ids() == ["136"]
    assert opened.page.locator("#results h3 button").get_attribute("aria-expanded") == "true"
    opened.page.go_back()
    opened.page.goto(opened.page.url.partition("#")[0] + "#record=updox%3A4060")
    opened.page.wait_for_function("document.querySelector('#results .code').textContent === '4060'")


def test_keys_are_enough(opened: Opened) -> None:
    keys = opened.page.keyboard
    keys.press("/")
    keys.type("quota")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    second = opened.page.locator("#results > li").nth(1)
    assert second.locator("button").evaluate("button => button === document.activeElement")
    keys.press("Enter")
    assert second.locator(".details").is_visible()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert opened.page.locator("#query").evaluate("input => input === document.activeElement")
    keys.press("Escape")
    assert opened.count() == "533 of 533 codes"
    keys.press("/")
    assert opened.page.locator("#query").input_value() == "/"


def test_slash_in_the_search_is_a_character(opened: Opened) -> None:
    opened.page.locator("#query").press("/")
    assert opened.page.locator("#query").input_value() == "/"


def test_arrows_go_on_past_the_page(opened: Opened) -> None:
    opened.page.locator("#results > li").nth(49).locator("button").focus()
    opened.page.keyboard.press("ArrowDown")
    assert len(opened.ids()) == 100
    assert opened.page.locator("#results > li").nth(50).locator("button").evaluate("button => button === document.activeElement")


def test_landmarks_and_labels_are_there(opened: Opened) -> None:
    page = opened.page
    assert page.get_by_role("banner").count() == page.get_by_role("main").count() == page.get_by_role("contentinfo").count() == 1
    assert page.get_by_role("search", name="Codes").count() == 1
    assert page.get_by_role("navigation", name="Views").get_by_role("link").count() == len(VIEWS)
    for label in ("Document", "Class", "Flag"):
        assert page.get_by_role("combobox", name=label, exact=True).count() == 1
    assert page.locator("#count").get_attribute("aria-live") == "polite"
    first = page.locator("#results h3 button").first
    assert first.get_attribute("aria-controls")
    assert page.get_by_role("button", name="0 OK healthvault").count() == 1
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("link => link === document.activeElement")


@pytest.mark.parametrize("view", VIEWS)
def test_views_show_one_section(opened: Opened, view: str) -> None:
    opened.page.get_by_role("navigation").get_by_role("link", name=view.capitalize()).click()
    assert [name for name in VIEWS if opened.page.locator(f"#{name}").is_visible()] == [view]
    assert opened.page.locator("nav a[aria-current=page]").all_inner_texts() == [view.capitalize()]


def test_findings_are_filtered(opened: Opened) -> None:
    opened.page.locator("nav a[href='#findings']").click()
    findings = opened.page.locator("#findings")
    assert findings.locator("#finding-count").inner_text().endswith("findings")
    findings.get_by_label("Rule").select_option("duplicate_name")
    assert findings.locator(".list > li").count() == 2
    findings.get_by_label("Severity").select_option("info")
    assert findings.locator("#finding-count").inner_text() == "Nothing fits."


def test_coverage_says_the_numbers(opened: Opened) -> None:
    opened.page.locator("nav a[href='#coverage']").click()
    row = opened.page.get_by_role("row", name=re.compile("^ms-ascmd"))
    assert "71 of 78 filled, 7 empty in the document" in " ".join(row.locator(".unseen").all_text_contents())
    assert opened.page.locator("#coverage svg").count() > 20


@pytest.mark.parametrize(("report", "width"), [("hostile", 1200), ("hostile", 390)])
def test_vendor_s_text_stays_text(opened: Opened, report: str, width: int) -> None:
    opened.search("102")
    opened.page.locator("#results h3 button").click()
    assert opened.page.title() == "Status and error codes"
    assert opened.page.locator(".preview").text_content() == HOSTILE
    assert any(HOSTILE in str(text) for text in opened.page.locator(".lines code").all_text_contents())
    assert opened.page.locator("#results script, #results img").count() == 0
    assert opened.page.locator("script").count() == 2


@pytest.mark.parametrize("report", ["hostile"])
def test_document_that_is_not_at_hand_is_said(opened: Opened, report: str) -> None:
    opened.choose("Document", "bolt")
    opened.page.locator("#results h3 button").first.click()
    details = opened.page.locator("#results .details").first
    assert "changed since" in details.inner_text()
    assert details.locator(".cells dd").all_text_contents() == ["100", "No such user"]


@pytest.mark.parametrize("report", ["many"])
def test_many_records_are_shown_in_pages(opened: Opened, report: str) -> None:
    assert opened.count() == "20,001 of 20,001 codes"
    opened.search("request 19999")
    assert opened.count() == "1 of 20,001 codes"
    opened.search("token")
    assert opened.page.locator("#results > li").count() == 50
    opened.page.get_by_role("button", name="Show 50 more").click()
    assert opened.page.locator("#results > li").count() == 100
    assert opened.page.locator("#results > li").nth(50).locator("button").evaluate("button => button === document.activeElement")
    opened.choose("Flag", "withdrawn")
    opened.search("gone")
    opened.page.locator("#results h3 button").click()
    assert "999 as it was" in opened.page.locator("#results .details").inner_text()


@pytest.mark.parametrize("report", ["published", "hostile", "many"])
@pytest.mark.parametrize("width", [390])
def test_narrow_screen_needs_no_sideways_scrolling(opened: Opened, report: str, width: int) -> None:
    for view in VIEWS:
        opened.page.locator(f"nav a[href='#{view}']").click()
        if view == "codes":
            opened.page.locator("#results h3 button").first.click()
        assert opened.page.evaluate("document.scrollingElement.scrollWidth") <= width, view


@pytest.mark.parametrize("scripts", [False])
def test_page_says_so_where_scripts_do_not_run(opened: Opened, scripts: bool) -> None:  # noqa: FBT001 - a parameter of the fixture
    assert opened.page.get_by_text("Search and filters need JavaScript").is_visible()
    assert opened.page.locator("#coverage").is_visible()


def test_colours_follow_the_system(browser: Browser, files: dict[str, Path]) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(files["published"].as_uri())
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert grounds[0] != grounds[1]


def test_policy_would_stop_what_got_in(browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    inserted = '<script>document.title = "broken"</script><img src="http://127.0.0.1:9/x.png"><style>body { display: none }</style></body>'
    broken.write_text(files["hostile"].read_text(encoding="utf-8").replace("</body>", inserted), encoding="utf-8")
    page = browser.new_page()
    sent: list[str] = []
    page.on("response", lambda response: sent.append(response.url))
    page.goto(broken.as_uri())
    assert page.title() == "Status and error codes"
    assert page.evaluate("getComputedStyle(document.body).display") == "block"
    assert sent == [broken.as_uri()]
    page.close()
