"""Asks a relay as Python programs do: one JSON request a line on stdin, one JSON reply a line on stdout.

The published client uses `requests`; where that is not installed its header shape is made by http.client.
`urllib` and `chunked` are other shapes of the standard library. `socket` is a WebSocket client of its own.
"""

import base64
import http.client
import json
import os
import socket
import struct
import sys
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT = 10


def by_requests(ask):
    import requests

    reply = requests.request(
        ask["method"],
        ask["base"] + ask["path"],
        json=ask.get("body"),
        headers=bearer(ask, {"Content-Type": "application/json"}),
        params=ask.get("query"),
        timeout=TIMEOUT,
    )
    return reply.status_code, reply.headers.get("content-type", ""), reply.text


def by_http_client(ask):
    # As requests 2.28 over urllib3 writes them.
    headers = {
        "User-Agent": "python-requests/2.28.1",
        "Accept-Encoding": "gzip, deflate",
        "Accept": "*/*",
        "Connection": "keep-alive",
        "Content-Type": "application/json",
    }
    return connected(ask, bearer(ask, headers), False)


def chunked(ask):
    # Lower-case names, the body in chunks, the connection closed after it.
    headers = {"content-type": "application/json", "connection": "close", "te": "trailers"}
    return connected(ask, {name.lower(): value for name, value in bearer(ask, headers).items()}, True)


def connected(ask, headers, in_chunks):
    place = urllib.parse.urlsplit(ask["base"])
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=TIMEOUT)
    path = ask["path"]
    if ask.get("query"):
        path += "?" + urllib.parse.urlencode(ask["query"])
    body = None if ask.get("body") is None else json.dumps(ask["body"]).encode()
    if in_chunks and body is not None:
        pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
        headers["transfer-encoding"] = "chunked"
        connection.request(ask["method"], path, iter(pieces), headers, encode_chunked=True)
    else:
        connection.request(ask["method"], path, body, headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, reply.getheader("content-type", ""), text


def by_urllib(ask):
    url = ask["base"] + ask["path"]
    if ask.get("query"):
        url += "?" + urllib.parse.urlencode(ask["query"])
    body = None if ask.get("body") is None else json.dumps(ask["body"]).encode()
    headers = bearer(ask, {"Content-Type": "application/json"})
    asked = urllib.request.Request(url, body, headers, method=ask["method"])
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as reply:
            return reply.status, reply.headers.get("content-type", ""), reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("content-type", ""), error.read().decode()


def bearer(ask, headers):
    if ask.get("token") is not None:
        headers["Authorization"] = f"Bearer {ask['token']}"
    return headers


class Line:
    """A WebSocket of one agent: text frames both ways, pings answered."""

    def __init__(self, ask):
        place = urllib.parse.urlsplit(ask["base"])
        self.socket = socket.create_connection((place.hostname, place.port), TIMEOUT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (
                f"GET {ask['path']} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
                "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nUser-Agent: Python/3.11 aiohttp/3.8.4\r\n\r\n"
            ).encode()
        )
        self.stream = self.socket.makefile("rb")
        self.status = int(self.stream.readline().split()[1])
        while self.stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, value, kind=1):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.socket.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def receive(self):
        while True:
            first, second = self.stream.read(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self.stream.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self.stream.read(8))
            data = self.stream.read(size)
            kind = first & 0x0F
            if kind == 9:
                self.send(data, 10)
            elif kind == 1:
                return json.loads(data)
            elif kind == 8:
                return None


WAYS = {
    "requests": by_requests,
    "http.client": by_http_client,
    "urllib": by_urllib,
    "chunked": chunked,
}
lines = {}


def answer(ask):
    way = ask["way"]
    if way == "open":
        lines[ask["name"]] = Line(ask)
        return {"status": lines[ask["name"]].status}
    if way == "send":
        lines[ask["name"]].send(ask["value"])
        return {}
    if way == "receive":
        return {"value": lines[ask["name"]].receive()}
    status, content_type, text = WAYS[way](ask)
    return {"status": status, "type": content_type, "text": text}


for line in sys.stdin:
    try:
        told = answer(json.loads(line))
    except Exception as error:  # The caller's test fails with it.
        told = {"failure": f"{type(error).__name__}: {error}"}
    print(json.dumps(told), flush=True)
