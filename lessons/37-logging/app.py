import logging
import re
import sys
import uuid
from contextvars import ContextVar
from enum import Enum

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request
from pydantic import BaseModel, Field

# ANCHOR: config
request_id = ContextVar("request_id", default="-")


def add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = request_id.get()
    return True


handler = logging.StreamHandler(sys.stdout)
handler.addFilter(add_request_id)
logging.basicConfig(
    level=logging.INFO,
    format="%(asctime)s - %(levelname)s - [%(request_id)s] %(message)s",
    datefmt="%Y-%m-%d %H:%M:%S",
    handlers=[handler],
)
logger = logging.getLogger(__name__)
# ANCHOR_END: config

app = FastAPI()


# ANCHOR: middleware
@app.middleware("http")
async def log_requests(request: Request, call_next):
    sent = request.headers.get("x-request-id", "")
    request_id.set(sent if re.fullmatch("[0-9A-Za-z-]{1,36}", sent) else str(uuid.uuid4()))
    line = f"{request.method} {request.url.path}"
    try:
        response = await call_next(request)
    except Exception as error:
        logger.error("%s failed: %s", line, error)
        raise
    level = logging.INFO if response.status_code < 400 else logging.WARNING
    logger.log(level, "%s %d", line, response.status_code)
    response.headers["X-Request-ID"] = request_id.get()
    return response
# ANCHOR_END: middleware


class Level(str, Enum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class NewLevel(BaseModel):
    level: Level


class Order(BaseModel):
    quantity: int = Field(ge=1, le=100)


class OutOfStock(Exception):
    pass


# ANCHOR: handlers
@app.get("/messages")
async def log_messages():
    logger.info("Info message")
    logger.debug("Debug message")


@app.post("/orders", status_code=201)
def place_order(order: Order, tasks: BackgroundTasks):
    try:
        take_from_stock(order.quantity)
    except OutOfStock as error:
        logger.warning("Order refused: %s", error)
        raise HTTPException(409, "Out of stock")
    logger.info("Order placed")
    tasks.add_task(logger.info, "Mail sent")
# ANCHOR_END: handlers


@app.put("/level")
async def set_level(new: NewLevel):
    logger.setLevel(new.level.value)


@app.get("/search")
def search(q: str):
    logger.info("Searching for %s", q)
    return {"found": 0}


@app.get("/crash")
def crash():
    raise RuntimeError("the printer is on fire")


def take_from_stock(quantity: int):
    logger.debug("%d wanted", quantity)
    if quantity > 3:
        raise OutOfStock(f"{quantity} wanted, 3 there")
