"""Writes what FastAPI under uvicorn answers to requests for sockets and to what is sent over them:
the rows of the test in observed.rs.

Run with the reference's Python: `python observe.py > observed.jsonl`. A request is latin-1, frames
are hexadecimal. After each piece of a conversation stands what came back, and at last whether the
server has closed the connection and what the handler has received.
"""

import json
import logging
import socket
import struct
import threading
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket, WebSocketException

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
PATIENCE = 10
QUIET = 0.3

app = FastAPI()
heard = []
done = threading.Semaphore(0)


@app.websocket("/log/")
async def log(websocket: WebSocket):
    await websocket.accept()
    try:
        await follow(websocket)
    finally:
        done.release()


async def follow(websocket):
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            heard.append([int(message["code"]), message.get("reason") or ""])
            return
        text = message.get("text")
        heard.append(text if text is not None else message["bytes"].hex())
        match text:
            case "close":
                await websocket.close(4000, "why")
            case "close without a reason":
                await websocket.close()
            case "close with a bad code":
                await websocket.close(999)
            case "close with a long reason":
                await websocket.close(1000, "x" * 124)
            case "accept":
                await websocket.accept()
            case "return":
                return
            case "fail":
                raise ValueError
            case "refuse":
                raise HTTPException(418)
            case "leave":
                raise WebSocketException(4001, "reason")
            case "bytes":
                await websocket.send_bytes(b"\0\xff")
            case "text":
                await websocket.send_text("é")
            case "long":
                await websocket.send_text("x" * 200)


@app.websocket("/before/{what}")
async def before(websocket: WebSocket, what: str):
    match what:
        case "close":
            await websocket.close(4000, "reason")
        case "fail":
            raise ValueError
        case "refuse":
            raise HTTPException(418, "tea", headers={"x-a": "b"})
        case "leave":
            raise WebSocketException(4001, "reason")
        case "send":
            await websocket.send_text("x")
        case "receive":
            await websocket.receive_text()
        case "subprotocol":
            await websocket.accept(websocket.scope["subprotocols"][-1])
        case "headers":
            await websocket.accept(headers=[(b"X-Own", b"1"), (b"x-own", b"2")])


@app.websocket("/numbers/{n}")
async def numbers(websocket: WebSocket, n: int, q: int, x_a: Annotated[int, Header()] = 3):
    await websocket.accept()
    await websocket.send_json({"n": n, "q": q, "a": x_a})


def key(x_key: Annotated[str | None, Header()] = None):
    if x_key != "k":
        raise HTTPException(401, "no key", headers={"www-authenticate": "Key"})
    return x_key


@app.websocket("/locked")
async def locked(websocket: WebSocket, key: Annotated[str, Depends(key)]):
    await websocket.accept(key)


@app.post("/numbers/{n}")
def post(n: int):
    return n


