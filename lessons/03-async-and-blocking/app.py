import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/sync")
def sync_handler():
    time.sleep(0.1)
    return {"mode": "sync", "note": "runs in threadpool"}


@app.get("/async")
async def async_handler():
    await asyncio.sleep(0.1)
    return {"mode": "async", "note": "runs on event loop"}


@app.get("/cpu")
def cpu_bound():
    return {"result": sum(range(1_000_000))}
