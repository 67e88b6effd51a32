// The state of one's own audio, where one can see it from the desk; opens its settings, or switches it on.

import { Button, Modal, UnstyledButton } from '@mantine/core'
import { IconHeadphones, IconHeadphonesOff, IconMicrophoneOff, IconSettings } from '@tabler/icons-react'
import { useState } from 'react'
import { es } from '../../texts/es'
import { LevelMeter } from './LevelMeter'
import classes from './Voice.module.css'
import { VoicePanel } from './VoicePanel'
import { useVoice, useVoiceView } from './voice-context'
import { voiceTone, voiceWord } from './words'

export function VoiceChip() {
  const voice = useVoice()
  const { state, muted, quality } = useVoiceView()
  const [opened, setOpened] = useState(false)
  const tone = voiceTone(state)
  const Icon = tone === 'on' ? (muted ? IconMicrophoneOff : IconHeadphones) : IconHeadphonesOff
  const turnOn = () => {
    voice.turnOn()
    setOpened(true)
  }
  return (
    <>
      <div className={classes.chip} data-tone={tone} data-quality={quality?.grade}>
        <span className={classes.icon}>
          <Icon size={19} stroke={1.8} aria-hidden />
        </span>
        <span className={classes.words} role="status">
          <strong>{voiceWord(state, muted)}</strong>
          {tone === 'on' ? (
            <LevelMeter />
          ) : (
            <span className={classes.hint}>{tone === 'off' ? es.voice.withoutIt : hint(state.name)}</span>
          )}
        </span>
        {tone === 'off' ? (
          <Button size="sm" className={classes.button ?? ''} onClick={turnOn}>
            {state.name === 'idle' && state.elsewhere ? es.voice.useHere : es.voice.turnOn}
          </Button>
        ) : (
          <UnstyledButton
            className={classes.open}
            aria-label={es.voice.settings}
            title={es.voice.settings}
            onClick={() => setOpened(true)}
          >
            <IconSettings size={20} stroke={1.7} aria-hidden />
          </UnstyledButton>
        )}
      </div>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={es.voice.title}
        closeButtonProps={{ 'aria-label': es.common.close }}
      >
        <VoicePanel onDone={() => setOpened(false)} />
      </Modal>
    </>
  )
}

function hint(name: string): string {
  if (name === 'missing') return es.voice.missing
  return name === 'denied' || name === 'failed' ? es.voice.withoutIt : ''
}
