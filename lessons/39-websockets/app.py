from collections import defaultdict

from fastapi import FastAPI, WebSocket, WebSocketDisconnect, WebSocketException

app = FastAPI()


# ANCHOR: echo
@app.websocket("/ws/")
async def websocket_endpoint(websocket: WebSocket):
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        await websocket.send_text(f"Message text was: {text}")
# ANCHOR_END: echo


# ANCHOR: rooms
members: dict[str, list[WebSocket]] = defaultdict(list)


@app.websocket("/rooms/{room}")
async def join(websocket: WebSocket, room: str, name: str = "guest"):
    await websocket.accept()
    members[room].append(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            for member in members[room]:
                await member.send_text(f"{name}: {text}")
    except WebSocketDisconnect as left:
        members[room].remove(websocket)
        print(f"{name} left with {left.code}")
# ANCHOR_END: rooms


# ANCHOR: ends
@app.websocket("/countdown/{start}")
async def countdown(websocket: WebSocket, start: int):
    if start > 3:
        raise WebSocketException(1008, "that takes too long")
    await websocket.accept()
    for left in range(start, 0, -1):
        await websocket.send_json({"left": left})
    await websocket.close(1000, "lift-off")


@app.websocket("/reverse")
async def reverse(websocket: WebSocket):
    await websocket.accept()
    data = await websocket.receive_bytes()
    await websocket.send_bytes(data[::-1])
# ANCHOR_END: ends
