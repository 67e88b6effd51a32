"""A real browser takes over a telephone call: does each side hear the other's tone?

Chromium, without a window and with a sound file for a microphone, signs in to the console, switches its audio on and
presses *Tomar el control* in a call that a carrier's loopback placed. The customer's telephone is judged sample by
sample, the browser by an analyser on the track it received: the other side's tone must be the loudest there is, with so
many dB between it and everything else. With ``--websocket`` the browser has no WebRTC and uses the fallback. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import wave
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from bench.browser import Page, browser
from bench.calls import ours
from bench.customer import Customer
from bench.measures import signal_to_noise_db
from bench.processes import agent_email
from bench.scripted_speech import chord
from relevo.calls.ports import FRAME_SAMPLES, LINE_RATE, Pcm
from relevo.kit.tasks import Tasks

AGENT_HZ, CUSTOMER_HZ = 1_200.0, 700.0
MIC_RATE = 48_000
ON, OFF = 0.4, 0.1
"""Seconds of tone and of pause: what never pauses is taken for a noise, by the browser and by us."""
LEAST_DB = 10.0
NEAR_HZ = 40.0

EARS = """
window.__ears = {};
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...given) {
    super(...given);
    this.addEventListener('track', event => {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 8192;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(new MediaStream([event.track])).connect(analyser);
      window.__ears.context = context;
      window.__ears.analyser = analyser;
    });
  }
};
"""
NO_WEBRTC = """
window.__ears = {};
delete window.RTCPeerConnection;
const plug = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to === this.context.destination) {
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0;
    plug.call(this, analyser);
    window.__ears = { context: this.context, analyser };
  }
  return plug.call(this, to, ...rest);
};
"""
LISTEN = """
(async () => {
  const { analyser, context } = window.__ears;
  await context.resume();
  const power = new Float32Array(analyser.frequencyBinCount);
  const bin = context.sampleRate / analyser.fftSize;
  let best = { db: -200, hz: 0 };
  for (let n = 0; n < 40; n++) {
    await new Promise(done => setTimeout(done, 50));
    analyser.getFloatFrequencyData(power);
    const linear = Array.from(power, db => 10 ** (db / 10));
    const top = linear.indexOf(Math.max(...linear));
    const near = linear.filter((_, at) => Math.abs(at - WANTED / bin) * bin <= NEAR).reduce((a, b) => a + b, 1e-20);
    const rest = linear.filter((_, at) => at * bin < 4000 && Math.abs(at - WANTED / bin) * bin > NEAR)
      .reduce((a, b) => a + b, 1e-20);
    const db = 10 * Math.log10(near / rest);
    if (db > best.db) best = { db, hz: top * bin };
  }
  return best;
})()
"""


def microphone(path: Path) -> None:
    """Ten seconds that Chromium plays again and again as what its microphone hears."""
    bursts = _bursts(chord([AGENT_HZ], 10 * MIC_RATE, level_db=-18, rate=MIC_RATE), MIC_RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MIC_RATE)
        file.writeframes(bursts.tobytes())


def _bursts(sound: Pcm, rate: int) -> Pcm:
    on = (np.arange(len(sound)) / rate) % (ON + OFF) < ON
    soft = np.convolve(on, np.ones(rate // 100) / (rate // 100), "same")
    shaped: Pcm = (sound * soft).astype(np.int16)
    return shaped


async def bench(*, webrtc: bool) -> dict[str, Any]:
    tasks = Tasks()
    with tempfile.TemporaryDirectory() as folder, ours(None, "--voice", "tones", "--agents", "1") as server:
        tone = Path(folder, "tone.wav")
        await asyncio.to_thread(microphone, tone)
        options = (
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={tone}", "--autoplay-policy=no-user-gesture-required",
        )  # fmt: skip
        customer = Customer("+5493418000001")
        async with (
            browser(*options, before=EARS if webrtc else NO_WEBRTC) as page,
            httpx.AsyncClient(timeout=15) as carrier,
        ):
            await _sign_in(page, server.url, agent_email(0), server.token)
            await _go(page, "/llamadas")
            await page.press("Activar audio")
            await page.until("fetch('/api/voice').then(a => a.json()).then(v => v.connected)")
            await customer.dial(carrier, server.url, server.token, tasks)
            conversation = await _conversation(page, customer.from_)
            await _go(page, f"/c/{conversation}")
            await page.press("Tomar el control")
            await page.until("fetch('/api/calls').then(a => a.json()).then(a => a.items[0].control === 'agent')")
            await asyncio.sleep(2)
            customer.say(_bursts(chord([CUSTOMER_HZ], 6 * LINE_RATE, level_db=-20), LINE_RATE))
            await asyncio.sleep(0.5)
            listen = LISTEN.replace("WANTED", str(CUSTOMER_HZ)).replace("NEAR", str(NEAR_HZ))
            in_browser = await page.run(listen)
            await asyncio.sleep(1)
            heard = customer.between(customer.position - 3 * LINE_RATE, customer.position)
            transport = await page.run("fetch('/api/voice').then(a => a.json()).then(v => v.name)")
            errors = page.errors
        customer.gone = True
        await tasks.settle()
    at_customer = _best(heard)
    print(f"{'':<14} {'loudest Hz':>11} {'SNR dB':>8}")
    print(f"{'customer':<14} {at_customer[0]:>11.0f} {at_customer[1]:>8.1f}")
    print(f"{'browser':<14} {in_browser['hz']:>11.0f} {in_browser['db']:>8.1f}")
    for error in errors:
        print(f"the page: {error}")
    good = (
        abs(at_customer[0] - AGENT_HZ) < NEAR_HZ and abs(in_browser["hz"] - CUSTOMER_HZ) < NEAR_HZ
        and min(at_customer[1], in_browser["db"]) >= LEAST_DB and not errors
    )  # fmt: skip
    return {
        "ok": good,
        "agent_at_customer_db": round(at_customer[1], 1),
        "customer_at_browser_db": round(in_browser["db"], 1),
        "transport": transport,
    }


def _best(heard: Pcm) -> tuple[float, float]:
    """(loudest frequency, signal to noise) of the clearest 200 ms."""
    size = 10 * FRAME_SAMPLES
    pieces = [heard[at : at + size] for at in range(0, len(heard) - size, FRAME_SAMPLES)]
    clearest = max(pieces, key=lambda piece: signal_to_noise_db(piece, AGENT_HZ, width=NEAR_HZ))
    spectrum = np.abs(np.fft.rfft(clearest * np.hanning(size)))
    return float(np.argmax(spectrum) * LINE_RATE / size), signal_to_noise_db(clearest, AGENT_HZ, width=NEAR_HZ)


async def _sign_in(page: Page, url: str, email: str, password: str) -> None:
    await page.call("Page.navigate", url=f"{url}/entrar")
    await page.fill("input[type=email]", email)
    await page.fill("input[type=password]", password)
    await page.run("document.querySelector('form').requestSubmit()")
    await page.until("!location.pathname.startsWith('/entrar')")


async def _go(page: Page, path: str) -> None:
    """Within the console: a page that loads anew would begin its audio anew."""
    await page.run(f"window.history.pushState({{}}, '', '{path}')")
    await page.run("window.dispatchEvent(new PopStateEvent('popstate'))")


async def _conversation(page: Page, from_: str) -> str:
    find = f"""fetch('/api/calls').then(a => a.json())
        .then(a => a.items.find(call => call.from === '{from_}')?.conversation_id)"""
    return str(await page.until(find))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--websocket", action="store_true", help="a browser without WebRTC")
    found = asyncio.run(bench(webrtc=not parser.parse_args().websocket))
    print(json.dumps(found))
    raise SystemExit(0 if found["ok"] else 1)


if __name__ == "__main__":
    main()
