//! Connections that stay open: an echo, rooms full of clients, and the ways in which handlers end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{
    Api, Console, Path, Query, State, WebSocket, WebSocketError, WebSocketException, websocket,
};

/// Four routes, none of which a plain request finds.
pub fn app() -> Api {
    Api::new()
        .state(Rooms::default())
        .route("/ws/", websocket(websocket_endpoint))
        .route("/rooms/{room}", websocket(join))
        .route("/countdown/{start}", websocket(countdown))
        .route("/reverse", websocket(reverse))
}

// ANCHOR: echo
async fn websocket_endpoint(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    loop {
        let text = websocket.receive_text().await?;
        websocket.send_text(format!("Message text was: {text}")).await?;
    }
}
// ANCHOR_END: echo

// ANCHOR: rooms
async fn join(
    websocket: WebSocket,
    Path(room): Path<String>,
    Query(Guest { name }): Query<Guest>,
    rooms: State<Rooms>,
    console: Console,
) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    rooms.change(&room, |members| members.push(websocket.clone()));
    let left = loop {
        match websocket.receive_text().await {
            Ok(text) => {
                for member in rooms.change(&room, |members| members.clone()) {
                    member.send_text(format!("{name}: {text}")).await?;
                }
            }
            Err(WebSocketError::Disconnect(left)) => break left,
            Err(other) => return Err(other),
        }
    };
    rooms.change(&room, |members| members.retain(|member| *member != websocket));
    console.print(format!("{name} left with {}", left.code));
    Ok(())
}
// ANCHOR_END: rooms

// ANCHOR: ends
async fn countdown(websocket: WebSocket, Path(start): Path<i64>) -> Result<(), WebSocketError> {
    if start > 3 {
        return Err(WebSocketException::new(1008, "that takes too long").into());
    }
    websocket.accept().await?;
    for left in (1..=start).rev() {
        websocket.send_json(&Left { left }).await?;
    }
    websocket.close(1000, "lift-off").await
}

async fn reverse(websocket: WebSocket) -> Result<(), WebSocketError> {
    websocket.accept().await?;
    let mut data = websocket.receive_bytes().await?;
    data.reverse();
    websocket.send_bytes(data).await
}
// ANCHOR_END: ends

/// Who is where.
#[derive(Default)]
struct Rooms(Mutex<HashMap<String, Vec<WebSocket>>>);

impl Rooms {
    fn change<T>(&self, room: &str, change: impl FnOnce(&mut Vec<WebSocket>) -> T) -> T {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(rooms.entry(room.to_owned()).or_default())
    }
}

#[derive(Deserialize, JsonSchema)]
struct Guest {
    #[serde(default = "guest")]
    name: String,
}

fn guest() -> String {
    "guest".to_owned()
}

#[derive(Serialize)]
struct Left {
    left: i64,
}
