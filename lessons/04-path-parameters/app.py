from fastapi import FastAPI

app = FastAPI()


# ANCHOR: handlers
@app.get("/items/{item_id}")
def get_item(item_id: int):
    return {"item_id": item_id, "type": str(type(item_id))}


@app.get("/users/{user_id}/posts/{post_id}")
def get_user_post(user_id: int, post_id: int):
    return {"user_id": user_id, "post_id": post_id}


@app.get("/files/{file_path:path}")
def get_file(file_path: str):
    return {"file_path": file_path}
# ANCHOR_END: handlers
