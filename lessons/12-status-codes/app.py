from itertools import count

from fastapi import FastAPI, status
from pydantic import BaseModel

app = FastAPI()

items = {}
ids = count(1)


class Item(BaseModel):
    name: str
    price: float


# ANCHOR: handlers
@app.post("/items", status_code=status.HTTP_201_CREATED)
def create_item(item: Item):
    item_id = next(ids)
    items[item_id] = item
    return {"id": item_id, **item.model_dump()}


@app.delete("/items/{item_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_item(item_id: int):
    items.pop(item_id, None)


@app.get("/items/{item_id}", status_code=200)
def get_item(item_id: int):
    return items.get(item_id, {})
# ANCHOR_END: handlers
