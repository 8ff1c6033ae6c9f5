from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    id: int
    username: str


class Item(BaseModel):
    id: int
    name: str


# ANCHOR: health
@app.get(
    "/health",
    tags=["monitoring"],
    summary="Health Check",
    description="Returns service health status and version",
    response_description="Health status object",
)
def health():
    return {"status": "ok", "version": "1.0.0"}
# ANCHOR_END: health


# ANCHOR: routers
users = APIRouter(prefix="/users", tags=["users"])
user_items = APIRouter(prefix="/{user_id}/items", tags=["items"])
items = APIRouter(prefix="/items", tags=["items"])


@users.get("/")
def list_users():
    return [User(id=1, username="alice")]


@users.get("/{user_id}")
def get_user(user_id: int):
    return User(id=user_id, username="alice")


@user_items.get("/")
def list_user_items(user_id: int):
    return [Item(id=1, name=f"Widget of user {user_id}")]


@items.get("/")
def list_items():
    return [Item(id=1, name="Widget")]


users.include_router(user_items)
app.include_router(users)
app.include_router(items)
# ANCHOR_END: routers
