"""An endpoint in plain Python: verifies each call, allows, amends or refuses. Run: SIGNING_KEY=whsec_... python3 receiver.py [port]"""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE_SECONDS = 300
MOST_BYTES = 4 * 1024 * 1024


def verified(header: str, body: bytes, signing_key: str, now: float) -> bool:
    """Judges `zitadel-signature: t=<seconds>,v1=<hex>[,v1=<hex>]`, before any part of the body is read."""
    parts = [part.split("=", 1) for part in header.split(",") if "=" in part]
    times = [value for name, value in parts if name.strip() == "t"]
    if len(times) != 1 or not times[0].isdigit() or abs(now - int(times[0])) > TOLERANCE_SECONDS:
        return False
    signed = times[0].encode() + b"." + body
    expected = hmac.new(signing_key.encode(), signed, hashlib.sha256).hexdigest()
    given = [value.strip() for name, value in parts if name.strip() == "v1"]
    return any([hmac.compare_digest(expected, value) for value in given if value.isascii()])


def judge(call: dict) -> object:
    """What the answer says; None changes nothing."""
    order = call.get("event_payload")
    if not isinstance(order, dict):
        return None
    if order.get("total", 0) > 1000:
        return {"forwardedStatusCode": 403, "forwardedErrorMessage": "ask a manager"}
    # The complete new data of the event, not the envelope around them.
    return {**order, "reviewed": True}


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        if length > MOST_BYTES:
            return self.answer(413, None)
        body = self.rfile.read(length)
        header = self.headers.get("zitadel-signature", "")
        if not verified(header, body, os.environ["SIGNING_KEY"], time.time()):
            return self.answer(401, None)
        self.answer(200, judge(json.loads(body)))

    def answer(self, status: int, content: object) -> None:
        payload = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080), Endpoint)
    print(server.server_port, flush=True)
    server.serve_forever()
