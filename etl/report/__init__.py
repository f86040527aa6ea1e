"""The catalogue as one HTML file to look at: search, filters, each record with its document lines, findings, coverage.

    contents     published rows and documents -> what the page holds as JSON
    plots        the same rows -> bars and maps as HTML and SVG
    page         page.html with page.css, page.js, contents and plots -> one file that loads nothing

Vendors' text reaches the page as JSON and is shown as text, or is escaped here. Scripts and styles are bound by their
sha256 in the page's own Content-Security-Policy, so that nothing else would run or be fetched even if it got in.
"""

from __future__ import annotations

from etl.report.page import Report, build_report

__all__ = ["Report", "build_report"]
