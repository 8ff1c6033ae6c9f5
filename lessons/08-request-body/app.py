from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    description: Optional[str] = None
    price: float
    tax: Optional[float] = None


@app.post("/items")
def create_item(item: Item):
    total = item.price + item.tax if item.tax else item.price
    return {"item_name": item.name, "total_price": total}
