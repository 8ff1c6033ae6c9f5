from fastapi import FastAPI

DESCRIPTION = """
## Book Store API

Manage books, authors, and reviews.
    """

app = FastAPI(
    title="Book Store API",
    description=DESCRIPTION,
    version="1.0.0",
    terms_of_service="https://example.com/terms",
    contact={"name": "API Support", "email": "support@example.com"},
    license_info={"name": "MIT", "url": "https://opensource.org/licenses/MIT"},
    docs_url="/docs",
    redoc_url="/redoc",
    openapi_url="/openapi.json",
)


@app.get("/")
def root():
    return {"message": "Welcome to Book Store API"}
