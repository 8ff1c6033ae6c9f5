from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, status


def trace(x_trace: Annotated[int | None, Header()] = None):
    print(f"trace {x_trace}")


def signed_in(x_user: Annotated[str, Header(min_length=3)]) -> str:
    print(f"signed_in {x_user}")
    if x_user not in {"alice", "bob", "root"}:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Unknown user")
    return x_user


# ANCHOR: dependencies
def admin_only(user: Annotated[str, Depends(signed_in)]):
    print("admin_only")
    if user != "root":
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Admins only")
# ANCHOR_END: dependencies


def confirmed(confirm: bool):
    print(f"confirmed {confirm}")
    if not confirm:
        raise HTTPException(status.HTTP_409_CONFLICT, "Not confirmed")


# ANCHOR: routers
app = FastAPI(dependencies=[Depends(trace)])
auth = APIRouter(prefix="/auth", tags=["auth"])
users = APIRouter(
    prefix="/users",
    tags=["users"],
    dependencies=[Depends(signed_in)],
    responses={401: {"description": "Unknown user"}},
)
admin = APIRouter(responses={403: {"description": "Admins only"}})
# ANCHOR_END: routers


@auth.get("/todo", status_code=status.HTTP_200_OK)
def list_todos():
    return ["Write a router"]


@users.get("/me")
def read_me(user: Annotated[str, Depends(signed_in)]):
    return {"name": user}


@users.get("/{user_id}")
def read_user(user_id: int, verbose: bool = False):
    return {"id": user_id, "verbose": verbose}


@admin.delete("/{user_id}", dependencies=[Depends(confirmed)])
def delete_user(user_id: int):
    return {"deleted": user_id}


@admin.get("/count", tags=["reports"])
def count_users():
    return {"users": 3}


# ANCHOR: app
users.include_router(
    admin,
    prefix="/admin",
    tags=["admin"],
    dependencies=[Depends(admin_only)],
    responses={403: {"description": "Not for you"}, 418: {"description": "A teapot"}},
)
auth.include_router(users)
app.include_router(auth)
app.include_router(admin, prefix="/v0/admin", deprecated=True)
# ANCHOR_END: app
