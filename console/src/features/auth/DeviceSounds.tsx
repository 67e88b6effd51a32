// How loud the desk is in this browser, and which of its sounds are wanted. Each can be heard here.

import { ActionIcon, Checkbox, Slider, Stack, Text } from '@mantine/core'
import { IconPlayerPlay, IconVolume, IconVolumeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { chime } from '../../audio/chime'
import { readSounds, SOUNDS, type SoundSettings, writeSounds } from '../../audio/soundSettings'
import { browserStore } from '../../audio/voiceSettings'
import { device } from '../../texts/device'
import { useVoiceView } from '../../ui/voice/voice-context'
import classes from './Device.module.css'

const t = device.sounds

export function DeviceSounds() {
  const [settings, setSettings] = useState(() => readSounds(browserStore()))
  const { speaker } = useVoiceView().settings
  const change = (next: SoundSettings) => {
    setSettings(next)
    writeSounds(browserStore(), next)
  }
  const silent = settings.volume === 0
  return (
    <Stack gap={10}>
      <div className={classes.line}>
        <Text size="sm" fw={500} id="device-volume">
          {t.title}
        </Text>
        <Text size="sm" c="var(--muted)" className="tabular">
          {silent ? t.silent : t.percent(settings.volume)}
        </Text>
      </div>
      <div className={classes.volume}>
        {silent ? <IconVolumeOff size={20} aria-hidden /> : <IconVolume size={20} aria-hidden />}
        <Slider
          className={classes.slider}
          value={settings.volume}
          step={5}
          label={null}
          thumbLabel={t.volume}
          onChange={volume => setSettings({ ...settings, volume })}
          onChangeEnd={volume => {
            change({ ...settings, volume })
            chime('test', speaker)
          }}
        />
      </div>
      <Text size="sm" c="var(--muted)">
        {t.which}
      </Text>
      {SOUNDS.map(sound => (
        <div key={sound} className={classes.line}>
          <Checkbox
            label={t[sound]}
            checked={!settings.off.includes(sound)}
            onChange={event => {
              const rest = settings.off.filter(each => each !== sound)
              change({ ...settings, off: event.currentTarget.checked ? rest : [...rest, sound] })
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            disabled={silent || settings.off.includes(sound)}
            aria-label={t.listen(t[sound])}
            onClick={() => chime(sound, speaker)}
          >
            <IconPlayerPlay size={18} stroke={1.7} aria-hidden />
          </ActionIcon>
        </div>
      ))}
    </Stack>
  )
}
