from itertools import count
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Response, status
from pydantic import BaseModel, Field

app = FastAPI()

Rating = Annotated[int, Field(ge=1, le=5)]


# ANCHOR: models
class Book(BaseModel):
    title: str = Field(min_length=1)
    author: str
    category: str
    rating: Rating
    note: str | None = None


class BookChange(BaseModel):
    title: str = Field(default=None, min_length=1)
    author: str = None
    category: str = None
    rating: Rating = None
    note: str | None = None


class StoredBook(Book):
    id: int
# ANCHOR_END: models


ids = count(1)
books: dict[int, StoredBook] = {}


def keep(book: Book) -> StoredBook:
    book_id = next(ids)
    books[book_id] = StoredBook(id=book_id, **book.model_dump())
    return books[book_id]


def find(book_id: int) -> StoredBook:
    if book_id not in books:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Book not found")
    return books[book_id]


keep(Book(title="Cosmos", author="Carl Sagan", category="science", rating=5))
keep(Book(title="Contact", author="Carl Sagan", category="fiction", rating=4))
keep(Book(title="Emma", author="Jane Austen", category="fiction", rating=5, note="signed"))


@app.get("/books/")
def list_books(
    category: str | None = None,
    min_rating: Annotated[Rating, Query()] = 1,
) -> list[StoredBook]:
    found = [book for book in books.values() if book.rating >= min_rating]
    return [book for book in found if category in (None, book.category)]


@app.get("/books/author/{book_author}")
def list_books_by_author(book_author: str, category: str | None = None) -> list[StoredBook]:
    found = [book for book in books.values() if book.author.lower() == book_author.lower()]
    return [book for book in found if category in (None, book.category)]


@app.get("/books/{book_id}")
def get_book(book_id: int) -> StoredBook:
    return find(book_id)


# ANCHOR: write
@app.post("/books/", status_code=status.HTTP_201_CREATED)
def create_book(book: Book, response: Response) -> StoredBook:
    kept = keep(book)
    response.headers["Location"] = f"/books/{kept.id}"
    return kept


@app.put("/books/{book_id}")
def replace_book(book_id: int, book: Book) -> StoredBook:
    find(book_id)
    books[book_id] = StoredBook(id=book_id, **book.model_dump())
    return books[book_id]


@app.patch("/books/{book_id}")
def change_book(book_id: int, change: BookChange) -> StoredBook:
    books[book_id] = find(book_id).model_copy(update=change.model_dump(exclude_unset=True))
    return books[book_id]


@app.delete("/books/{book_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_book(book_id: int) -> None:
    del books[find(book_id).id]
# ANCHOR_END: write
