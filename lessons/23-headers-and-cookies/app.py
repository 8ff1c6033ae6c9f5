from typing import Optional

from fastapi import Cookie, FastAPI, Response

app = FastAPI()


# ANCHOR: handlers
@app.get("/with-headers")
def with_headers(response: Response):
    response.headers["X-Custom-Header"] = "my-value"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return {"message": "response has custom headers"}


@app.post("/login")
def login(response: Response):
    response.set_cookie(
        "session_token", "abc123xyz", max_age=3600, secure=True, httponly=True, samesite="lax"
    )
    return {"message": "logged in"}


@app.get("/profile")
def profile(session_token: Optional[str] = Cookie(default=None)):
    if session_token is None:
        return {"error": "not authenticated"}
    return {"message": f"profile for token {session_token[:8]}..."}


@app.post("/logout")
def logout(response: Response):
    response.delete_cookie("session_token")
    return {"message": "logged out"}
# ANCHOR_END: handlers
