"""A headless Chromium driven over its debugging pipe: pages are opened, asked, photographed and printed.

The DevTools protocol is JSON, one message a NUL byte, read by the browser on file descriptor 3 and written on 4; no
port is opened and nothing besides the standard library is needed. Knows nothing of what a page should look like: that
is page_check.py. Methods and events are those of https://chromedevtools.github.io/devtools-protocol.
"""

import base64
import dataclasses
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
import types
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ANSWER_S_MAX = 60.0  # a sanitized build on the same machine may keep a core to itself for a while
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",  # which a root shell and most containers cannot have; pages that are checked are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm too little for a tall screenshot
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
# Photographs are taken in strips: beyond some 16,000 pixels the compositor repeats what it has drawn before.
STRIP_PIXELS = 8_000


class ChromiumError(Exception):
    """The browser is missing, refused a command, or did not answer in time."""


def executable() -> str | None:
    """Where the browser is, or nothing where none is installed."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@dataclasses.dataclass(frozen=True)
class Event:
    """What a page reported without being asked."""

    method: str
    params: dict[str, Any]


class Chromium:
    """One browser process with a profile of its own, gone with the `with` block that opened it."""

    def __init__(self) -> None:
        path = executable()
        if path is None:
            raise ChromiumError("no Chromium is installed")
        self._profile = tempfile.TemporaryDirectory(prefix="page-check-", ignore_cleanup_errors=True)
        self._last_id = 0
        self._received = b""
        self._events: list[tuple[str, Event]] = []
        from_browser, browser_out = _pipe_above_standard()
        browser_in, to_browser = _pipe_above_standard()
        quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        joined = [(os.POSIX_SPAWN_DUP2, browser_in, 3), (os.POSIX_SPAWN_DUP2, browser_out, 4)]
        # It keeps crash reports and settings at home whatever its profile is, so it gets a home that goes with it.
        at_home = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self._pid = os.posix_spawn(path, [path, *_FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"],
                                   {**at_home, "HOME": self._profile.name}, file_actions=[*quiet, *joined], setpgroup=0)
        os.close(browser_in)
        os.close(browser_out)
        self._read = from_browser
        self._write = to_browser

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: types.TracebackType | None) -> None:
        # A browser whose pipe is closed ends by itself; one that hangs is ended with every process of its group.
        os.close(self._write)
        os.close(self._read)
        deadline = time.monotonic() + 5.0
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.killpg(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                break
            time.sleep(0.01)
        self._profile.cleanup()

    def call(self, method: str, params: dict[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """The result of one command; what is reported meanwhile waits for `events`."""
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        unsent = json.dumps(message).encode() + b"\0"
        while unsent:
            unsent = unsent[os.write(self._write, unsent):]
        deadline = time.monotonic() + _ANSWER_S_MAX
        while True:
            answer = self._next_message(deadline, method)
            if answer.get("id") == self._last_id:
                if "error" in answer:
                    raise ChromiumError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._keep(answer)

    def events(self, session: str) -> list[Event]:
        """What was reported on a session since this was last asked."""
        mine = [event for owner, event in self._events if owner == session]
        self._events = [(owner, event) for owner, event in self._events if owner != session]
        return mine

    def wait_for(self, session: str, method: str) -> None:
        """Returns once the session has reported `method`; reports before the last `events` do not count."""
        deadline = time.monotonic() + _ANSWER_S_MAX
        while not any(owner == session and event.method == method for owner, event in self._events):
            self._keep(self._next_message(deadline, method))

    def _keep(self, message: dict[str, Any]) -> None:
        if "method" in message:
            self._events.append((message.get("sessionId", ""), Event(message["method"], message["params"])))

    def _next_message(self, deadline: float, wanted: str) -> dict[str, Any]:
        while b"\0" not in self._received:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ChromiumError(f"{wanted}: no answer within {_ANSWER_S_MAX:.0f} s")
            part = os.read(self._read, 1 << 20)
            if not part:
                raise ChromiumError(f"{wanted}: the browser has ended")
            self._received += part
        message, self._received = self._received.split(b"\0", 1)
        return json.loads(message)


def _pipe_above_standard() -> tuple[int, int]:
    """A pipe whose ends keep clear of the descriptors 0 to 4, which the browser's process gets assigned."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


class Tab:
    """One page of a browser. Its viewport is as high as the document, so that page and viewport share coordinates."""

    def __init__(self, browser: Chromium) -> None:
        self._browser = browser
        target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = browser.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._browser.call(method, params, self._session)

    def show(self, width: int, scheme: str, media: str = "screen", scripts: bool = True) -> None:
        """How the next page is opened: CSS pixels across, `light` or `dark`, on `screen` or in `print`."""
        self.call("Page.bringToFront")  # a tab behind another is given no frames
        self._width = width
        self._height_set(900)
        self._scripts = scripts
        self.call("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self.call("Emulation.setEmulatedMedia",
                  {"media": media, "features": [{"name": "prefers-color-scheme", "value": scheme},
                                                {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, address: str) -> list[Event]:
        """Loads a page and lets it settle; returns what it reported from its first byte on."""
        self._browser.events(self._session)
        failure = self.call("Page.navigate", {"url": address}).get("errorText")
        if failure:
            raise ChromiumError(f"{address}: {failure}")
        self._browser.wait_for(self._session, "Page.loadEventFired")
        self._settle()
        self._height_set(max(900, int(self.evaluate("Math.ceil(document.documentElement.scrollHeight)"))))
        self._settle()
        return self._browser.events(self._session)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, as JSON would have it; a promise is waited for."""
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise ChromiumError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def photograph(self) -> list[bytes]:
        """The whole page as PNG, one pixel a CSS pixel, in strips of STRIP_PIXELS from the top."""
        strips = []
        for top in range(0, self._height, STRIP_PIXELS):
            clip = {"x": 0, "y": top, "width": self._width, "height": min(STRIP_PIXELS, self._height - top), "scale": 1}
            strips.append(base64.b64decode(self.call("Page.captureScreenshot", {"clip": clip})["data"]))
        return strips

    def print(self) -> bytes:
        """The page as PDF on A4, or on the paper that its own @page rule asks for."""
        paper = {"paperWidth": 210 / 25.4, "paperHeight": 297 / 25.4, "preferCSSPageSize": True,
                 "printBackground": True}
        return base64.b64decode(self.call("Page.printToPDF", paper)["data"])

    def _height_set(self, height: int) -> None:
        self._height = height
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": self._width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def _settle(self) -> None:
        # Two frames: one in which the page hears of its size, one in which what it then changed is laid out. A page
        # whose scripts are off is never told of frames, and changes nothing in them.
        if not self._scripts:
            return
        self.evaluate("document.fonts.ready.then(() => new Promise(done =>"
                      " requestAnimationFrame(() => requestAnimationFrame(() => done()))))")
