"""A headless Chromium that opens a file without a network, driven over pipes by its protocol."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (.ci/run gets it)")
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe"),
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_PATIENCE_S = 300.0
#: What the accessibility checker finds wrong: rule, impact, and the first element.
_FAULTS = """axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
  .map(v => [v.id, v.impact, v.nodes[0].html.slice(0, 200)]))"""
_A4_IN = {"paperWidth": 8.27, "paperHeight": 11.69}


def axe_source() -> str:
    """The accessibility checker; skips the test where it was not fetched."""
    beside = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
    path = Path(os.environ.get("LOADMON_AXE", beside))
    if not path.is_file():
        pytest.skip("no axe-core here: npm install --no-save axe-core (.ci/run gets it)")
    return path.read_text(encoding="utf-8")


@dataclass
class Tab:
    """One page of a browser.

    Parameters
    ----------
    send, receive : int
        Ends of the pipes to and from the browser.
    folder : Path
        Where files that the page saves arrive.
    """

    send: int
    receive: int
    folder: Path
    session: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _rest: bytes = b""

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command and wait for its answer; what happens meanwhile is kept in `events`."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self.session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self.session
        os.write(self.send, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == number:
                assert "error" not in told, told["error"]
                answer: dict[str, Any] = told["result"]
                return answer
            self.events.append(told)

    def open(self, path: Path, *, fragment: str = "") -> None:
        """Open a file and wait until it is loaded."""
        address = path.as_uri() + fragment
        for step in ("about:blank", address):
            self.events.clear()
            self.call("Page.navigate", url=step)
            self.wait(lambda step=step: self._is_at(step))

    def wait(self, done: Any) -> None:
        """Wait until something holds."""
        until = time.monotonic() + _PATIENCE_S
        while not done():
            assert time.monotonic() < until, "the browser does not get there"
            time.sleep(0.02)

    def value(self, script: str) -> Any:
        """Value of a JavaScript expression in the page; a promise is waited for."""
        told = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key, as from the keyboard."""
        codes = {"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowLeft": 37, "Home": 36, "End": 35}
        codes |= {" ": 32, "Escape": 27}
        told: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": codes[key]}
        text = {"Enter": "\r", " ": " "}.get(key)
        for _ in range(times):
            down = "keyDown" if text else "rawKeyDown"
            self.call(
                "Input.dispatchKeyEvent", type=down, **told, **({"text": text} if text else {})
            )
            self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def screen(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """Set the size of the screen [px], and whether the reader prefers dark pages."""
        size = {"width": width, "height": height}
        self.call("Emulation.setDeviceMetricsOverride", **size, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Write what is seen as PNG."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(told["data"]))

    def pdf(self) -> bytes:
        """Print on A4."""
        told = self.call("Page.printToPDF", preferCSSPageSize=True, **_A4_IN)
        return base64.b64decode(told["data"])

    def complaints(self) -> list[str]:
        """Errors and warnings of the page since it was opened."""
        self.value("0")
        told = []
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                told.append(json.dumps(params["exceptionDetails"]))
            elif event.get("method") == "Log.entryAdded":
                told.append(params["entry"]["text"])
            elif event.get("method") == "Runtime.consoleAPICalled":
                told.append(json.dumps(params["args"]))
        return told

    def requests(self) -> list[str]:
        """Addresses that the page asked for since it was opened."""
        sent = [e for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return [e["params"]["request"]["url"] for e in sent]

    def _is_at(self, address: str) -> bool:
        """Whether the page at an address is loaded; while it changes there is no page to ask."""
        script = f"location.href === {json.dumps(address)} && document.readyState === 'complete'"
        with contextlib.suppress(AssertionError):
            return bool(self.value(script))
        return False

    def _next(self) -> dict[str, Any]:
        """Next message of the browser."""
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.receive], [], [], _PATIENCE_S)
            assert ready, "the browser does not answer"
            part = os.read(self.receive, 1 << 20)
            assert part, "the browser has gone"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told


@contextlib.contextmanager
def tab(folder: Path) -> Iterator[Tab]:
    """Start a browser of its own with one empty page, and end it afterwards."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    script = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
    command = [str(CHROMIUM), *_OPTIONS, f"--user-data-dir={folder / 'profile'}", "about:blank"]
    with subprocess.Popen(
        ["bash", "-c", script, "bash", *command],
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs_in)
        os.close(theirs_out)
        made = Tab(ours_out, ours_in, folder)
        try:
            _attach(made)
            yield made
        finally:
            with contextlib.suppress(AssertionError, OSError):
                made.call("Browser.close")
            os.close(ours_out)
            os.close(ours_in)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _attach(made: Tab) -> None:
    """Take hold of the page and listen to what it does."""
    pages: list[dict[str, Any]] = []
    while not pages:
        infos = made.call("Target.getTargets")["targetInfos"]
        pages = [info for info in infos if info["type"] == "page"]
    target = pages[0]["targetId"]
    made.session = made.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for part in ("Page", "Runtime", "Log", "Network"):
        made.call(f"{part}.enable")
    made.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(made.folder))


def shown(browser: Tab, html: str, name: str) -> Path:
    """Write a page beside the browser and open it."""
    path = browser.folder / f"{name.replace(' ', '_')}.html"
    path.write_text(html, encoding="utf-8")
    browser.open(path)
    return path


def faults(browser: Tab) -> list[Any]:
    """What the accessibility checker finds wrong; it looks at what is open and visible."""
    browser.value(f"{axe_source()};0")
    found: list[Any] = browser.value(_FAULTS)
    return found
