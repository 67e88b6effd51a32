// The browser's microphone, or a plain reason why it cannot be had. No protocol and no React here.

export type MicrophoneTrouble = 'insecure' | 'unsupported' | 'denied' | 'missing' | 'busy'

export class MicrophoneError extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble)
  }
}

/** With echo cancellation, noise suppression and gain. A remembered device that is gone gives way to the usual one. */
export async function openMicrophone(deviceId = ''): Promise<MediaStream> {
  if (!window.isSecureContext) throw new MicrophoneError('insecure')
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === 'undefined') {
    throw new MicrophoneError('unsupported')
  }
  const wishes = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: deviceId ? { ...wishes, deviceId: { ideal: deviceId } } : wishes,
    })
  } catch (error) {
    throw new MicrophoneError(troubleOf(error))
  }
}

export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null
    track.stop()
  }
}

export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'unsupported'
}
