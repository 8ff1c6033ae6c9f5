import asyncio
import time
import uuid

from fastapi import FastAPI, Request

app = FastAPI()


# ANCHOR: middleware
@app.middleware("http")
async def timing_middleware(request: Request, call_next):
    request_id = str(uuid.uuid4())
    start = time.perf_counter()
    response = await call_next(request)
    elapsed = f"{(time.perf_counter() - start) * 1000:.2f}ms"
    response.headers["X-Request-ID"] = request_id
    response.headers["X-Process-Time"] = elapsed
    print(f"[{request_id[:8]}] {request.method} {request.url.path} - {elapsed}")
    return response
# ANCHOR_END: middleware


# ANCHOR: handlers
@app.get("/slow")
async def slow_endpoint():
    await asyncio.sleep(0.1)
    return {"status": "done"}
# ANCHOR_END: handlers
