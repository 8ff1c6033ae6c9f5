from typing import List, Optional

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


# ANCHOR: model
class Address(BaseModel):
    street: str
    city: str
    country: str = "US"


class OrderItem(BaseModel):
    product_id: int
    quantity: int
    unit_price: float


class Order(BaseModel):
    customer_name: str
    shipping_address: Address
    items: List[OrderItem]
    notes: Optional[str] = None
# ANCHOR_END: model


# ANCHOR: handlers
@app.post("/orders")
def create_order(order: Order):
    return {
        "customer": order.customer_name,
        "city": order.shipping_address.city,
        "item_count": len(order.items),
        "total": sum(item.quantity * item.unit_price for item in order.items),
    }
# ANCHOR_END: handlers
