import asyncio
import hashlib
import itertools
import time
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

app = FastAPI()

PAUSE = 0.1
MOST_BYTES = 64


# ANCHOR: replies
def generate_data():
    for number in range(10):
        yield f"data: {number}\n\n"
        time.sleep(PAUSE)


@app.get("/stream/")
def stream_data():
    return StreamingResponse(generate_data(), media_type="text/plain")


async def ticks():
    try:
        for number in itertools.count():
            yield f"tick {number}\n"
            await asyncio.sleep(PAUSE)
    finally:
        print("the clock stops")


@app.get("/clock/")
async def clock():
    return StreamingResponse(ticks(), media_type="text/plain")
# ANCHOR_END: replies


# ANCHOR: events
@app.get("/events/", response_class=EventSourceResponse)
async def events(last_event_id: Annotated[int, Header(ge=0)] = 0):
    for number in range(last_event_id + 1, 4):
        step = {"step": number, "of": 3}
        yield ServerSentEvent(data=step, event="step", id=str(number))
        await asyncio.sleep(PAUSE)
# ANCHOR_END: events


# ANCHOR: requests
@app.post("/upload/")
async def upload_data(request: Request):
    size, digest = 0, hashlib.sha256()
    async for chunk in request.stream():
        size += len(chunk)
        digest.update(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


@app.post("/upload/small/")
async def upload_small(request: Request):
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise HTTPException(413, f"More than {MOST_BYTES} bytes")
    return {"size": size}
# ANCHOR_END: requests
