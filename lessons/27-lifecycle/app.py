from fastapi import Depends, FastAPI, Request

app = FastAPI()


# ANCHOR: stages
@app.middleware("http")
async def lifecycle_middleware(request: Request, call_next):
    print(f"[1] MIDDLEWARE START: {request.method} {request.url.path}")
    response = await call_next(request)
    print(f"[5] MIDDLEWARE END: status={response.status_code}")
    return response


def log_dependency():
    print("[2] DEPENDENCY CALLED")
    return "dependency_value"


@app.get("/lifecycle")
def lifecycle_endpoint(value: str = Depends(log_dependency)):
    print(f"[3] HANDLER CALLED: dep={value}")
    print("[4] HANDLER RETURNING")
    return {"stage": "handler complete"}
# ANCHOR_END: stages
