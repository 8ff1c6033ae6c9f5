from typing import Annotated

from fastapi import FastAPI, File, UploadFile

app = FastAPI()

IMAGES = {"image/jpeg", "image/png", "image/gif"}
MOST_BYTES = 5 * 1024 * 1024


# ANCHOR: handlers
@app.post("/upload/bytes")
async def upload_bytes(data: Annotated[bytes, File()]):
    return {"size": len(data), "preview": data[:50].decode("utf-8", errors="ignore")}


@app.post("/upload/file")
async def upload_file(file: UploadFile):
    content = await file.read()
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": len(content),
    }


@app.post("/upload/multiple")
async def upload_multiple(files: list[UploadFile]):
    uploaded = []
    for file in files:
        size = len(await file.read())
        uploaded.append(
            {"filename": file.filename, "size": size, "content_type": file.content_type}
        )
    return {"uploaded": uploaded}


@app.post("/upload/validated")
async def upload_validated(file: UploadFile):
    if file.content_type not in IMAGES:
        return {"error": f"File type {file.content_type} not allowed"}
    content = await file.read()
    if len(content) > MOST_BYTES:
        return {"error": "File too large (max 5MB)"}
    return {"filename": file.filename, "size": len(content)}
# ANCHOR_END: handlers
