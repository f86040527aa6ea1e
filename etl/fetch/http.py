"""One GET request, with nothing left to the server's good will: the address is checked, and time and size are bounded.

urllib3 speaks HTTP and TLS. What is here is what no HTTP library decides for its caller: which addresses may be asked,
what a redirect may lead to, how long all of it may take and how large the answer may be, packed or unpacked. No
credentials are ever sent: no cookies, no authorization, no user name in a URL, no proxy of the environment.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from etl import __version__
from etl.errors import FetchError

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import BaseHTTPResponse
    from urllib3.util import Url

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_CHUNK = 65_536

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchOptions:
    """The bounds of a fetch. Times are seconds, sizes bytes.

    content           what the document is: a page, or text of any kind (Markdown, reStructuredText, plain)
    connect_timeout   for one connection
    read_timeout      between two pieces of an answer
    deadline          for all of it, attempts and pauses included
    attempts          how often a passing fault (no connection, 429, 5xx, an answer cut short) is tried
    backoff           the first pause between attempts; each further one is twice as long, up to `longest_pause`
    longest_pause     a server that asks by Retry-After for a longer one is not asked again
    largest           an answer, as sent and unpacked
    most_redirects    in one attempt
    private_hosts     names of hosts that may have a private or loopback address; no others may
    ca_file           certificates to trust instead of the system's
    """

    content: Literal["html", "text"] = "text"
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    deadline: float = 300.0
    attempts: int = 4
    backoff: float = 1.0
    longest_pause: float = 60.0
    largest: int = 20_000_000
    most_redirects: int = 5
    private_hosts: tuple[str, ...] = ()
    ca_file: Path | None = None
    user_agent: str = f"errcat/{__version__}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A server's answer after all redirects. Header names are in lower case; `body` is unpacked, `b""` for all but status 200."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    moved_to: str | None
    """where the page has moved for good, as far as the redirects from the first on say so (301, 308)"""


class PassingError(FetchError):
    """A fault that another attempt may not meet."""


def get(url: str, *, headers: Mapping[str, str], options: FetchOptions, ends_at: float) -> Reply:
    """The answer to a GET request for `url`, redirects followed; `ends_at` is the deadline on `time.monotonic`'s clock.

    Raises PassingError where it did not come or was cut short, FetchError where it is refused: an address, redirect or
    URL that is not allowed, an answer too large or packed in a way that was not asked for.
    """
    asked, moved_to, moving = url, None, True
    seen: set[str] = set()
    while True:
        target = parse_url(url)
        if url in seen or len(seen) > options.most_redirects:
            raise FetchError(
                "the redirects do not end", where=asked, found=f"{len(seen)} redirects, the last to {url}",
                expected=f"at most {options.most_redirects}, none of them twice",
                advice="open the URL in a browser and take the one it ends at",
            )  # fmt: skip
        seen.add(url)
        status, answered, body = _ask_any(target, find_addresses(target, options), headers, options, ends_at)
        location = answered.get("location")
        if status not in _REDIRECTS or location is None:
            return Reply(url=url, status=status, headers=answered, body=body, moved_to=moved_to)
        try:
            following = urljoin(url, location)
        except ValueError as error:
            raise FetchError("the redirect leads to no URL", where=url, found=repr(location), expected="http or https") from error
        if target.scheme == "https" and parse_url(following).scheme != "https":
            raise FetchError(
                "the redirect leaves https", where=url, found=following, expected="a https URL", advice="look at the page in a browser"
            )
        moving = moving and status in (301, 308)
        if moving:
            moved_to = following
        url = following


def parse_url(url: str) -> Url:
    """The parts of an absolute http or https URL without a user name. Raises FetchError for any other."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url as split

    try:
        parts = split(url)
    except (LocationParseError, ValueError) as error:
        raise FetchError("this is no URL", where=repr(url), found=str(error), expected="http or https") from error
    if parts.scheme not in _PORTS or not parts.host:
        raise FetchError("this URL cannot be fetched", where=url, found=parts.scheme or "no scheme", expected="http or https, and a host")
    if parts.auth is not None:
        raise FetchError("the URL holds a user name", where=parts.host, expected="a page that needs no credentials", advice="remove it")
    return parts


