"""HTTP to a QloApps web service: pooled connections, its strange answers turned into our errors, and nothing more.

An answer counts only if it parses into what was asked for; a status alone proves nothing there (``Fatal error`` comes
with 200). Reads are tried twice, writes once: a write whose outcome is not known raises ``Unknown``, and the caller
looks at the other side before it does anything again. Neither key nor guest's data get into an error or a log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from relevo.kit import log
from relevo.kit.errors import BadCredentials, Conflict, Misconfigured, NotReady, ProviderError

_log = log.get("pms.qloapps")

TIMEOUT = 10.0
CONNECTIONS = 8
"""Fewer than QloApps usually has workers, so that its own web site goes on."""
JSON = {"Output-Format": "JSON"}
XML = {"Content-Type": "text/xml; charset=utf-8"}
NOT_GRANTED = 25


class Settings(BaseModel):
    """Where the QloApps is and how to get in."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(pattern=r"^https?://[^/@\s]+[^@\s]*$")
    """With the host and port under which the shop knows itself; it redirects everybody else to its front page."""
    key: SecretStr
    hotel: int = Field(1, ge=1)
    currency: str | None = None
    """ISO code; None for the shop's first one."""
    settle_seconds: float = Field(2.0, ge=0)
    """How long after a sale it is looked at again: rivals that began before us have written by then."""
    timeout: float = Field(TIMEOUT, gt=0)


class Unknown(NotReady):
    """A write may have happened or not. Nothing may be written again before it was looked up."""

    def __init__(self) -> None:
        super().__init__("pms_unknown")


class Client:
    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=_api(settings.url),
            auth=httpx.BasicAuth(settings.key.get_secret_value(), ""),
            headers=JSON,
            timeout=httpx.Timeout(settings.timeout, pool=settings.timeout * 3),
            transport=transport or pooled(),
        )

    def __repr__(self) -> str:
        return f"Client({self._http.base_url.host})"

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, resource: str, **params: str) -> Any:
        """The parsed answer; None where there is no such thing."""
        try:
            response = await self._http.get(resource, params=params)
        except httpx.ConnectError:
            raise NotReady("pms_unreachable") from None
        except httpx.TransportError:
            # A kept connection that the server has closed meanwhile looks like this as well.
            response = await self._again(resource, params)
        return read_answer(response)

    async def list(self, resource: str, root: str | None = None, **params: str) -> list[dict[str, Any]]:
        """Rows of a list; an empty one comes as a bare ``[]``."""
        return read_rows(await self.get(resource, **params), root or resource)

    async def ask(self, resource: str, xml: str) -> Any:
        """A question that QloApps wants as a POST (``hotel_ari``): it changes nothing."""
        try:
            response = await self._http.post(resource, content=xml.encode(), headers=XML)
        except httpx.TransportError:
            raise NotReady("pms_unreachable") from None
        return read_answer(response)

    async def write(self, resource: str, xml: str) -> Any:
        """Raises ``Unknown`` unless it was surely done or surely refused."""
        try:
            response = await self._http.post(resource, content=xml.encode(), headers=XML)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise NotReady("pms_unreachable") from None
        except httpx.TransportError as error:
            _log.warning("a write has no answer", resource=resource, why=type(error).__name__)
            raise Unknown from None
        if response.status_code >= 500 or (response.is_success and not is_json_answer(response)):
            _log.warning("a write has an answer that says nothing", resource=resource, status=response.status_code)
            raise Unknown
        return read_answer(response)

    async def _again(self, resource: str, params: dict[str, str]) -> httpx.Response:
        try:
            return await self._http.get(resource, params=params)
        except httpx.TransportError:
            raise NotReady("pms_unreachable") from None


def pooled() -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    return httpx.AsyncHTTPTransport(limits=limits, trust_env=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One read, under the name its answer is to have."""

    name: str
    resource: str
    params: Mapping[str, str]
    xml: str | None = None


def read_now(settings: Settings, questions: Iterable[Question]) -> dict[str, Any]:
    """Several reads one after the other and blocking, for the start, when nothing else runs yet."""
    found: dict[str, Any] = {}
    key = settings.key.get_secret_value()
    with httpx.Client(
        base_url=_api(settings.url),
        auth=httpx.BasicAuth(key, ""),
        headers=JSON,
        timeout=settings.timeout,
        trust_env=False,
    ) as http:
        for question in questions:
            try:
                if question.xml is None:
                    response = http.get(question.resource, params=dict(question.params))
                else:
                    response = http.post(question.resource, content=question.xml.encode(), headers=XML)
            except httpx.TransportError:
                raise NotReady("pms_unreachable") from None
            found[question.name] = read_answer(response)
    return found


def read_answer(response: httpx.Response) -> Any:
    """What it says, as JSON with exact decimals; None for what does not exist. Raises one of our errors otherwise."""
    status = response.status_code
    if status in (401, 403):
        raise BadCredentials("pms_key")
    if status == 404 and not response.content:
        return None
    if response.is_redirect:
        raise Misconfigured("pms_host")
    if status >= 500 or status == 404:
        raise NotReady("pms_failed")
    if not is_json_answer(response):
        # With JSON asked for, XML or HTML is somebody else's page or a crash with the wrong status.
        raise NotReady("pms_failed")
    if not response.content:
        return {}
    answer = json.loads(response.content, parse_float=Decimal)
    if status >= 400:
        raise refusal(status, answer)
    return answer


def read_rows(answer: Any, root: str) -> list[dict[str, Any]]:
    rows = answer.get(root) if isinstance(answer, dict) else answer
    if rows is None or not isinstance(rows, list):
        raise NotReady("pms_failed")
    return rows


def is_json_answer(response: httpx.Response) -> bool:
    if not response.content:
        return response.request.method == "DELETE"
    try:
        json.loads(response.content)
    except ValueError:
        return False
    return True


def refusal(status: int, answer: Any) -> Exception:
    """Which of our errors a refusal is. Its words are English and for no guest; only what is known of them is read."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    if status == 405:
        return Misconfigured("pms_rights" if first.get("code") == NOT_GRANTED else "pms_refused")
    if "not available" in str(first.get("message", "")):
        return Conflict("no_room", room_type="")
    _log.warning("refused", status=status, reason=first.get("code"))
    return ProviderError("pms_refused")


def _api(url: str) -> str:
    return url.rstrip("/").removesuffix("/api") + "/api/"
