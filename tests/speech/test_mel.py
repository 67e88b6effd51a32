from __future__ import annotations

import numpy as np
import pytest

from relevo.adapters.speech.mel import FRAMES_PER_SECOND, Mel
from relevo.calls.ports import SPEECH_RATE


@pytest.mark.speech
@pytest.mark.parametrize("count", [80, 128])
def test_the_picture_is_the_one_the_model_was_trained_on(count: int) -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    sound = np.random.default_rng(0).normal(0, 0.1, 2 * SPEECH_RATE + 77).astype(np.float32)
    expected = FeatureExtractor(feature_size=count)(sound)
    found = Mel(count)(sound)
    assert found.shape == expected.shape
    assert np.allclose(found, expected, atol=1e-4)


def test_a_frame_for_every_ten_milliseconds() -> None:
    assert Mel()(np.zeros(SPEECH_RATE, np.float32)).shape[1] == FRAMES_PER_SECOND + 1
