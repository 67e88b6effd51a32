// Records three seconds and plays them, so that one hears what others would. Not during a call.

import { Button, Text } from '@mantine/core'
import { IconMicrophone } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { presentCall } from '../../api/callState'
import { useActiveCalls } from '../../api/calls'
import { useSeat } from '../../api/seat'
import { useMe } from '../../api/session'
import { toSpeaker } from '../../audio/agentLink'
import { texts } from '../../texts'
import classes from './Voice.module.css'
import { useVoice } from './voice-context'

const LENGTH = 3_000

type State = 'ready' | 'recording' | 'playing' | 'failed'

export function MicrophoneTest({ speaker }: { speaker: string }) {
  const voice = useVoice()
  const me = useMe()
  const seat = useSeat()
  const calls = useActiveCalls().data ?? []
  const busy = presentCall(calls, me.id, seat) !== null
  const [state, setState] = useState<State>('ready')
  const stop = useRef<() => void>(undefined)
  useEffect(() => () => stop.current?.(), [])
  const test = () => {
    const stream = voice.microphone
    if (!stream || typeof MediaRecorder === 'undefined') {
      setState('failed')
      return
    }
    stop.current = recordAndPlay(stream, speaker, setState)
  }
  return (
    <>
      <Button
        variant="default"
        className={classes.button ?? ''}
        leftSection={<IconMicrophone size={17} />}
        loading={state === 'recording' || state === 'playing'}
        disabled={busy}
        onClick={test}
      >
        {texts.voice.testMicrophone}
      </Button>
      {(state !== 'ready' || busy) && (
        <Text size="sm" role="status" className={classes.note ?? ''}>
          {busy ? texts.voice.notInCall : word(state)}
        </Text>
      )}
    </>
  )
}

function word(state: State): string {
  if (state === 'recording') return texts.voice.recording
  return state === 'playing' ? texts.voice.playing : state === 'failed' ? texts.voice.testFailed : ''
}

function recordAndPlay(stream: MediaStream, speaker: string, tell: (state: State) => void): () => void {
  const pieces: Blob[] = []
  const player = new Audio()
  let url = ''
  const recorder = new MediaRecorder(stream)
  const end = (state: State) => {
    if (url) URL.revokeObjectURL(url)
    tell(state)
  }
  recorder.ondataavailable = event => pieces.push(event.data)
  recorder.onerror = () => end('failed')
  recorder.onstop = () => {
    url = URL.createObjectURL(new Blob(pieces, { type: recorder.mimeType }))
    player.src = url
    toSpeaker(player, speaker)
    player.onended = () => end('ready')
    player.onerror = () => end('failed')
    tell('playing')
    player.play().catch(() => end('failed'))
  }
  tell('recording')
  recorder.start()
  const timer = setTimeout(() => recorder.stop(), LENGTH)
  return () => {
    clearTimeout(timer)
    recorder.onstop = null
    if (recorder.state !== 'inactive') recorder.stop()
    player.pause()
    if (url) URL.revokeObjectURL(url)
  }
}
