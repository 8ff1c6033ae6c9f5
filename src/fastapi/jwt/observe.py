"""Writes what PyJWT makes of claims and tokens: the rows of the test in tests.rs.

Run with the reference's Python: `python observe.py > observed.jsonl`.
"""

import base64
import hashlib
import hmac
import json
import warnings
from datetime import datetime

import jwt
from jwt import api_jwt

warnings.simplefilter("ignore")

KEY = "example-key-that-has-32-bytes-or-more"
NOW = 1_800_000_000


class Frozen(datetime):
    """Half a second after NOW, whenever it is asked."""

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW + 0.5, tz)


api_jwt.datetime = Frozen

HS256 = '{"alg":"HS256","typ":"JWT"}'

HEADERS = """
    {"alg":"HS256"} {"typ":"JWT","alg":"HS256"} {"alg":"HS256","typ":7} {"alg":"hs256"} {"alg":"HS512"} {"alg":"none"}
    {"alg":"None"} {"alg":null} {"alg":["HS256"]} {"alg":7} {"alg":""} {"typ":"JWT"} {} [] null 7 "HS256" nul {"alg":"HS256"
    {"alg":"none","alg":"HS256"} {"alg":"HS256","alg":"none"} {"alg":"HS256","kid":"1"} {"alg":"HS256","kid":1}
    {"alg":"HS256","kid":null} {"alg":"HS256","crit":[]} {"alg":"HS256","crit":["exp"]} {"alg":"HS256","crit":["b64"]}
    {"alg":"HS256","crit":["b64"],"b64":true} {"alg":"HS256","crit":["b64","b64"],"b64":1} {"alg":"HS256","crit":"b64","b64":true}
    {"alg":"HS256","crit":["b64",7],"b64":true} {"alg":"HS256","crit":null} {"alg":"HS256","b64":false} {"alg":"HS256","b64":0}
    {"alg":"HS256","b64":true} {"alg":"HS256","b64":null} {"alg":"HS256","crit":["b64"],"b64":false} {"alg":"HS256","zip":"DEF"}
    {"alg":"HS256","jwk":{}} {"alg":"RS256"} {"alg":"HS256","cty":"JWT"}
""".split()

TIMES = """
    1800000001 1800000000 1799999999 0 -1 1800000001.9 1800000000.9 1800000000.0 1e300 -1e300 1e400 NaN true false null
    "1800000001" "1800000000" "+1800000001" "1_800_000_001" "1800000001.0" "" "soon" [] {} [1800000001] 01 1.8e9
    99999999999999999999999999 -99999999999999999999999999 "99999999999999999999999999"
""".split() + ['" 1800000001\\n"']

CLAIMS = """
    {} {"sub":"a"} {"sub":""} {"sub":1} {"sub":null} {"sub":["a"]} {"jti":"a"} {"jti":1} {"jti":null} {"aud":"a"} {"aud":""}
    {"aud":[]} {"aud":["a"]} {"aud":null} {"aud":0} {"aud":1} {"aud":0.0} {"aud":false} {"aud":true} {"aud":{}} {"aud":{"a":1}}
    {"iss":"a"} {"iss":1} {"sub":"a","sub":1} {"sub":1,"sub":"a"} [] null "a" 1 nul {"a":1}x {"a":1,} {"a":"\\u0000\\ud83d\\ude00"}
    {"a":[1.0,-0.0,1e16,12345678901234567890]} {"exp":1799999999,"nbf":1800000001} {"exp":1799999999,"aud":"a"}
    {"exp":1799999999,"sub":1} {"iat":1800000001,"exp":1799999999} {"exp":1800000001,"iat":1800000000,"nbf":1800000000}
""".split()


def part(text):
    data = text if isinstance(text, bytes) else text.encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header, payload):
    text = f"{part(header)}.{part(payload)}"
    return f"{text}.{part(hmac.digest(KEY.encode(), text.encode(), hashlib.sha256))}"


def resigned(header, payload):
    """Parts that are not what they should be, under a good signature."""
    text = f"{header}.{payload}"
    return f"{text}.{part(hmac.digest(KEY.encode(), text.encode(), hashlib.sha256))}"


def verdict(token, require):
    try:
        seen = jwt.decode_complete(token, KEY, algorithms=["HS256"], options={"require": require})
    except jwt.ExpiredSignatureError:
        return "expired"
    except jwt.InvalidTokenError:
        return "invalid"
    # As text: it may hold numbers that others read differently.
    return [json.dumps(seen["header"]), json.dumps(seen["payload"]), seen["signature"].hex()]


def judge(token, require=()):
    row("decode", [token, list(require), NOW], verdict(token, list(require)))


def row(kind, given, seen):
    print(json.dumps({"kind": kind, "given": given, "seen": seen}))


for claims in CLAIMS:
    try:
        claims = json.loads(claims)
    except ValueError:
        continue
    if isinstance(claims, dict) and not isinstance(claims.get("iss", ""), int):
        row("encode", json.dumps(claims), jwt.encode(claims, KEY, algorithm="HS256"))
for header in HEADERS:
    judge(signed(header, '{"sub":"a"}'))
for name in ["exp", "nbf", "iat"]:
    for time in TIMES:
        judge(signed(HS256, f'{{"{name}":{time}}}'))
for payload in CLAIMS:
    for require in [[], ["exp"], ["sub"], ["a", "sub"]]:
        judge(signed(HS256, payload), require)
for payload in [b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"{\0}\0", b"\xff", b'{"a":"\xff"}', b"", b" {} "]:
    judge(signed(HS256, payload))
    judge(signed(payload, "{}"))

GOOD = signed(HS256, '{"sub":"ab"}')
HEAD, BODY, TAIL = GOOD.split(".")
for token in ["", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", HEAD, f"{HEAD}.{BODY}", f"{HEAD}.{BODY}.", f".{BODY}.{TAIL}",
              f"{HEAD}..{TAIL}", f"{BODY}.{HEAD}.{TAIL}", f"{GOOD}.", f".{GOOD}", f"{GOOD}.{TAIL}", f" {GOOD}", f"{GOOD} ",
              f"{GOOD}\n", f"{GOOD}é", f"{GOOD}=", f"{GOOD}==", f"{GOOD}===", f"{GOOD}A", f"{GOOD}AA", f"{GOOD}A=", "é.é.é",
              GOOD.swapcase(), GOOD.replace("e", "%65"), f"{HEAD}.{BODY}.{'A' * 43}", f"{HEAD}.{BODY}.====", f"{HEAD}.{BODY}.="]:
    judge(token)
for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=!":
    judge(GOOD[:-1] + letter)
for at in range(0, len(GOOD), 3):
    judge(GOOD[:at] + GOOD[at + 1:])
for head, body in [(HEAD + "=", BODY), (HEAD, BODY + "="), (HEAD, BODY + "=="), (HEAD, BODY + "==="), (HEAD, "="), (HEAD, ""),
                   ("", BODY), (part('{"alg":"HS256"}'), part('{"a":1}') + "=="), (part('{"alg":"HS256"}') + "=", BODY),
                   (part('{"alg":"HS256"}') + "==", BODY), (HEAD, part('{"a":12}') + "="), (HEAD, part('{"a":12}') + "=="),
                   (HEAD, "e31"), (HEAD, "e30"), (HEAD, "e3"), (HEAD, "e30\n"), (HEAD, "e30+"), (HEAD, "e.30")]:
    judge(resigned(head, body))
