"""An engine without models for the tests of the worker pool. It does what the job's head says."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from relevo.adapters.speech.wire import Frame
from relevo.kit.errors import Misconfigured


class Engine:
    def __init__(self, options: Mapping[str, Any]) -> None:
        if "misconfigured" in options:
            raise Misconfigured(options["misconfigured"], package="some-weights")
        if options.get("broken"):
            raise RuntimeError("cannot load")
        self._seen: list[str] = []
        self._flag = options.get("flag", "")

    def work(self, job: Frame, cancelled: Callable[[], bool]) -> Iterator[Frame]:
        what = job.head["what"]
        self._seen.append(what)
        match what:
            case "echo":
                sys.stdout.write("libraries may print")
                yield Frame({"threads": os.environ["OMP_NUM_THREADS"], "nice": os.nice(0)}, job.body)
            case "until cancelled":
                yield Frame({"begun": True})
                while not cancelled():
                    time.sleep(0.002)
            case "hang":
                time.sleep(600)
            case "die":
                os.kill(os.getpid(), 9)
            case "die once":
                if not os.path.exists(self._flag):
                    open(self._flag, "w").close()
                    os.kill(os.getpid(), 9)
                yield Frame({"survived": True})
            case "die after a piece":
                yield Frame({"piece": 1})
                sys.stdout.flush()
                os.kill(os.getpid(), 9)
            case "fail":
                raise ValueError("bad job")
            case "seen":
                yield Frame({"seen": self._seen})
