"""Sentry: told of our faults where a DSN is set, and of nothing personal."""

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

PROGRAM = """
import logging
from cloud.cli import _observe
from cloud.settings import Settings
_observe(Settings())
password = "a very private password"
try:
    raise RuntimeError("the fault")
except RuntimeError:
    logging.getLogger("cloud.test").exception("A run failed")
from fastapi import FastAPI
from fastapi.testclient import TestClient
app = FastAPI()

@app.get("/reset-password")
def reset(token: str):
    raise RuntimeError("the fault of a page")

client = TestClient(app, raise_server_exceptions=False)
client.get("/reset-password?token=token-of-a-mail", headers={"Cookie": "modamoda_session=a-browser"})
import sentry_sdk
sentry_sdk.flush(5)
"""


def test_a_fault_is_reported_without_local_variables(tmp_path: Path):
    received: list[bytes] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = {
        "MODAMODA_CLOUD_HOME": str(tmp_path),
        "MODAMODA_CLOUD_SENTRY_DSN": f"http://key@127.0.0.1:{server.server_port}/1",
    }
    subprocess.run([sys.executable, "-c", PROGRAM], env=os.environ | settings, check=True, capture_output=True)
    server.shutdown()
    server.server_close()
    told = b"".join(received)
    assert b"the fault" in told
    assert b"the fault of a page" in told
    for private in (b"very private", b"token-of-a-mail", b"a-browser"):
        assert private not in told
