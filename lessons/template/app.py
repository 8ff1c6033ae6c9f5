from fastapi import FastAPI

app = FastAPI()


# ANCHOR: handlers
# TODO: the example in FastAPI, every line in your own words
@app.get("/items/{item_id}")
def get_item(item_id: int):
    return {"item_id": item_id}
# ANCHOR_END: handlers
