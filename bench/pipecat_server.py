"""The other side of ``make bench-calls``: Pipecat's bare echo of telephone streams, as its own examples build it.

Twilio serializer, FastAPI WebSocket transport, one processor that sends every frame back; no detector, no recogniser,
no recording, no mixing. Runs in ``.venv-bench`` and imports nothing of the product.
"""

from __future__ import annotations

import argparse
import json
import os

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.frames.frames import Frame, InputAudioRawFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

RATE = 8_000

logger.remove()
app = FastAPI()


class Echo(FrameProcessor):
    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            await self.push_frame(OutputAudioRawFrame(frame.audio, frame.sample_rate, frame.num_channels))
        else:
            await self.push_frame(frame, direction)


@app.websocket("/media")
async def media(socket: WebSocket) -> None:
    await socket.accept()
    said = socket.iter_text()
    await anext(said)
    start = json.loads(await anext(said))
    serializer = TwilioFrameSerializer(
        stream_sid=start["streamSid"],
        call_sid=start["start"]["callSid"],
        params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
    )
    # Frames of 20 ms and the line's own rate all through: what costs Pipecat least.
    transport = FastAPIWebsocketTransport(
        websocket=socket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False, serializer=serializer,
            audio_out_10ms_chunks=2,
        ),
    )  # fmt: skip
    worker = PipelineWorker(
        Pipeline([transport.input(), Echo(), transport.output()]),
        params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE),
    )
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--core", type=int, required=True)
    given = parser.parse_args()
    os.sched_setaffinity(0, {given.core})
    uvicorn.run(app, host="127.0.0.1", port=given.port, log_level="warning", loop="uvloop", http="httptools")


if __name__ == "__main__":
    main()
