import asyncio
import time

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()

BREAKFAST = ["coffee", "eggs", "toast", "fruit", "juice"]


@app.middleware("http")
async def add_process_time_header(request: Request, call_next):
    start = time.time()
    response = await call_next(request)
    response.headers["X-Process-Time"] = str(time.time() - start)
    return response


# ANCHOR: coroutine
async def prepare(dish: str, seconds: float = 0.1):
    print(f"{dish}: begun")
    await asyncio.sleep(seconds)
    print(f"{dish}: ready")
    return dish
# ANCHOR_END: coroutine


# ANCHOR: handlers
@app.get("/one-by-one")
async def one_by_one():
    return [await prepare(dish) for dish in BREAKFAST]


@app.get("/together")
async def together():
    return await asyncio.gather(*[prepare(dish) for dish in BREAKFAST])


@app.get("/lazy")
async def lazy():
    eggs = prepare("eggs")
    print("the table is laid")
    return await eggs


@app.get("/task")
async def task():
    eggs = asyncio.create_task(prepare("eggs"))
    coffee = await prepare("coffee")
    return [coffee, await eggs]


@app.get("/hurry")
async def hurry():
    try:
        async with asyncio.timeout(0.1):
            return await prepare("roast", seconds=60)
    except TimeoutError:
        raise HTTPException(504, "The roast takes too long")


@app.get("/blocked")
async def blocked():
    time.sleep(0.1)
    return "toast"
# ANCHOR_END: handlers
