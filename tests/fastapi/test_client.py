"""FastAPI's own way to test, where the book speaks of it: run by pytest in `.ci/testclient`.

The application is that of lesson 26; what it does not show is asked of a small one below.
"""

from contextlib import asynccontextmanager

import pytest
from app import app, require_key
from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.testclient import TestClient

# ANCHOR: call
client = TestClient(app)


def test_a_refusal_beats_what_is_invalid():
    reply = client.get("/items?skip=x")
    assert reply.status_code == 403
    assert reply.json() == {"detail": "Invalid API key"}
# ANCHOR_END: call


# ANCHOR: override
def test_a_dependency_is_another_one_for_a_while(monkeypatch):
    monkeypatch.setitem(app.dependency_overrides, require_key, lambda: None)
    assert client.get("/items").status_code == 200
# ANCHOR_END: override


def test_after_that_it_is_its_own_again():
    assert client.get("/items").status_code == 403


NOTES = []


@asynccontextmanager
async def lifespan(_: FastAPI):
    NOTES.append("up")
    yield
    NOTES.append("down")


small = FastAPI(lifespan=lifespan)


@small.get("/host")
def host(request: Request, tasks: BackgroundTasks):
    tasks.add_task(NOTES.append, "task")
    return request.url.netloc


@small.get("/fails")
def fails():
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def no_notes():
    NOTES.clear()


def test_a_host_is_made_up_and_a_redirect_followed():
    reply = TestClient(small).get("/host/")
    assert (reply.json(), [first.status_code for first in reply.history]) == ("testserver", [307])


def test_an_exception_of_a_handler_is_raised_in_the_test():
    with pytest.raises(ZeroDivisionError):
        TestClient(small).get("/fails")


def test_a_task_is_done_when_the_call_returns():
    TestClient(small).get("/host")
    assert NOTES == ["task"]


def test_start_and_end_happen_only_inside_with():
    with TestClient(small) as client:
        client.get("/host")
    assert NOTES == ["up", "task", "down"]
