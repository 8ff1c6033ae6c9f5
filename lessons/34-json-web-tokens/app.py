from datetime import datetime, timedelta, timezone
from typing import Annotated, Optional

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

# Examples, and in no use anywhere else.
SECRET_KEY = "example-key-of-lesson-34-32-bytes-or-more"
PASSWORDS = {"alice": "wonderland", "bob": "builder"}
LIFETIME = timedelta(minutes=30)

app = FastAPI()


# ANCHOR: dependencies
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")
optional_scheme = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)


def unauthorized(detail: str) -> HTTPException:
    return HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})


def verify(token: str) -> dict:
    try:
        return jwt.decode_complete(
            token, SECRET_KEY, algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
    except jwt.ExpiredSignatureError:
        raise unauthorized("Token has expired")
    except jwt.InvalidTokenError:
        raise unauthorized("Could not validate credentials")


def verified(token: Annotated[str, Depends(oauth2_scheme)]) -> dict:
    return verify(token)


def current_user(token: Annotated[dict, Depends(verified)]) -> str:
    user = token["payload"]["sub"]
    if user not in PASSWORDS:
        raise unauthorized("Could not validate credentials")
    return user
# ANCHOR_END: dependencies


class Token(BaseModel):
    access_token: str
    token_type: str


# ANCHOR: handlers
@app.post("/token")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    if PASSWORDS.get(form.username) != form.password:
        raise unauthorized("Incorrect username or password")
    claims = {"sub": form.username, "exp": datetime.now(timezone.utc) + LIFETIME}
    token = jwt.encode(claims, SECRET_KEY, algorithm="HS256")
    return Token(access_token=token, token_type="bearer")


@app.get("/users/me")
def read_me(user: Annotated[str, Depends(current_user)]):
    return {"username": user}


@app.get("/token/parts")
def read_parts(token: Annotated[dict, Depends(verified)]):
    return {
        "header": token["header"],
        "payload": token["payload"],
        "signature": token["signature"].hex(),
    }


@app.get("/greeting")
def greet(token: Annotated[Optional[str], Depends(optional_scheme)]):
    name = verify(token)["payload"]["sub"] if token is not None else "stranger"
    return {"message": f"Hello, {name}"}
# ANCHOR_END: handlers
