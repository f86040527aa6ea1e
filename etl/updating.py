"""New versions of vendor documents: fetched from where the spec says, or saved by hand. Only a whole one takes the old one's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.errors import DocumentError, SpecError
from etl.fetch import FetchResult, fetch
from etl.fetch.http import FetchOptions
from etl.files import replace_file
from etl.limits import DEFAULT
from etl.read import decode_document
from etl.spec import SIDECAR, SUFFIX, Spec, find_specs, load_spec


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What became of fetching one source; `result` is None where its spec says no address."""

    source: str
    url: str | None
    result: FetchResult | None


def fetch_sources(
    raw: Path,
    sources: Sequence[str] = (),
    *,
    private_hosts: tuple[str, ...] = (),
    largest: int = DEFAULT.max_bytes,
    report: Callable[[str], None] | None = None,
) -> Iterator[Fetched]:
    """Fetch the documents of `sources` (all where empty) again. Raises SpecError for an unknown source or a broken spec."""
    specs = {path.name.removesuffix(SUFFIX): path for path in find_specs(raw)}
    for source in sources:
        if source not in specs:
            raise SpecError(
                "no such source", where=str(raw), found=repr(source), expected=f"one of {', '.join(specs)}", advice="name one of these"
            )
    for source, path in specs.items():
        if sources and source not in sources:
            continue
        spec = load_spec(path)
        if spec.download is None:
            yield Fetched(source=source, url=None, result=None)
            continue
        if report is not None:
            report(source)
        options = FetchOptions(content="html" if spec.format == "html" else "text", largest=largest, private_hosts=private_hosts)
        result = fetch(spec.download, into=path.parent / spec.document, sidecar=path.parent / f"{source}{SIDECAR}", options=options)
        yield Fetched(source=source, url=spec.download, result=result)


def update_source(raw: Path, source: str, page: Path) -> bool:
    """Put `page`, saved by hand, in the place of the document of `source`; False where it is the same already.

    Raises SpecError for an unknown source, DocumentError where the page is missing, empty or not of the spec's encoding:
    the old document then stays.
    """
    path = next((path for path in find_specs(raw) if path.name == f"{source}{SUFFIX}"), None)
    if path is None:
        raise SpecError(
            "no such source", where=str(raw), found=repr(source), expected=f"a file {source}{SUFFIX}", advice="`errcat sources` lists them"
        )
    spec = load_spec(path)
    content = _read_page(page, spec)
    target = path.parent / spec.document
    if target.exists() and target.read_bytes() == content:
        return False
    replace_file(target, content)
    (path.parent / f"{source}{SIDECAR}").unlink(missing_ok=True)
    return True


def _read_page(page: Path, spec: Spec) -> bytes:
    try:
        content = page.read_bytes()
    except OSError as error:
        raise DocumentError(
            "the new document cannot be read",
            where=str(page),
            found=error.strerror or str(error),
            expected="a page, saved by hand",
            advice="check its name",
        ) from error
    decode_document(content, name=page.name, encoding=spec.encoding)
    return content
