"""Serves the FastAPI `app` of ./app.py with uvicorn until stdin ends.

server.rs passes this text to `python -c`, with the seconds that stopping may take.
Stdout belongs to the lesson, stderr to messages; one line of stderr that starts with
a NUL tells the port. Stdin ends however the parent ends, even by SIGKILL, so that
this process outlives it by those seconds at most.

A handler of a WebSocket that raises what nobody catches counts as a printed line, too.

Between the lines of the lesson stand marks, lines that start with a NUL: one at the
end of each reply or when its client has left, and one for each line of stdin, as
soon as no request is open. A request is open until its background tasks have ended.
"""

import mimetypes
import os
import sys
import threading
import time

GRACE = float(sys.argv[1])
stopping = threading.Event()


def main():
    # Whole lines, so that prints from two threads never share one.
    sys.stdout.reconfigure(line_buffering=True, write_through=False)
    # The lesson gets an empty stdin: what arrives on ours is not for it.
    control = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # A content type must not depend on the machine's mime.types, nor on the version
    # of Python: its own table knows .js by this name from 3.12 on.
    mimetypes.knownfiles.clear()
    mimetypes.init()
    mimetypes.add_type("text/javascript", ".js")
    requests = Requests(sys.stdout)
    threading.Thread(target=watch, args=(control, requests), daemon=True).start()
    serve(requests)


class Requests:
    """Counts the open requests, and writes the marks to `stdout`."""

    def __init__(self, stdout):
        self.stdout = stdout
        self.lock = threading.Lock()
        self.open = 0
        self.questions = 0

    def mark(self, word):
        # One write: whatever the lesson has begun to print stays in front of it.
        self.stdout.write(f"\0{word}\n")

    def failed(self, error):
        # uvicorn logs a traceback, of which the client sees nothing.
        code = getattr(error, "code", None)
        name = type(error).__name__
        what = f": {name}({int(code)})" if name == "WebSocketDisconnect" else ""
        self.stdout.write(f"the handler failed{what}\n")

    def count(self, opened=0, asked=0):
        """Notes a change, and answers all questions if no request is open."""
        with self.lock:
            self.open += opened
            self.questions += asked
            while self.questions and not self.open:
                self.questions -= 1
                self.mark("settled")

    def around(self, app):
        """The application, with its requests counted and the end of each reply marked."""

        async def counted(scope, receive, send):
            async def marked(message):
                # Before it is sent: afterwards, the background tasks may print first.
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    self.mark("replied")
                await send(message)

            async def watched():
                message = await receive()
                # The client has left: what is still printed comes after its reply.
                if message["type"] == "http.disconnect":
                    self.mark("replied")
                return message

            if scope["type"] == "lifespan":
                return await app(scope, receive, send)
            self.count(opened=1)
            try:
                await app(scope, watched, marked)
            except Exception as error:
                if scope["type"] == "websocket":
                    self.failed(error)
                raise
            finally:
                self.count(opened=-1)

        return counted


def watch(control, requests):
    """Passes on the lines of `control`, then gives the server GRACE seconds to end."""
    while asked := os.read(control, 4096):
        requests.count(asked=asked.count(b"\n"))
    stopping.set()
    time.sleep(GRACE)
    try:
        os.write(2, f"still busy {GRACE:g} s after it was asked to stop\n".encode())
    finally:
        # Also when nobody is left to read that.
        os._exit(1)


def serve(requests):
    import uvicorn
    from app import app

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            port = self.servers[0].sockets[0].getsockname()[1]
            os.write(2, f"\0ready {port}\n".encode())

        async def on_tick(self, counter):
            return stopping.is_set() or await super().on_tick(counter)

    config = uvicorn.Config(
        requests.around(app),
        host="127.0.0.1",
        port=0,
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        lifespan="on",
        log_level="warning",
        access_log=False,
    )
    server = Server(config)
    server.run()
    if server.lifespan.should_exit:
        sys.exit("the lifespan of app.py failed to shut down")


main()
