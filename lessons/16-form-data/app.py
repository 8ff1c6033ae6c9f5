from typing import Annotated

from fastapi import FastAPI, Form

app = FastAPI()


# ANCHOR: handlers
@app.post("/login")
def login(username: Annotated[str, Form()], password: Annotated[str, Form()]):
    if (username, password) == ("alice", "secret123"):
        return {"access_token": "fake-jwt-token", "token_type": "bearer"}
    return {"error": "Invalid credentials"}


@app.post("/register")
def register(
    username: Annotated[str, Form(min_length=3, max_length=50)],
    email: Annotated[str, Form()],
    password: Annotated[str, Form(min_length=8)],
    agree_terms: Annotated[bool, Form()],
):
    return {"username": username, "email": email, "agreed": agree_terms}
# ANCHOR_END: handlers
