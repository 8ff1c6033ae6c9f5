from fastapi import FastAPI, HTTPException, status
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

app = FastAPI()

photos = {1: "harbour"}


class NewPhoto(BaseModel):
    title: str


# ANCHOR: handlers
@app.get("/photos/{photo_id}")
async def get_photo(photo_id: int):
    if photo_id not in photos:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Photo not found")
    return {"id": photo_id, "title": photos[photo_id]}


@app.post("/photos", status_code=status.HTTP_201_CREATED)
async def upload_photo(photo: NewPhoto):
    photo_id = len(photos) + 1
    photos[photo_id] = photo.title
    return {"id": photo_id, "title": photo.title}


@app.get("/pictures/{photo_id}")
async def old_address(photo_id: int):
    return RedirectResponse(f"/photos/{photo_id}", status.HTTP_301_MOVED_PERMANENTLY)


@app.post("/prints")
async def order_print():
    raise HTTPException(
        status.HTTP_503_SERVICE_UNAVAILABLE,
        "The printer is being serviced",
        headers={"Retry-After": "3600"},
    )


@app.get("/backup")
async def back_up():
    raise RuntimeError("no route to vault.internal, user backup, password hunter2")
# ANCHOR_END: handlers
