from typing import Annotated, Optional

from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()


# ANCHOR: dependencies
def paging(skip: int = 0, limit: int = 20) -> dict:
    return {"skip": skip, "limit": limit}


def require_key(x_api_key: Annotated[Optional[str], Header()] = None):
    if x_api_key != "my-secret-key":
        raise HTTPException(403, "Invalid API key")
# ANCHOR_END: dependencies


# ANCHOR: handlers
@app.get("/items")
def list_items(
    page: Annotated[dict, Depends(paging)],
    _: Annotated[None, Depends(require_key)],
):
    return {"items": [], **page}


@app.get("/products")
def list_products(page: Annotated[dict, Depends(paging)]):
    return {"products": [], **page}
# ANCHOR_END: handlers
