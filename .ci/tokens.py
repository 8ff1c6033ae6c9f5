"""Tokens and session cookies between four hands: our servers, FastAPI's, PyJWT and itsdangerous.

Run with the reference's Python, after `cargo build`. What ours signs the others verify, and the
other way round; with one letter changed, all of them refuse it.
"""

import base64
import importlib.util
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import itsdangerous
import jwt

ROOT = Path(__file__).resolve().parent.parent
WORKBOOK = ROOT / "target" / "debug" / "workbook"
LESSONS = {33: ROOT / "lessons/33-sessions", 34: ROOT / "lessons/34-json-web-tokens"}


@contextmanager
def running(command, folder, marker):
    """A server, as the address that it prints behind the marker."""
    server = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        for line in server.stderr:
            if marker in line:
                yield line.split(marker)[1].split()[0]
                return
        raise SystemExit(f"{command} has ended with {server.wait()}")
    finally:
        server.terminate()
        server.wait()


def ours(lesson):
    return running([WORKBOOK, "serve", str(lesson)], ROOT, "serving on ")


def theirs(lesson):
    uvicorn = [sys.executable, "-B", "-m", "uvicorn", "app:app", "--port", "0"]
    return running(uvicorn, LESSONS[lesson], "Uvicorn running on ")


def constants(lesson):
    """What the lesson's app.py defines; its keys are those of app.rs, or nothing below holds."""
    spec = importlib.util.spec_from_file_location("app", LESSONS[lesson] / "app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ask(url, data=None, **headers):
    """The status, the headers and the JSON of a reply."""
    request = urllib.request.Request(url, data, headers)
    try:
        reply = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        reply = error
    with reply:
        return reply.status, reply.headers, json.load(reply)


def claims(token, key):
    return jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp", "sub"]})


def spoilt(text):
    """The text with one letter of its last part changed."""
    other = "A" if text[-5] != "A" else "B"
    return text[:-5] + other + text[-4:]


def check(claim, holds):
    print(("ok   " if holds else "FAIL ") + claim)
    if not holds:
        raise SystemExit(1)


def tokens():
    key = constants(34).SECRET_KEY
    with ours(34) as rust, theirs(34) as python:
        form = b"username=alice&password=wonderland"
        issued = {url: ask(f"{url}/token", form)[2]["access_token"] for url in (rust, python)}
        seen = claims(issued[rust], key)
        check("PyJWT verifies a token of our server", seen["sub"] == "alice")
        check("its exp is in half an hour", abs(seen["exp"] - time.time() - 1800) < 60)
        try:
            claims(spoilt(issued[rust]), key)
            check("PyJWT refuses it with another signature", False)
        except jwt.InvalidSignatureError:
            check("PyJWT refuses it with another signature", True)
        made = jwt.encode({"sub": "bob", "exp": int(time.time()) + 60}, key, algorithm="HS256")

        def user(url, token):
            status, _, body = ask(f"{url}/users/me", Authorization=f"Bearer {token}")
            return body["username"] if status == 200 else status

        check("our server accepts a token of PyJWT", user(rust, made) == "bob")
        check("our server accepts a token of FastAPI", user(rust, issued[python]) == "alice")
        check("FastAPI accepts a token of our server", user(python, issued[rust]) == "alice")
        for url, who in ((rust, "our server"), (python, "FastAPI")):
            answers = {user(url, spoilt(token)) for token in issued.values()}
            check(f"{who} refuses each of them spoilt", answers == {401})


def sessions():
    signer = itsdangerous.TimestampSigner(constants(33).SECRET_KEY)
    with ours(33) as rust, theirs(33) as python:

        def visit(url, cookie):
            """How many visits a cookie stands for, with this one; and the next cookie."""
            _, headers, body = ask(f"{url}/visits", Cookie=cookie)
            return body["visits"], headers["set-cookie"].split(";")[0]

        first, cookie = visit(rust, "")
        data = signer.unsign(cookie.removeprefix("session="), max_age=60)
        seen = json.loads(base64.b64decode(data))
        check("itsdangerous verifies a cookie of our server", (first, seen) == (1, {"visits": 1}))
        second, cookie = visit(python, cookie)
        third, cookie = visit(rust, cookie)
        check("FastAPI and our server count on in each other's cookies", (second, third) == (2, 3))
        for url, who in ((rust, "our server"), (python, "FastAPI")):
            check(f"{who} starts anew with a spoilt one", visit(url, spoilt(cookie))[0] == 1)


tokens()
sessions()
