import os
import tempfile
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse

PRODUCTS = "id,name,price\n1,Widget,9.99\n2,Gadget,49.99\n"

folder = os.path.realpath(tempfile.gettempdir())
reports = ExitStack()


@asynccontextmanager
async def lifespan(_):
    with reports:
        yield


app = FastAPI(lifespan=lifespan)


# ANCHOR: handlers
@app.get("/html", response_class=HTMLResponse)
def html_page():
    return HTMLResponse("<html><body><h1>Hello HTML</h1></body></html>", status_code=200)


@app.get("/text", response_class=PlainTextResponse)
def plain_text():
    return "Hello, plain text world!"


@app.get("/old-url")
def redirect():
    return RedirectResponse("/new-url", status_code=301)


@app.get("/new-url")
def new_url():
    return {"message": "You were redirected here"}


@app.get("/download/{filename}")
def download_file(filename: str):
    path = find(filename)
    if path is None:
        return Response(status_code=404)
    return FileResponse(path, filename=filename, media_type="application/octet-stream")


@app.get("/csv")
def csv_data():
    attachment = {"Content-Disposition": 'attachment; filename="data.csv"'}
    return Response(PRODUCTS, media_type="text/csv", headers=attachment)


@app.post("/reports", status_code=201)
def create_report():
    report = tempfile.NamedTemporaryFile("w", prefix="report-", suffix=".csv")
    reports.enter_context(report)
    report.write(PRODUCTS)
    report.flush()
    return {"filename": os.path.basename(report.name)}
# ANCHOR_END: handlers


# ANCHOR: find
def find(filename: str):
    try:
        path = os.path.realpath(os.path.join(folder, filename), strict=True)
    except (OSError, ValueError):
        return None
    return path if os.path.dirname(path) == folder and os.path.isfile(path) else None
# ANCHOR_END: find
