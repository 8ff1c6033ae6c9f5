from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    description: Optional[str] = None
    price: float
    tax: Optional[float] = None
    tags: list[str] = []


@app.get(
    "/items/{item_id}",
    response_model=Item,
    response_model_exclude_unset=True,
)
def get_item(item_id: int):
    match item_id:
        case 1:
            return Item(name="Widget", price=9.99)
        case 2:
            return Item(name="Gadget", price=49.99, description="A cool gadget")
        case _:
            return Item(name="Default", price=0.0, description=None, tax=None, tags=[])
