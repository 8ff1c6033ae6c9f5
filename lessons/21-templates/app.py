from typing import Optional

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

app = FastAPI()

templates = Jinja2Templates(directory="templates")


# ANCHOR: handlers
@app.get("/", response_class=HTMLResponse)
async def home(request: Request):
    items = [
        {"name": "Widget", "price": 9.99},
        {"name": "Gadget", "price": 49.99},
    ]
    page = {"title": "Item Store", "items": items}
    return templates.TemplateResponse(request=request, name="index.html", context=page)


@app.get("/items/{name}", response_class=HTMLResponse)
async def show_item(
    request: Request, name: str, price: Optional[float] = None, available: Optional[bool] = None
):
    page = {"name": name, "price": price, "available": available}
    return templates.TemplateResponse(request=request, name="item.html", context=page)
# ANCHOR_END: handlers