def request(path="/log/", method="GET", **changes):
    headers = {
        "Host": "h",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{method} {path} HTTP/1.1"]
    for name, values in headers.items():
        values = [values] if isinstance(values, str) else values
        lines += [f"{name}: {value}" for value in values or []]
    return "\r\n".join(lines) + "\r\n\r\n"


def asked(name, values):
    return [request(**{name: value}) for value in values]


REQUESTS = [
    request(),
    request("/log"),
    request("/nowhere"),
    request("/docs"),
    request("/log/", "POST"),
    request("/numbers/1", "POST"),
    request("/numbers/1", Connection=None),
    *asked("Upgrade", [None, "WebSocket", "websocket, x", "h2c", ["x", "websocket"], ["websocket", "x"]]),
    *asked("Connection", [None, "x, UPGRADE", ",,upgrade ,", "upgrade, a b", "upgrade;", "upgrade, \xe9"]),
    *asked("Connection", [["close", "upgrade"], ["a b", "upgrade"], ["é", "upgrade"]]),
    *asked("Sec-WebSocket-Key", [None, "", "abc", "YWJj", "a", "=", "====", "YW=J", "YWJj=", "Y Wj", "\xe9"]),
    *asked("Sec-WebSocket-Key", [[KEY, KEY], KEY + "=", KEY + "A", KEY[:-1], "AAAAAAAAAAAAAAAAAAAAAAA=", "A" * 21]),
    *asked("Sec-WebSocket-Version", [None, "", "8", "13, 8", ["13", "13"], "\xe9"]),
    *asked("Origin", ["http://a", "null", ["http://a", "http://a"]]),
    *asked("Sec-WebSocket-Protocol", ["a, b", "a b", "", ",", "a,,b,", "a;b", '"a"']),
    *asked("Sec-WebSocket-Extensions", ["x", "a b", "a; b", "a; b=c; d", "a;", "a; b=", 'a; b="c"', 'a; b="\\c"']),
    *asked("Sec-WebSocket-Extensions", ['a; b="c', 'a; b="c d"', 'a; b=""', "a=b", "a; b c", "a,,b", "", 'a; b="\xe9"']),
    *(request(f"/before/{what}") for what in "close fail refuse leave send receive return headers".split()),
    request("/before/subprotocol", Sec_WebSocket_Protocol=["a, b", "c"]),
    *(request(path) for path in ["/numbers/1?q=2", "/numbers/x?q=2", "/numbers/1", "/numbers/1?q=x"]),
    request("/numbers/1?q=2", x_a="z"),
    request("/locked"),
    request("/locked", x_key="k"),
]


def frame(opcode, data=b"", last=1, reserved=0, mask=True, length=None):
    length = len(data) if length is None else length
    bit = 0x80 if mask else 0
    head = bytes([last << 7 | reserved << 4 | opcode])
    if length < 126:
        head += bytes([bit | length])
    elif length < 65536:
        head += bytes([bit | 126]) + struct.pack("!H", length)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", length)
    return (head + b"\1\2\3\4" + bytes(byte ^ (at % 4 + 1) for at, byte in enumerate(data))) if mask else head + data


def text(words):
    return frame(1, words.encode())


def close(code, reason=b""):
    return frame(8, struct.pack("!H", code) + reason)


MIB = 2**20
CODES = [0, 999, *range(1000, 1017), 1100, 2999, 3000, 4000, 4999, 5000, 65535]

# Each piece is sent when the one before has been answered; then whether the server closes.
CONVERSATIONS = [
    ([text("hello"), text(""), text("é🐍"), frame(2, b"\0\xff"), frame(2)], False),
    ([text("text"), text("long"), text("bytes")], False),
    ([frame(1, b"x" * 125), frame(1, b"x" * 126), frame(2, b"x" * 300)], False),
    ([text("a") + text("b") + frame(9, b"p") + text("c")], False),
    ([text("hello")[:1], text("hello")[1:5], text("hello")[5:]], False),
    ([b"\x81\xfe\0\1\0\0\0\0x", b"\x81\xff\0\0\0\0\0\0\0\1\0\0\0\0x"], False),
    ([frame(1, b"a", 0) + frame(9, b"x") + frame(0, b"b", 0) + frame(0, b"c"), text("d")], False),
    ([frame(2, b"\1", 0), frame(0, b"\2")], False),
    ([frame(1, b"\xe2\x82", 0) + frame(0, b"\xac")], False),
    ([frame(9), frame(9, b"x" * 125), frame(10, b"x")], False),
    ([frame(0, b"a")], True),
    ([frame(1, b"a", 0) + frame(1, b"b")], True),
    ([frame(1, b"a", 0) + frame(2, b"b")], True),
    ([frame(1, b"a", 0) + close(1000)], True),
    ([frame(1, b"a", 0) + close(999)], True),
    ([frame(1, b"a", mask=False)], True),
    *(([frame(opcode, b"a")], True) for opcode in [3, 7, 11, 15]),
    *(([frame(1, b"a", reserved=reserved)], True) for reserved in [1, 2, 4]),
    ([frame(3, b"a", mask=False)], True),
    ([frame(9, b"x" * 126)], True),
    ([frame(9, b"x", 0)], True),
    ([frame(9, b"x" * 126, 0, 1)], True),
    *(([frame(1, data)], True) for data in [b"\xff", b"a\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80"]),
    ([frame(1, b"a", 0) + frame(0, b"\xff")], True),
    ([frame(1, b"\xff") + text("a")], True),
    ([text("a") + frame(1, b"\xff")], True),
    ([text("a") + frame(3)], True),
    ([frame(9, b"x") + frame(3)], True),
    ([frame(8)], True),
    ([frame(8, b"\3")], True),
    *(([close(code, b"r")], True) for code in CODES),
    *(([close(1000, reason)], True) for reason in [b"a\xff", b"a\xc3", b"\xc3a", b"\xe2\x82", b"\xf5", "é".encode()]),
    ([close(1000, b"r" * 123)], True),
    ([close(1000, b"r" * 124)], True),
    ([close(1000) + text("x")], True),
    ([close(1000) + frame(3)], True),
    *(([frame(opcode, length=16 * MIB + 1)], True) for opcode in [1, 2, 9]),
    ([frame(1, length=2**63)], True),
    ([frame(1, b"a", 0) + frame(0, length=16 * MIB)], True),
    ([frame(1, b"", 0) + frame(0, length=16 * MIB + 1)], True),
    ([b"GET / HTTP/1.1\r\n\r\n"], True),
    ([text("close"), close(4000, b"why")], True),
    ([text("close"), close(1000)], True),
    ([text("close"), text("x") + frame(9, b"p"), frame(8)], True),
    ([text("close"), frame(1, b"\xff") + frame(8)], True),
    ([text("close"), frame(3)], True),
    ([text("close without a reason"), close(1000)], True),
    *(([text(f"close with a {what}")], True) for what in ["bad code", "long reason"]),
    *(([text(what)], True) for what in ["accept", "return", "fail", "refuse"]),
    ([text("leave"), close(4001)], True),
]


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(PATIENCE)
    return connection


def read_head(connection):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    status = int(first.split()[1])
    headers = [line.split(": ", 1) for line in lines]
    left_out = ["connection", "date", "server"]
    return status, sorted([name.lower(), value] for name, value in headers if name.lower() not in left_out)


def read_until_quiet(connection):
    connection.settimeout(QUIET)
    read = b""
    try:
        while piece := connection.recv(65536):
            read += piece
    except TimeoutError:
        pass
    connection.settimeout(PATIENCE)
    return read


def read_to_end(connection):
    read = b""
    try:
        while piece := connection.recv(65536):
            read += piece
    except ConnectionError:
        pass
    return read


def answer(port, head):
    connection = connect(port)
    connection.sendall(head.encode("latin-1"))
    status, headers = read_head(connection)
    length = int(dict(map(tuple, headers)).get("content-length", 0))
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    connection.close()
    if status == 101 and "GET /log/" in head:
        assert done.acquire(timeout=PATIENCE)
    return [status, headers, body.decode()]


def converse(port, pieces, ends):
    connection = connect(port)
    connection.sendall(request().encode())
    read_head(connection)
    heard.clear()
    replies = []
    for at, piece in enumerate(pieces):
        connection.sendall(piece)
        is_last = ends and at == len(pieces) - 1
        reply = read_to_end(connection) if is_last else read_until_quiet(connection)
        replies.append(reply.hex())
    connection.close()
    assert done.acquire(timeout=PATIENCE)
    return [replies, list(heard)]


def main():
    logging.disable()
    config = uvicorn.Config(app, port=0, http="h11", ws="websockets-sansio", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    for head in REQUESTS:
        print(json.dumps({"kind": "request", "given": head, "seen": answer(port, head)}))
    for pieces, ends in CONVERSATIONS:
        given = [[piece.hex() for piece in pieces], ends]
        print(json.dumps({"kind": "conversation", "given": given, "seen": converse(port, pieces, ends)}))
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
