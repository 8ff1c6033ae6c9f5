from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from starlette.middleware.sessions import SessionMiddleware

# Examples, and in no use anywhere else.
SECRET_KEY = "example-key-of-lesson-33"
PASSWORDS = {"alice": "wonderland"}

# ANCHOR: app
app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=SECRET_KEY)
# ANCHOR_END: app


# ANCHOR: handlers
@app.get("/visits")
def count_visits(request: Request):
    visits = request.session.get("visits", 0) + 1
    request.session["visits"] = visits
    return {"visits": visits}


@app.delete("/visits")
def forget_visits(request: Request):
    request.session.pop("visits", None)
    return {"visits": 0}


@app.post("/login")
def login(
    request: Request, username: Annotated[str, Form()], password: Annotated[str, Form()]
):
    if PASSWORDS.get(username) != password:
        attempts = request.session.get("attempts", 0) + 1
        request.session["attempts"] = attempts
        raise HTTPException(401, f"Wrong name or password, attempt {attempts}")
    request.session.pop("attempts", None)
    request.session["user"] = username
    return {"message": f"Welcome, {username}"}


@app.get("/profile")
def profile(request: Request):
    if "user" not in request.session:
        raise HTTPException(401, "Not logged in")
    return {"user": request.session["user"], "visits": request.session.get("visits", 0)}


@app.post("/logout")
def logout(request: Request):
    request.session.clear()
    return {"message": "Logged out"}


@app.get("/about")
def about():
    return {"name": "A shop that counts"}
# ANCHOR_END: handlers
