//! Work that a handler leaves for the time after its reply.

use std::thread::sleep;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, BackgroundTasks, Console, Json, post};

/// One route that schedules two tasks.
pub fn app() -> Api {
    Api::new().route("/register", post(register))
}

// ANCHOR: tasks
fn welcome(console: &Console, email: &str, username: &str) {
    console.print(format!("[BG] Sending welcome email to {email} for user {username}"));
    sleep(Duration::from_secs(2));
    console.print(format!("[BG] Welcome email sent to {email}"));
}

fn log(console: &Console, username: &str) {
    console.print(format!("[BG] Logging registration for {username}"));
}
// ANCHOR_END: tasks

// ANCHOR: handlers
async fn register(
    Json(user): Json<UserRegistration>,
    background_tasks: BackgroundTasks,
    console: Console,
) -> Json<Message> {
    let UserRegistration { username, email } = user;
    let message = format!("User {username} registered successfully");
    background_tasks.add_blocking_task({
        let (console, username) = (console.clone(), username.clone());
        move || welcome(&console, &email, &username)
    });
    background_tasks.add_blocking_task(move || log(&console, &username));
    Json(Message { message })
}
// ANCHOR_END: handlers

#[derive(Deserialize, JsonSchema)]
struct UserRegistration {
    username: String,
    email: String,
}

#[derive(Serialize)]
struct Message {
    message: String,
}
