from typing import Annotated

from fastapi import FastAPI, HTTPException, Path

app = FastAPI()

books = [
    {"id": 1, "title": "Title One", "author": "author one", "category": "science"},
    {"id": 2, "title": "Title Two", "author": "author two", "category": "science"},
    {"id": 3, "title": "Title Three", "author": "author three", "category": "history"},
    {"id": 4, "title": "Title Four", "author": "author four", "category": "math"},
    {"id": 5, "title": "Title Five", "author": "author four", "category": "science"},
    {"id": 6, "title": "Title Six", "author": "Zoë + AC/DC", "category": "music & noise"},
]


# ANCHOR: handlers
@app.get("/books/")
async def read_books(category: str | None = None):
    return [book for book in books if category in (None, book["category"])]


@app.get("/books/{book_id}")
async def read_book(
    book_id: Annotated[
        int,
        Path(
            gt=0,
            title="The ID of the book",
            description="The ID must be a positive integer",
        ),
    ],
):
    for book in books:
        if book["id"] == book_id:
            return book
    raise HTTPException(404, "Book not found")


@app.get("/books/{book_author}/")
async def read_category_by_query(book_author: str, category: str):
    return [
        book for book in books if book["author"] == book_author and book["category"] == category
    ]
# ANCHOR_END: handlers
