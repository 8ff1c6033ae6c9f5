from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

users = {}


class UserIn(BaseModel):
    username: str
    password: str
    email: str
    full_name: Optional[str] = None


class UserOut(BaseModel):
    username: str
    email: str
    full_name: Optional[str] = None


@app.post("/users", response_model=UserOut)
def create_user(user: UserIn):
    users[user.username] = user
    return user


@app.get("/users/{username}", response_model=UserOut)
def get_user(username: str):
    return users.get(username, {})