def find_addresses(target: Url, options: FetchOptions) -> tuple[str, ...]:
    """The addresses of the host, each of them allowed. Raises FetchError for a host with any other, PassingError for none."""
    host = (target.host or "").strip("[]")
    port = target.port or _PORTS[target.scheme or "http"]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PassingError("the host has no address", where=target.url, found=str(error), expected="a host that resolves") from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host not in options.private_hosts:
        for address in addresses:
            if not is_public(address):
                raise FetchError(
                    "the host is not a public one",
                    where=target.url,
                    found=address if host == address else f"{host} is {address}",
                    expected="a public address",
                    advice=f"if the page is meant to come from there, allow it: --allow-private {host}",
                )
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, IPv4 addresses within IPv6 ones included."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _ask_any(
    target: Url, addresses: tuple[str, ...], headers: Mapping[str, str], options: FetchOptions, ends_at: float
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body from the first of the addresses that accepts a connection."""
    for address in addresses[:-1]:
        try:
            return _ask(target, address, headers, options, ends_at)
        except _NoConnectionError:
            continue
    return _ask(target, addresses[-1], headers, options, ends_at)


class _NoConnectionError(PassingError):
    """Nothing was sent: another address of the same host may be tried."""


def _ask(
    target: Url, address: str, headers: Mapping[str, str], options: FetchOptions, ends_at: float
) -> tuple[int, Mapping[str, str], bytes]:
    from urllib3.exceptions import HTTPError

    connection = _prepare(target, address, options)
    with _Watchdog(connection, ends_at) as watchdog:
        try:
            try:
                connection.connect()
            except ssl.SSLCertVerificationError as error:
                raise FetchError(
                    "the server's certificate is not to be trusted", where=target.url, found=error.verify_message, expected="a valid one"
                ) from error
            except (HTTPError, OSError) as error:
                raise _NoConnectionError("no connection", where=target.url, found=_describe(error, address)) from error
            watchdog.follow(connection)
            connection.timeout = options.read_timeout
            connection.request("GET", target.request_uri, headers={**headers, **_standing_headers(target, options)}, preload_content=False)
            response = connection.getresponse()
            answered = {name.lower(): value for name, value in response.headers.items()}
            body = _read_body(target, response, answered, options) if response.status == 200 else b""
        except (HTTPError, HTTPException, OSError, zlib.error, ValueError) as error:
            watchdog.check(target)
            raise PassingError("the answer broke off", where=target.url, found=_describe(error, address)) from error
        except FetchError:
            watchdog.check(target)
            raise
        finally:
            connection.close()
        watchdog.check(target)
        return response.status, answered, body


def _prepare(target: Url, address: str, options: FetchOptions) -> HTTPConnection:
    """A connection to the very address that was checked, so that a second answer of the name server changes nothing."""
    from urllib3.connection import HTTPConnection, HTTPSConnection

    connection: HTTPConnection
    if target.scheme == "http":
        connection = HTTPConnection(address, target.port or _PORTS["http"], timeout=options.connect_timeout)
    else:
        connection = HTTPSConnection(
            address,
            target.port or _PORTS["https"],
            timeout=options.connect_timeout,
            server_hostname=(target.host or "").strip("[]"),
            ssl_context=ssl.create_default_context(cafile=options.ca_file),
        )
    connection.response_class = _OpenEndedResponse
    return connection


class _OpenEndedResponse(HTTPResponse):
    """Does not stop at Content-Length: what comes behind it shows urllib3 that the length is wrong and the page would be cut."""

    def begin(self) -> None:
        super().begin()
        if self.length:
            self.length = None


def _standing_headers(target: Url, options: FetchOptions) -> dict[str, str]:
    return {
        "Host": target.netloc or "",
        "User-Agent": options.user_agent,
        "Accept": f"{'text/html, application/xhtml+xml' if options.content == 'html' else 'text/*'}, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _read_body(target: Url, response: BaseHTTPResponse, headers: Mapping[str, str], options: FetchOptions) -> bytes:
    """The whole body, unpacked. Raises FetchError where its size is not known or too large; a body cut short raises HTTPError."""
    chunked = headers.get("transfer-encoding", "").lower() == "chunked"
    if not chunked and response.length_remaining is None:
        raise FetchError(
            "the server does not say how long the page is", where=target.url, found="neither Content-Length nor chunks",
            expected="a page of which the end can be told", advice="save the page by hand: errcat update SOURCE FILE",
        )  # fmt: skip
    if (response.length_remaining or 0) > options.largest:
        raise _too_large(target, options)
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FetchError("the page is packed in a way that was not asked for", where=target.url, found=packing, expected="gzip or nothing")
    unpacker = _Unpacker() if packing != "identity" else None
    body = bytearray()
    while chunk := response.read1(_CHUNK, decode_content=False):
        for piece in unpacker.feed(chunk) if unpacker is not None else (chunk,):
            body += piece
            if len(body) > options.largest:
                raise _too_large(target, options)
        if response.tell() > options.largest:
            raise _too_large(target, options)
    if unpacker is not None and not unpacker.ended:
        raise PassingError("the answer broke off", where=target.url, found="the packed page has no end", expected="a whole gzip stream")
    return bytes(body)


class _Unpacker:
    """Unpacks gzip (RFC 1952), of one member or several, in pieces of bounded size. Raises zlib.error for anything else."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)  # 31: the gzip format

    @property
    def ended(self) -> bool:
        """Whether what was fed so far is whole."""
        return self._member.eof

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What `packed` adds."""
        while packed:
            if self._member.eof:
                self._member = zlib.decompressobj(wbits=31)
            piece = self._member.decompress(packed, _CHUNK)
            yield piece
            packed = self._member.unused_data or self._member.unconsumed_tail
            # zlib may hold back output although it has taken all input.
            while not packed and len(piece) == _CHUNK and not self._member.eof:
                piece = self._member.decompress(b"", _CHUNK)
                yield piece
                packed = self._member.unused_data


def _too_large(target: Url, options: FetchOptions) -> FetchError:
    expected, advice = f"at most {options.largest:,} bytes", "check the address; --max-bytes N allows more"
    return FetchError("the page is too large", where=target.url, expected=expected, advice=advice)


def _describe(error: Exception, address: str) -> str:
    return f"{type(error).__name__} from {address}: {error}"


class _Watchdog:
    """Ends a connection at the deadline, even one that sends a byte now and then and so never meets a read timeout."""

    def __init__(self, connection: HTTPConnection, ends_at: float) -> None:
        self._connection = connection
        self._socket: socket.socket | None = None
        self._ended = threading.Event()
        self._timer = threading.Timer(max(ends_at - time.monotonic(), 0.0), self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Watchdog:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def follow(self, connection: HTTPConnection) -> None:
        """Keep the socket, which the connection forgets once an answer that ends it has begun."""
        self._socket = connection.sock

    def check(self, target: Url) -> None:
        """Raises FetchError where the deadline has passed: whatever came, it may not be whole."""
        if self._ended.is_set():
            raise FetchError(
                "the deadline has passed", where=target.url, expected="an answer in time", advice="try again later, or allow more time"
            )

    def _end(self) -> None:
        self._ended.set()
        connected = self._socket or self._connection.sock
        if connected is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
