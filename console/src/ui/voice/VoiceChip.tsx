// The state of one's own audio, where one can see it from the desk; opens its settings, or switches it on.

import { Button, Modal, UnstyledButton } from '@mantine/core'
import { IconHeadphones, IconHeadphonesOff, IconMicrophoneOff, IconSettings } from '@tabler/icons-react'
import { useState } from 'react'
import { texts } from '../../texts'
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
            <span className={classes.hint}>{tone === 'off' ? texts.voice.withoutIt : hint(state.name)}</span>
          )}
        </span>
        {tone === 'off' ? (
          <Button size="sm" className={classes.button ?? ''} onClick={turnOn}>
            {state.name === 'idle' && state.elsewhere ? texts.voice.useHere : texts.voice.turnOn}
          </Button>
        ) : (
          <UnstyledButton
            className={classes.open}
            aria-label={texts.voice.settings}
            title={texts.voice.settings}
            onClick={() => setOpened(true)}
          >
            <IconSettings size={20} stroke={1.7} aria-hidden />
          </UnstyledButton>
        )}
      </div>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={texts.voice.title}
        closeButtonProps={{ 'aria-label': texts.common.close }}
      >
        <VoicePanel onDone={() => setOpened(false)} />
      </Modal>
    </>
  )
}

function hint(name: string): string {
  if (name === 'missing') return texts.voice.missing
  return name === 'denied' || name === 'failed' ? texts.voice.withoutIt : ''
}
