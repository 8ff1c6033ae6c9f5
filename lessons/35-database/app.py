from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import Engine, ForeignKey, create_engine, event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


NewSession = sessionmaker()


@asynccontextmanager
async def lifespan(app: FastAPI):
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/shop.db")
        event.listen(engine, "connect", set_up)
        migrate(engine)
        NewSession.configure(bind=engine)
        yield
        engine.dispose()


def set_up(connection, _):
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON"
    )


def migrate(engine: Engine):
    connection = engine.raw_connection()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    for number, file in enumerate(sorted(Path("migrations").iterdir()), start=1):
        if number > version:
            done = f"PRAGMA user_version = {number}"
            connection.executescript(f"BEGIN; {file.read_text()}; {done}; COMMIT")
    connection.close()


app = FastAPI(lifespan=lifespan)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token: Mapped[str]


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    quantity: Mapped[int]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ItemCreate(BaseModel):
    title: str = Field(min_length=1, max_length=40)
    quantity: int = Field(1, ge=0, le=1000)


class Batch(BaseModel):
    items: list[ItemCreate]


class Gift(ItemCreate):
    owner_id: int


class ItemRead(BaseModel):
    id: int
    title: str
    quantity: int
    owner_id: int


# ANCHOR: dependencies
def get_db() -> Iterator[Session]:
    with NewSession() as db:
        try:
            yield db
            db.commit()
        except Exception as error:
            db.rollback()
            print("ROLLBACK")
            if isinstance(error, IntegrityError):
                raise HTTPException(status.HTTP_409_CONFLICT, str(error.orig))
            raise
        print("COMMIT")


db_dependency = Annotated[Session, Depends(get_db, scope="function")]


def get_current_user(
    db: db_dependency, authorization: Annotated[str | None, Header()] = None
) -> dict:
    scheme, _, token = (authorization or "").partition(" ")
    user = db.scalar(select(User).where(User.token == token))
    if user is None or scheme.lower() != "bearer":
        headers = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Who are you?", headers)
    return {"id": user.id, "name": user.name}


user_dependency = Annotated[dict, Depends(get_current_user)]
# ANCHOR_END: dependencies


# ANCHOR: handlers
@app.post("/items/", status_code=status.HTTP_201_CREATED, response_model=ItemRead)
def create_item(item: ItemCreate, db: db_dependency, user: user_dependency):
    return insert(db, Item(**item.model_dump(), owner_id=user["id"]))
# ANCHOR_END: handlers


@app.get("/items/", response_model=list[ItemRead])
def read_items(db: db_dependency, user: user_dependency):
    return db.scalars(select(Item).where(Item.owner_id == user["id"]).order_by(Item.title))


@app.get("/items/{item_id}", response_model=ItemRead)
def read_item(item_id: int, db: db_dependency, user: user_dependency):
    item = db.scalar(select(Item).where(Item.id == item_id, Item.owner_id == user["id"]))
    if item is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Item not found")
    return item


@app.post("/items/batch", status_code=status.HTTP_201_CREATED, response_model=list[ItemRead])
def create_items(batch: Batch, db: db_dependency, user: user_dependency):
    return [insert(db, Item(**item.model_dump(), owner_id=user["id"])) for item in batch.items]


@app.post("/items/{item_id}/sell", status_code=status.HTTP_204_NO_CONTENT)
def sell_item(item_id: int, db: db_dependency, user: user_dependency):
    mine = update(Item).where(Item.id == item_id, Item.owner_id == user["id"])
    if db.execute(mine.values(quantity=Item.quantity - 1)).rowcount == 0:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Item not found")


@app.post("/gifts/", status_code=status.HTTP_201_CREATED, response_model=ItemRead)
def create_gift(gift: Gift, db: db_dependency):
    return insert(db, Item(**gift.model_dump()))


# ANCHOR: late
@app.post("/late/gifts/", status_code=status.HTTP_201_CREATED, response_model=ItemRead)
def create_gift_late(gift: Gift, db: Annotated[Session, Depends(get_db)]):
    return insert(db, Item(**gift.model_dump()))
# ANCHOR_END: late


def insert(db: Session, item: Item) -> Item:
    db.add(item)
    db.flush()
    return item
