"""Processes for the benches: started on one core, asked how much they use, ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Used:
    """What a process has used so far."""

    at: float
    cpu_s: float
    mb: float

    def cpu_since(self, before: Used) -> float:
        """Percent of one core."""
        return 100 * (self.cpu_s - before.cpu_s) / (self.at - before.at)


def used(pid: int) -> Used:
    """All threads of ``pid``."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return Used(time.monotonic(), (int(fields[11]) + int(fields[12])) / _TICK, pages * _PAGE / 1e6)


def files_of(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cores() -> tuple[int, int]:
    """(the server's, the telephones'). Two that are really two, or one that both must share."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[-1], allowed[0]


@contextmanager
def running(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    quiet: bool = True,
    log: IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """``log``: where everything goes that it prints."""
    process = subprocess.Popen(
        [*command],
        env={**os.environ, **(env or {})},
        stdout=log or (subprocess.DEVNULL if quiet else None),
        stderr=log,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Until something answers there, whatever it answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"a server of the bench did not start (it ended with {process.returncode})")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("a server of the bench did not start in time")


def agent_email(number: int) -> str:
    """Agents that a server of the benches has besides those of the demo."""
    return f"agente{number}@bench.relevo"
