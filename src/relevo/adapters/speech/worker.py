"""A speech worker: a process that loads one engine and does one job after another for the server that started it.

Jobs and cancellations come on standard input, pieces of results leave on what was standard output. It lives exactly as
long as its input: when the server is gone, however it went, the worker goes too.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO, Protocol

from relevo.adapters.speech.wire import Frame, pack, read
from relevo.kit.errors import Misconfigured


class Engine(Protocol):
    """Made from a mapping of options; ``work`` yields the pieces of a job and looks at ``cancelled`` between steps."""

    def work(self, job: Frame, cancelled: Callable[[], bool]) -> Iterator[Frame]: ...


class _Inbox:
    """Reads ahead in a thread, so that a cancellation and the end of the server are noticed while a job runs."""

    def __init__(self, stream: BinaryIO) -> None:
        self.jobs: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._cancelled = 0
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def cancelled(self, job: int) -> bool:
        return self._cancelled >= job

    def _read(self) -> None:
        try:
            while True:
                frame = read(self._stream)
                if "cancel" in frame.head:
                    self._cancelled = max(self._cancelled, int(frame.head["cancel"]))
                else:
                    self.jobs.put(frame)
        except (EOFError, OSError):
            os._exit(0)


def make(engine: str, options: Mapping[str, Any]) -> Engine:
    module, _, name = engine.partition(":")
    made: Engine = getattr(import_module(module), name)(options)
    return made


def serve(inbound: BinaryIO, outbound: BinaryIO) -> None:
    def send(frame: Frame) -> None:
        outbound.write(pack(frame))
        outbound.flush()

    setup = read(inbound)
    with suppress(OSError):
        os.nice(int(setup.head.get("nice", 0)))
    try:
        engine = make(setup.head["engine"], setup.head["options"])
    except Misconfigured as error:
        params = {name: str(value) for name, value in error.params.items()}
        send(Frame({"failed": traceback.format_exc(), "misconfigured": error.code, "params": params}))
        return
    except Exception:
        send(Frame({"failed": traceback.format_exc()}))
        return
    inbox = _Inbox(inbound)
    send(Frame({"ready": True}))
    while True:
        job = inbox.jobs.get()
        number = int(job.head["job"])
        try:
            for piece in engine.work(job, lambda: inbox.cancelled(number)):  # noqa: B023 - used within the same turn
                send(Frame({**piece.head, "job": number}, piece.body))
            send(Frame({"job": number, "done": True}))
        except BrokenPipeError:
            raise
        except Exception:
            send(Frame({"job": number, "error": traceback.format_exc()}))


def main() -> None:
    # Ctrl-C reaches the whole terminal group; only the server decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outbound = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A library that prints must not end up between two frames.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):
        serve(sys.stdin.buffer, outbound)


if __name__ == "__main__":
    main()
