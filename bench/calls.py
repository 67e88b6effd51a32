"""How many calls one core carries: ours doing all the work of a call, Pipecat echoing, in one run.

Ours is the product itself (``call_server``) with scripted words and voice: the media socket, mu-law, Silero on every
frame, mixing, recording to disk, the database, live events. Two kinds of load are measured: *continuous*, in which
every customer hears music mixed and encoded anew in every frame while what they say is recognised and stored (this is
what counts), and *talking*, in which the bot answers them. Pipecat is a bare echo (``pipecat_server``) in an
environment of its own. Each server has one core for itself, the telephones (``telephones``, which defines delay and
loss) another.

A step passes if the 99th percentile of the added delay is under 20 ms, no frame is lost in either direction (the way
in is judged by the recordings, sample by sample) and the server's core is not full. A step that fails is measured
again, for either side. The curve ends at the first step that fails three times. The last line is JSON.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench import tape
from bench.processes import Used, cores, free_port, running, used, wait_for
from bench.telephones import ACCOUNT, NUMBER
from relevo.calls.ports import FRAME_SAMPLES, Pcm

STEPS = {
    "continuous": (1, 25, 50, 100, 150, 200, 250, 300, 350, 400),
    "talking": (1, 50, 100, 150, 200, 250, 300),
    "pipecat": (1, 10, 20, 30, 40, 50, 60, 70, 80),
}
QUICK = {"continuous": (1, 100, 200, 250), "talking": (1, 100), "pipecat": (1, 15, 25)}
MOST_MS = 20.0
FULL = 97.0
"""Percent of a core that count as all of it."""
CLIENT_FULL = 70.0
CLIENT_LATE = 10.0
ATTEMPTS = 3
SETTLE = 2.0
QUEUED = 5.0
"""Seconds until the last caller of a step has been told that somebody comes, and hears music."""
EARLY = 250
"""Frames (5 s) that may have come before the call was connected, and are not recorded."""
SPARSE = 20
LATEST_START = 100
"""Frames into a recording by which a customer's first sound is on it."""
PIPECAT = Path(".venv-bench/bin/python")


@dataclass(slots=True)
class Step:
    calls: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    lost: int
    glitches: int
    cpu: float
    mb: float
    late_p99_ms: float
    client_cpu: float
    client_late: float
    closed: int = 0
    lost_in: int = 0
    window: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Frames that each call had sent when the measurement began and when it ended."""

    @property
    def passes(self) -> bool:
        lost = self.lost + self.lost_in + self.glitches + self.closed
        return self.p99_ms < MOST_MS and not lost and self.cpu < FULL

    @property
    def by_the_client(self) -> bool:
        """The telephones were late or busy themselves: the figures are not the server's."""
        return self.client_cpu > CLIENT_FULL or self.client_late > CLIENT_LATE


@dataclass(slots=True)
class Curve:
    name: str
    steps: list[Step] = field(default_factory=list)
    knee: Step | None = None
    """The first step that failed."""

    @property
    def best(self) -> Step | None:
        return next((step for step in reversed(self.steps) if step.passes), None)


class Telephones:
    """The load client's process."""

    def __init__(self, url: str, core: int, *options: str, token: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.telephones", "--url", url, "--core", str(core), *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "BENCH_TOKEN": token},
        )  # fmt: skip

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit("the telephones broke down")
        return dict(json.loads(line))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True, slots=True)
class Ours:
    url: str
    folder: Path
    pid: int
    token: str

    def stats(self, since: int = 0, *, collect: bool = False) -> dict[str, Any]:
        query = f"since={since}{'&collect=1' if collect else ''}"
        with urllib.request.urlopen(f"{self.url}/bench/stats?{query}", timeout=10) as answer:
            return dict(json.load(answer))


