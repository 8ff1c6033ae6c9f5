from fastapi import FastAPI, HTTPException, status
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    price: float


items = {
    1: Item(name="Widget", price=9.99),
    2: Item(name="Gadget", price=49.99),
}


# ANCHOR: handlers
@app.get("/items/{item_id}")
def get_item(item_id: int):
    if item_id in items:
        return items[item_id]
    raise HTTPException(status.HTTP_404_NOT_FOUND, f"Item with id {item_id} not found")


@app.put("/items/{item_id}")
def update_item(item_id: int, item: Item):
    if item_id not in items:
        raise HTTPException(404, "Item not found", headers={"X-Error": "item-not-found"})
    items[item_id] = item
    return item


@app.delete("/admin/items/{item_id}")
def admin_delete(item_id: int, admin_key: str):
    if admin_key != "secret":
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Not authorized to delete items")
    items.pop(item_id, None)
# ANCHOR_END: handlers
