"""Serves the FastAPI `app` of ./app.py with uvicorn until stdin ends.

server.rs passes this text to `python -c`, with the seconds that stopping may take.
Stdout belongs to the lesson, stderr to messages; one line of stderr that starts with
a NUL tells the port. Stdin ends however the parent ends, even by SIGKILL, so that
this process outlives it by those seconds at most.
"""

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
    threading.Thread(target=watch, args=(control,), daemon=True).start()
    serve()


def watch(control):
    """Waits for the end of `control`, then gives the server GRACE seconds to end."""
    while os.read(control, 4096):
        pass
    stopping.set()
    time.sleep(GRACE)
    try:
        os.write(2, f"still busy {GRACE:g} s after it was asked to stop\n".encode())
    finally:
        # Also when nobody is left to read that.
        os._exit(1)


def serve():
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
        app,
        host="127.0.0.1",
        port=0,
        loop="asyncio",
        http="h11",
        lifespan="on",
        log_level="warning",
        access_log=False,
    )
    server = Server(config)
    server.run()
    if server.lifespan.should_exit:
        sys.exit("the lifespan of app.py failed to shut down")


main()