@contextmanager
def ours(core: int | None, *options: str, most: int = 2_000, country: str = "AR") -> Iterator[Ours]:
    """The product on an empty folder, in a process of its own."""
    port, token = free_port(), secrets.token_hex(16)
    folder = Path(tempfile.mkdtemp(prefix="relevo-bench-"))
    env = {
        "PORT": str(port), "RELEVO_DATA_DIR": str(folder), "RELEVO_MAX_CALLS": str(most), "RELEVO_COUNTRY": country,
        "RELEVO_LOG_LEVEL": "ERROR", "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": token,
        "TWILIO_PHONE_NUMBER": NUMBER, "RELEVO_DEMO_PASSWORD": token, "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    pinned = ["--core", str(core)] if core is not None else []
    try:
        with running([sys.executable, "-m", "bench.call_server", *pinned, *options], env=env) as process:
            url = f"http://localhost:{port}"
            wait_for(f"{url}/health", process)
            yield Ours(url, folder, process.pid, token)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def curve_of_ours(name: str, steps: Sequence[int], seconds: float) -> Curve:
    core, other = cores()
    curve = Curve(name)
    options = ["--busy"] if name == "continuous" else []
    with ours(core, "--wav") as server:
        telephones = Telephones(server.url, other, *options, token=server.token)
        try:
            for calls in steps:
                telephones.ask(do="grow", to=calls)
                time.sleep(QUEUED if name == "continuous" else SETTLE)
                for _ in range(ATTEMPTS):
                    before = server.stats()
                    step = _step(telephones, server.pid, seconds)
                    told = server.stats(before["beats"])
                    step.late_p99_ms = told["late_p99_ms"]
                    step.lost += told["skipped"] - before["skipped"]
                    if step.passes:
                        break
                curve.steps.append(step)
                if not step.passes:
                    break
            # What was said during the measurement is past the writer's slack before anybody hangs up.
            time.sleep(SETTLE)
            sent = telephones.ask(do="stop")["sent"]
        finally:
            telephones.close()
        _wait_until_over(server)
        _judge_recordings(server.folder, curve, sent)
    curve.knee = next((step for step in curve.steps if not step.passes), None)
    return curve


def curve_of_pipecat(steps: Sequence[int], seconds: float) -> Curve:
    core, other = cores()
    curve, port = Curve("pipecat"), free_port()
    command = [str(PIPECAT), "bench/pipecat_server.py", "--port", str(port), "--core", str(core)]
    with running(command) as process:
        wait_for(f"http://127.0.0.1:{port}/", process)
        telephones = Telephones(f"ws://127.0.0.1:{port}/media", other, "--echo")
        try:
            for calls in steps:
                telephones.ask(do="grow", to=calls)
                time.sleep(SETTLE)
                for _ in range(ATTEMPTS):
                    step = _step(telephones, process.pid, seconds)
                    if step.passes:
                        break
                curve.steps.append(step)
                if not step.passes:
                    break
        finally:
            telephones.close()
    curve.knee = next((step for step in curve.steps if not step.passes), None)
    return curve


def _step(telephones: Telephones, pid: int, seconds: float) -> Step:
    before: Used = used(pid)
    told = telephones.ask(do="measure", seconds=seconds, cpu_of=pid)
    return Step(
        calls=told["calls"], p50_ms=told["p50_ms"], p99_ms=told["p99_ms"], max_ms=told["max_ms"], lost=told["lost"],
        glitches=told["glitches"], cpu=told["server_cpu"], mb=max(before.mb, used(pid).mb), late_p99_ms=0.0,
        client_cpu=told["client_cpu"], client_late=told["client_late_p99_ms"], closed=told["closed"],
        window=told["sent"],
    )  # fmt: skip


def _wait_until_over(server: Ours) -> None:
    """Every call is stored."""
    end = time.monotonic() + 60
    while server.stats()["calls"] and time.monotonic() < end:
        time.sleep(0.5)


def _judge_recordings(folder: Path, curve: Curve, sent: Mapping[str, int]) -> None:
    """What customers said, frame by frame, against what was recorded of them; holes count for the step they fell in."""
    with sqlite3.connect(folder / "relevo.db") as db:
        kept = dict(db.execute("select c.external_id, r.id from recording r join call c on c.id = r.call_id"))
    for number, (sid, count) in enumerate(sent.items()):
        missing = _missing_frames(folder / "recordings", kept.get(sid, ""), number, count)
        for step in curve.steps:
            begin, end = step.window.get(sid, (0, 0))
            lost = int(np.count_nonzero((missing >= begin) & (missing < end)))
            step.lost_in += lost
            if lost:
                print(f"call {number}: {lost} frames of step {step.calls} are not recorded", file=sys.stderr)


def _missing_frames(folder: Path, recording: str, number: int, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    stereo = sound_of(folder, recording)
    if stereo is None:
        return np.arange(count)
    said = tape.sent_by(number, count)
    ahead = EARLY * FRAME_SAMPLES
    theirs = np.concatenate([np.full(ahead, 32_767, np.int16), stereo[:, 0]])
    # All of it, as the noise between two sentences looks like itself a second later; one sample in twenty is enough.
    sample = said[ahead::SPARSE]
    places = range(0, ahead + LATEST_START * FRAME_SAMPLES, FRAME_SAMPLES)
    begin = max(places, key=lambda at: _same(theirs[at + ahead :: SPARSE], sample))
    heard = theirs[begin:][: len(said)]
    heard = np.concatenate([heard, np.full(len(said) - len(heard), 32_767, np.int16)])
    wrong: np.ndarray[Any, np.dtype[np.int64]] = np.flatnonzero((heard != said).reshape(-1, FRAME_SAMPLES).any(axis=1))
    return wrong


def sound_of(folder: Path, recording: str) -> Pcm | None:
    """A recording as [samples, 2], if it is there."""
    path = next(folder.rglob(f"{recording}.wav"), None) if recording else None
    if path is None:
        return None
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


def _same(kept: Pcm, said: Pcm) -> int:
    both = min(len(kept), len(said))
    return int(np.count_nonzero(kept[:both] == said[:both]))


def table(curves: Sequence[Curve]) -> Iterator[str]:
    for curve in curves:
        yield ""
        yield curve.name
        yield (
            f"{'calls':>6} {'p50 ms':>7} {'p99 ms':>7} {'max ms':>7} {'lost':>6} {'lost in':>7} {'cpu %':>6} "
            f"{'%/call':>7} {'MB/call':>8} {'clock p99':>9} {'client %':>9} {'late ms':>8}"
        )
        for step in curve.steps:
            note = "" if step.passes else " fails"
            note += " (the telephones are the bottleneck)" if step.by_the_client else ""
            yield (
                f"{step.calls:>6} {step.p50_ms:>7.1f} {step.p99_ms:>7.1f} {step.max_ms:>7.1f} "
                f"{step.lost + step.glitches:>6} {step.lost_in:>7} {step.cpu:>6.1f} {step.cpu / step.calls:>7.2f} "
                f"{mb_per_call(curve, step):>8.2f} {step.late_p99_ms:>9.1f} {step.client_cpu:>9.1f} "
                f"{step.client_late:>8.1f}{note}"
            )


def mb_per_call(curve: Curve, step: Step) -> float:
    """What a call adds to a server that carries one."""
    first = curve.steps[0]
    return (step.mb - first.mb) / (step.calls - first.calls) if step.calls > first.calls else 0.0


def summary(continuous: Curve, talking: Curve, pipecat: Curve) -> dict[str, Any]:
    """The figures that count. A knee that the telephones caused is no knee: it is said so and not called ours."""
    best, theirs, spoken = continuous.best, pipecat.best, talking.best
    found: dict[str, Any] = {
        "calls_per_core": best.calls if best else 0,
        "pipecat_calls_per_core": theirs.calls if theirs else 0,
        "ratio": round(best.calls / theirs.calls, 1) if best and theirs else None,
        "p99_ms": round(best.p99_ms, 1) if best else None,
        "mb_per_call": round(mb_per_call(continuous, best), 2) if best else None,
        "talking_calls_per_core": spoken.calls if spoken else 0,
    }
    knees = {curve.name: curve.knee for curve in (continuous, talking, pipecat)}
    found["knee_by_client"] = [name for name, knee in knees.items() if knee is not None and knee.by_the_client]
    found["knee_not_reached"] = [name for name, knee in knees.items() if knee is None]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few steps, under two minutes")
    parser.add_argument("--seconds", type=float, default=0.0, help="length of one measurement")
    given = parser.parse_args()
    steps = QUICK if given.quick else STEPS
    seconds = given.seconds or (5.0 if given.quick else 8.0)
    curves = []
    for name, measure in (
        ("pipecat", curve_of_pipecat),
        ("continuous", lambda *rest: curve_of_ours("continuous", *rest)),
        ("talking", lambda *rest: curve_of_ours("talking", *rest)),
    ):
        print(f"· {name}", flush=True)
        curves.append(measure(steps[name], seconds))
        for line in itertools.islice(table(curves[-1:]), 1, None):
            print(line, flush=True)
    pipecat, continuous, talking = curves
    print(json.dumps(summary(continuous, talking, pipecat)))


if __name__ == "__main__":
    main()
