from typing import Annotated, Optional

from fastapi import FastAPI, Query

app = FastAPI()

# ANCHOR: handlers
SearchText = Query(
    min_length=3,
    max_length=50,
    pattern=r"^[a-zA-Z0-9 ]+$",
    title="Search Query",
    description="Query for items to search in the database",
)
PageNumber = Query(ge=1, le=100, description="Page number (1-100)")
PageSize = Query(ge=1, le=50)


@app.get("/items")
def list_items(
    q: Annotated[Optional[str], SearchText] = None,
    page: Annotated[int, PageNumber] = 1,
    size: Annotated[int, PageSize] = 10,
):
    offset = (page - 1) * size
    return {"q": q, "page": page, "size": size, "offset": offset}
# ANCHOR_END: handlers
