from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel, Field, field_validator

app = FastAPI()


# ANCHOR: model
class Product(BaseModel):
    name: str = Field(
        description="Product name", examples=["Laptop", "Mouse"], min_length=1, max_length=100
    )
    price: float = Field(description="Price in USD (must be positive)", gt=0)
    quantity: int = Field(0, ge=0, le=10_000)
    sku: Optional[str] = Field(None, pattern=r"^[A-Z]{3}-[0-9]{4}$")

    @field_validator("name")
    @classmethod
    def name_must_not_be_empty(cls, name: str) -> str:
        trimmed = name.strip()
        if not trimmed:
            raise ValueError("name cannot be blank or whitespace")
        return trimmed
# ANCHOR_END: model


# ANCHOR: handlers
@app.post("/products")
def create_product(product: Product):
    return product
# ANCHOR_END: handlers
