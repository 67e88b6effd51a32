"""Opus in another box: what a browser records (WebM) as the voice note that a telephone would have made (Ogg). The
sound itself is left as it is; without the library, or with other sound, the bytes stay what they were."""

from __future__ import annotations

import io
from importlib.util import find_spec

OGG = b"OggS"


def boxed_as_ogg(content: bytes) -> bytes:
    """Blocking, for some milliseconds."""
    if content.startswith(OGG) or find_spec("av") is None:
        return content
    import av

    out = io.BytesIO()
    try:
        with av.open(io.BytesIO(content), "r") as given, av.open(out, "w", format="ogg") as made:
            stream = given.streams.audio[0]
            if stream.codec_context.name not in ("opus", "libopus"):
                return content
            copy = made.add_stream_from_template(stream)
            for packet in given.demux(stream):
                if packet.dts is not None:
                    packet.stream = copy
                    made.mux(packet)
    except (av.FFmpegError, IndexError, ValueError):
        return content
    return out.getvalue()
