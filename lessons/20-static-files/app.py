from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

app = FastAPI()

app.mount("/static", StaticFiles(directory="static"), name="static")


@app.get("/")
def home():
    return {
        "message": "API is running",
        "static_css": "/static/css/app.css",
        "static_js": "/static/js/app.js",
    }


app.mount("/spa", StaticFiles(directory="spa_dist", html=True), name="spa")
