from fastapi import FastAPI, HTTPException, status
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()


# ANCHOR: models
class NewBook(BaseModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    title: str = Field(min_length=1)
    page_count: int = Field(alias="pageCount", gt=0)
    in_stock: bool = Field(True, alias="inStock")
    note: str | None = None


class Book(NewBook):
    id: int


class BookUpdate(BaseModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    title: str | None = Field(None, min_length=1)
    page_count: int | None = Field(None, alias="pageCount", gt=0)
    in_stock: bool | None = Field(None, alias="inStock")
    note: str | None = None
# ANCHOR_END: models


books = {1: Book(id=1, title="Moby Dick", page_count=635, note="First edition")}


def stored(book_id: int) -> Book:
    if book_id not in books:
        raise HTTPException(404, "Book not found")
    return books[book_id]


@app.post("/books/", status_code=status.HTTP_201_CREATED, response_model=Book)
async def create_book(book: NewBook):
    book_id = len(books) + 1
    books[book_id] = Book(id=book_id, **book.model_dump())
    return books[book_id]


@app.get("/books/{book_id}", response_model=Book)
async def read_book(book_id: int):
    return stored(book_id)


@app.get("/books/{book_id}/fields", response_model=Book, response_model_by_alias=False)
async def read_fields(book_id: int):
    return stored(book_id)


@app.put("/books/{book_id}", response_model=Book)
async def replace_book(book_id: int, book: NewBook):
    stored(book_id)
    books[book_id] = Book(id=book_id, **book.model_dump())
    return books[book_id]


# ANCHOR: update
@app.patch("/books/{book_id}", response_model=Book)
async def update_book(book_id: int, changes: BookUpdate):
    book = stored(book_id).model_dump()
    book.update(changes.model_dump(exclude_unset=True))
    books[book_id] = Book(**book)
    return books[book_id]


@app.patch("/books/{book_id}/careless", response_model=Book)
async def update_carelessly(book_id: int, changes: BookUpdate):
    book = stored(book_id).model_dump()
    book.update(changes.model_dump())
    books[book_id] = Book(**book)
    return books[book_id]
# ANCHOR_END: update


@app.post("/dumps")
async def show_dumps(book: NewBook):
    return {
        "model_dump": book.model_dump(),
        "by_alias": book.model_dump(by_alias=True),
        "exclude_unset": book.model_dump(exclude_unset=True),
    }
