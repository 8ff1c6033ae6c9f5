from typing import Optional

from fastapi import FastAPI

app = FastAPI()


# ANCHOR: handlers
@app.get("/items")
def list_items(
    skip: int = 0,
    limit: int = 20,
    search: Optional[str] = None,
    active: bool = True,
):
    return {"skip": skip, "limit": limit, "search": search, "active": active}


@app.get("/search")
def search_items(q: str):
    return {"query": q, "results": []}
# ANCHOR_END: handlers
