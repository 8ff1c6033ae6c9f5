import warnings

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()


# ANCHOR: model
class Book(BaseModel):
    """A book on the shelf."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "title": "The Catcher in the Rye",
                "description": "Three days in New York",
                "rating": 5,
            }
        }
    )

    title: str = Field(min_length=3, max_length=40, description="As it is on the cover")
    description: str = Field(min_length=1, max_length=100, examples=["A sea voyage", "A trial"])
    rating: int = Field(title="Stars", gt=0, lt=6)
    year: int | None = Field(None, ge=1450, json_schema_extra={"example": 1951})
    shelf: str | None = Field(None, max_length=4, deprecated=True)
# ANCHOR_END: model


# ANCHOR: deprecated
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")

    class Magazine(BaseModel):
        title: str = Field(min_length=3)
        issue: int = Field(gt=0)

        class Config:
            json_schema_extra = {"example": {"title": "Wired", "issue": 0}}
# ANCHOR_END: deprecated


@app.post("/books/")
async def create_book(book: Book):
    return book


@app.post("/magazines/")
async def create_magazine(magazine: Magazine):
    return magazine


@app.get("/warnings")
async def list_warnings():
    return [f"{type(w.message).__name__}: {w.message}" for w in caught]
