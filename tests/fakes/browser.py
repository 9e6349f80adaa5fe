"""A person at a real headless Chromium: opens an address and does what its page asks (sign in, approve, pay).

    BROWSER="python -m tests.fakes.browser %s" MODAMODA_TEST_EMAIL=… MODAMODA_TEST_PASSWORD=…

Talks to Chromium over its debugging pipe (Chrome DevTools Protocol, NUL between messages), so that nothing but
Chromium itself is needed. Ends when a page with a message and nothing to press is reached.
"""

import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from typing import Any

PATIENCE_S = 60
ACT = """(() => {
  if (window.acted) return 'waiting';
  const email = document.querySelector('#email'), approve = document.querySelector('button[value=approve]');
  const pay = [...document.querySelectorAll('form[method=post] button')].find(made => made.textContent === 'Pay');
  if (email) {
    email.value = %(email)s;
    document.querySelector('#password').value = %(password)s;
    window.acted = true;
    email.form.requestSubmit();
    return 'signing in';
  }
  for (const [button, word] of [[approve, 'approving'], [pay, 'paying']])
    if (button) { window.acted = true; button.click(); return word; }
  const message = document.querySelector('.message');
  return message ? 'end: ' + message.textContent : 'waiting';
})()"""


class Chromium:
    """One tab of a headless Chromium with a profile of its own."""

    def __init__(self, profile: str) -> None:
        heard, self._saying = os.pipe()
        self._hearing, said = os.pipe()
        options = "--headless=new --no-sandbox --disable-gpu --no-first-run --remote-debugging-pipe"
        command = f"exec {shutil.which('chromium')} {options} --user-data-dir={profile} 3<&{heard} 4>&{said}"
        self._process = subprocess.Popen(
            ["bash", "-c", command], pass_fds=(heard, said), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(heard)
        os.close(said)
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session: str | None = None

    def open(self, url: str) -> None:
        target = self.say("Target.createTarget", url=url)["targetId"]
        self._session = self.say("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def evaluate(self, script: str) -> Any:
        return self.say("Runtime.evaluate", expression=script, returnByValue=True).get("result", {}).get("value")

    def say(self, method: str, **words: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": words}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._saying, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                return answer.get("result", {})

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            block = os.read(self._hearing, 65536)
            if not block:
                raise SystemExit("Chromium has ended")
            self._rest += block
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


def main(url: str) -> None:
    words = {name: json.dumps(os.environ[f"MODAMODA_TEST_{name.upper()}"]) for name in ("email", "password")}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Chromium(profile)
        try:
            browser.open(url)
            until = time.monotonic() + PATIENCE_S
            while time.monotonic() < until:
                said = browser.evaluate(ACT % words)
                if str(said).startswith("end: "):
                    print(said, flush=True)  # noqa: T201
                    return
                time.sleep(0.2)
        finally:
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
