# SPDX-License-Identifier: MIT
"""A headless Chromium driven through its debugging pipe: messages of the DevTools protocol, each a
JSON object that ends in a zero byte, to file descriptor 3 and from 4. Needs nothing but Python.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-quic", "--disable-extensions", "--hide-scrollbars", "--mute-audio",
         "--disable-features=Translate,OptimizationHints,MediaRouter",
         "--remote-debugging-pipe")
SECONDS_MAX = 30


class BrowserError(Exception):
    """The browser did not do as it was told."""


def find_chromium():
    """Path of a Chromium, or None."""
    for name in (os.environ.get("CHROMIUM"),) + NAMES:
        if name and shutil.which(name):
            return shutil.which(name)
    return None


class Browser:
    """One browser with one page. Use it in a with statement."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="neardup-browser-")
        self.downloads = os.path.join(self.folder, "downloads")
        os.mkdir(self.downloads)
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        self.reader, self.writer = ours_in, ours_out
        self.process = self._start(program, theirs_in, theirs_out)
        self.buffer = b""
        self.events = []
        self.number = 0
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads)

    def _start(self, program, theirs_in, theirs_out):
        # The shell moves the two ends to the numbers that Chromium expects.
        command = ["/bin/sh", "-c", 'exec "$0" "$@" 3<&%d 4>&%d' % (theirs_in, theirs_out),
                   program, *FLAGS, "--user-data-dir=" + os.path.join(self.folder, "profile")]
        process = subprocess.Popen(
            command, pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(theirs_in)
        os.close(theirs_out)
        return process

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the browser and removes its folder."""
        self.session = None
        try:
            self.call("Browser.close")
        except (BrowserError, OSError):
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.reader)
        os.close(self.writer)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _receive(self, deadline):
        """The next message, or None when none came in time."""
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.reader], [], [], left)[0]:
                return None
            piece = os.read(self.reader, 1 << 16)
            if not piece:
                raise BrowserError("the browser ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        """Calls a method of the protocol and gives its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writer, data):]
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            answer = self._receive(deadline)
            if answer is None:
                raise BrowserError(f"no answer to {method} in {SECONDS_MAX} s")
            if answer.get("id") == self.number:
                break
            self.events.append(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def settle(self, seconds):
        """Collects events for a while."""
        deadline = time.monotonic() + seconds
        while True:
            message = self._receive(deadline)
            if message is None:
                return
            self.events.append(message)

    def open(self, address):
        """Opens a page and waits until it is loaded. Events of earlier pages are forgotten."""
        self.events = []
        self.call("Page.navigate", url=address)
        deadline = time.monotonic() + SECONDS_MAX
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            message = self._receive(deadline)
            if message is None:
                raise BrowserError(f"{address} was not loaded in {SECONDS_MAX} s")
            self.events.append(message)

    def run(self, expression):
        """The value of a JavaScript expression, run in the page's own world by the debugger."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            detail = result["exceptionDetails"]
            raise BrowserError(detail.get("exception", {}).get("description", detail["text"]))
        return result["result"].get("value")

    def press(self, key, code=None):
        """Presses and releases a key as a keyboard would."""
        text = key if len(key) == 1 else {"Enter": "\r"}.get(key)
        codes = {"Enter": 13, "Escape": 27, "Tab": 9}
        params = {"key": key, "code": code or key, "windowsVirtualKeyCode":
                  codes.get(key, ord(key[0].upper()))}
        self.call("Input.dispatchKeyEvent", type="keyDown", **params,
                  **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **params)

    def type(self, text):
        """Writes text into the field that has the focus."""
        self.call("Input.insertText", text=text)

    def view(self, width, height, scheme="light"):
        """Sets the size of the window and the colour scheme."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path, whole=True):
        """Saves what the page looks like."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data["data"]))

    def problems(self):
        """Errors of the console, exceptions, refusals of the policy, and requests that left."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            method = event.get("method")
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + json.dumps(params["exceptionDetails"])[:300])
            elif method == "Runtime.consoleAPICalled":
                found.append("console: " + json.dumps(params["args"])[:300])
            elif method == "Log.entryAdded":
                found.append("log: " + params["entry"]["text"][:300])
            elif method == "Page.javascriptDialogOpening":
                found.append("dialog: " + params["message"][:300])
            elif method == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if not url.startswith(("file:", "data:", "about:", "blob:")):
                    found.append("request: " + url[:300])
        return found
