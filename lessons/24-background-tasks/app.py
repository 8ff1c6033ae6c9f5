import time

from fastapi import BackgroundTasks, FastAPI
from pydantic import BaseModel

app = FastAPI()


# ANCHOR: tasks
def welcome(email: str, username: str):
    print(f"[BG] Sending welcome email to {email} for user {username}")
    time.sleep(2)
    print(f"[BG] Welcome email sent to {email}")


def log(username: str):
    print(f"[BG] Logging registration for {username}")
# ANCHOR_END: tasks


class UserRegistration(BaseModel):
    username: str
    email: str


# ANCHOR: handlers
@app.post("/register")
async def register(user: UserRegistration, background_tasks: BackgroundTasks):
    background_tasks.add_task(welcome, user.email, user.username)
    background_tasks.add_task(log, user.username)
    return {"message": f"User {user.username} registered successfully"}
# ANCHOR_END: handlers
