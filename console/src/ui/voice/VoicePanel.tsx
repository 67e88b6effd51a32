// Everything about one's own audio: what is wrong and what to do, devices, level, tests.

import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconDeviceMobile, IconHeadphones, IconVolume } from '@tabler/icons-react'
import { chime } from '../../audio/chime'
import { texts } from '../../texts'
import { browserName } from '../browserName'
import { LevelMeter } from './LevelMeter'
import { MicrophoneTest } from './MicrophoneTest'
import classes from './Voice.module.css'
import { useVoice, useVoiceView } from './voice-context'
import { isPhone, voiceTone, voiceWord } from './words'

export function VoicePanel({ onDone }: { onDone: () => void }) {
  const voice = useVoice()
  const { state, muted, settings, devices, quality } = useVoiceView()
  const tone = voiceTone(state)
  const open = tone === 'on' || state.name === 'connecting' || state.name === 'reconnecting'
  return (
    <Stack gap="md">
      <div className={classes.status} data-tone={tone} role="status">
        <IconHeadphones size={20} stroke={1.8} aria-hidden />
        <div>
          <strong>{voiceWord(state, muted)}</strong>
          {state.name === 'on' && (
            <Text size="xs">
              {texts.voice.by[state.by]}
              {quality ? ` · ${texts.voice.quality[quality.grade]}` : ''}
              {quality ? ` · ${texts.voice.numbers(quality.lossPercent, quality.roundTripMs)}` : ''}
            </Text>
          )}
        </div>
      </div>
      <Trouble />
      {isPhone(navigator.userAgent, navigator.maxTouchPoints) && (
        <Alert color="yellow" variant="light" icon={<IconDeviceMobile size={18} />}>
          {texts.voice.phone} {'wakeLock' in navigator ? texts.voice.phoneAwake : ''}
        </Alert>
      )}
      {open && (
        <>
          <div>
            <Picker
              label={texts.voice.microphone}
              devices={devices.microphones}
              value={settings.microphone}
              usual={texts.voice.usual}
              onPick={id => void voice.chooseMicrophone(id)}
            />
            <div className={classes.meter}>
              <LevelMeter />
              <Text size="xs" c="var(--muted)">
                {texts.voice.levelHint}
              </Text>
            </div>
          </div>
          {'setSinkId' in HTMLMediaElement.prototype && devices.speakers.length > 0 ? (
            <Picker
              label={texts.voice.speaker}
              devices={devices.speakers}
              value={settings.speaker}
              usual={texts.voice.usual}
              onPick={id => voice.chooseSpeaker(id)}
            />
          ) : (
            <Text size="xs" c="var(--muted)">
              {texts.voice.usualSpeaker}
            </Text>
          )}
          <Group gap="xs" grow preventGrowOverflow={false}>
            <Button
              variant="default"
              className={classes.button ?? ''}
              leftSection={<IconVolume size={17} />}
              onClick={() => chime('test', settings.speaker)}
            >
              {texts.voice.testSound}
            </Button>
            <MicrophoneTest speaker={settings.speaker} />
          </Group>
        </>
      )}
      <Text size="sm" c="var(--muted)">
        {texts.voice.why} {texts.voice.withoutIt}
      </Text>
      <Group justify="flex-end" gap="xs">
        {tone === 'off' ? (
          <Button className={classes.button ?? ''} onClick={() => voice.turnOn()}>
            {texts.voice.turnOn}
          </Button>
        ) : (
          <Button
            variant="subtle"
            color="gray"
            className={classes.button ?? ''}
            onClick={() => {
              voice.turnOff()
              onDone()
            }}
          >
            {texts.voice.turnOff}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Trouble() {
  const voice = useVoice()
  const { state } = useVoiceView()
  if (state.name !== 'denied' && state.name !== 'missing' && state.name !== 'failed') return null
  return (
    <Alert color="red" variant="light" role="alert">
      <Stack gap="xs" align="flex-start">
        {state.name === 'denied' ? (
          <>
            <span>{texts.voice.denied}</span>
            <ol className={classes.steps}>
              {texts.voice.steps[browserName(navigator.userAgent)].map(text => (
                <li key={text}>{text}</li>
              ))}
            </ol>
          </>
        ) : (
          <span>{state.name === 'missing' ? texts.voice.missing : texts.voice.failed[state.why]}</span>
        )}
        <Button className={classes.button ?? ''} onClick={() => voice.turnOn()}>
          {texts.voice.again}
        </Button>
      </Stack>
    </Alert>
  )
}

type PickerProps = {
  label: string
  devices: MediaDeviceInfo[]
  value: string
  usual: string
  onPick: (id: string) => void
}

function Picker({ label, devices, value, usual, onPick }: PickerProps) {
  const known = devices.filter(device => device.deviceId !== 'default')
  const data = [
    { value: '', label: usual },
    ...known.map((device, at) => ({ value: device.deviceId, label: device.label || texts.voice.device(at + 1) })),
  ]
  return (
    <Select
      label={label}
      data={data}
      value={known.some(device => device.deviceId === value) ? value : ''}
      allowDeselect={false}
      size="md"
      comboboxProps={{ withinPortal: true }}
      onChange={id => onPick(id ?? '')}
    />
  )
}
