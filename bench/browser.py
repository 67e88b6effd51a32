"""A headless Chromium without a window, driven over its DevTools protocol. Found on the PATH; nothing is downloaded."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 30.0


def found() -> str:
    """The browser's program, or an end with a sentence that says what is missing."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        sys.exit(f"no browser: none of {', '.join(NAMES)} is on the PATH, and CHROMIUM names none")
    return program


class Page:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.errors: list[str] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        async with asyncio.timeout(PATIENCE):
            while True:
                message = json.loads(await self._socket.recv())
                if message.get("method") == "Runtime.exceptionThrown":
                    self.errors.append(str(message["params"]["exceptionDetails"].get("text")))
                if message.get("id") == number:
                    if "error" in message:
                        raise RuntimeError(f"{method}: {message['error']['message']}")
                    return dict(message["result"])

    async def run(self, script: str) -> Any:
        """The value of an expression or a promise, as if a person had caused it."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", "a script failed"))
        return answer["result"].get("value")

    async def until(self, script: str, seconds: float = PATIENCE) -> Any:
        """Wait until an expression is true; answers it."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if value := await self.run(script):
                        return value
                    await asyncio.sleep(0.1)
        except TimeoutError:
            seen = await self.run("document.body.innerText.slice(0, 600)")
            raise SystemExit(f"the page never came to: {script}\nit shows:\n{seen}") from None

    async def press(self, words: str) -> None:
        """Click the button that says this."""
        button = f"[...document.querySelectorAll('button')].find(b => b.innerText.trim() === {json.dumps(words)})"
        await self.until(f"!!{button} && !{button}.disabled")
        await self.run(f"{button}.click()")

    async def fill(self, selector: str, text: str) -> None:
        await self.until(f"!!document.querySelector({json.dumps(selector)})")
        await self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)


@asynccontextmanager
async def browser(*options: str, before: str = "") -> AsyncIterator[Page]:
    """A page in a new profile. ``before`` runs in it before any script of a page does."""
    with tempfile.TemporaryDirectory(prefix="relevo-browser-", ignore_cleanup_errors=True) as folder:
        command: Sequence[str] = [
            found(), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--no-first-run",
            "--no-default-browser-check", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
            *(["--no-sandbox"] if os.geteuid() == 0 else []), *options, "about:blank",
        ]  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            port = await _port(Path(folder) / "DevToolsActivePort")
            async with httpx.AsyncClient() as http:
                tabs = (await http.get(f"http://127.0.0.1:{port}/json/list")).json()
            url = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with connect(url, max_size=None, compression=None, proxy=None) as socket:
                page = Page(socket)
                await page.call("Page.enable")
                await page.call("Runtime.enable")
                if before:
                    await page.call("Page.addScriptToEvaluateOnNewDocument", source=before)
                yield page
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _port(file: Path) -> int:
    async with asyncio.timeout(PATIENCE):
        while True:
            text = await asyncio.to_thread(_read, file)
            if text.count("\n"):
                return int(text.split("\n")[0])
            await asyncio.sleep(0.1)


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""
