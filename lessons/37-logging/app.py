import logging
import re
import sys
import uuid
from contextvars import ContextVar
from enum import Enum
from typing import Annotated

from fastapi import BackgroundTasks, Body, FastAPI, HTTPException, Request

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


# ANCHOR: handlers
@app.get("/messages")
async def log_messages():
    logger.info("Info message")
    logger.debug("Debug message")


@app.put("/level")
async def set_level(level: Annotated[Level, Body(embed=True)]):
    logger.setLevel(level.value)


@app.get("/search")
def search(q: str):
    logger.info("Searching for %s", q)
    return {"found": 0}


@app.post("/orders", status_code=201)
def place_order(tasks: BackgroundTasks):
    tasks.add_task(logger.info, "Mail sent")
    logger.info("Order placed")


@app.get("/share")
def share(number: int, by: int):
    try:
        return {"share": number // by}
    except ZeroDivisionError as error:
        logger.error("Cannot share: %s", error)
        raise HTTPException(400, "Nobody to share with")


@app.get("/crash")
def crash():
    raise RuntimeError("the printer is on fire")
# ANCHOR_END: handlers
