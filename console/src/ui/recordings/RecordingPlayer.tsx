// A recording: its sound in two lanes, what happened in it, and every sentence as a way to its place.

import { ActionIcon, Alert, Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconDownload, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useState } from 'react'
import { usePeaks, useRecording } from '../../api/recordings'
import type { RecordingDetail } from '../../api/schema'
import { texts } from '../../texts'
import { duration } from '../format'
import { explain, Failure } from '../StatePages'
import { DownloadModal } from './DownloadModal'
import classes from './Player.module.css'
import { Sentences } from './Sentences'
import { usePlayer } from './usePlayer'
import { Wave } from './Wave'
import { soundless } from './wave'

const t = texts.recordings.player
const SPEEDS = ['1', '1.25', '1.5', '2']

export function RecordingPlayer({ id }: { id: string }) {
  const query = useRecording(id)
  if (query.data) return <Open recording={query.data} />
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <div className={classes.box} role="status" aria-label={texts.common.loading}>
      <Skeleton height={110} radius="md" />
      <Skeleton height={14} width="60%" mt="lg" />
      <Skeleton height={14} width="75%" mt="sm" />
    </div>
  )
}

function Open({ recording }: { recording: RecordingDetail }) {
  if (recording.state === 'recording') return <p className={classes.none}>{t.notReady}</p>
  if (soundless(recording.state)) return <p className={classes.none}>{texts.recordings.states[recording.state]}.</p>
  return <Player recording={recording} />
}

function Player({ recording }: { recording: RecordingDetail }) {
  const peaks = usePeaks(recording.id)
  const [downloading, setDownloading] = useState(false)
  const player = usePlayer(recording.id, recording.seconds)
  return (
    <div className={classes.player}>
      <section className={classes.box} aria-label={t.label}>
        <audio {...player.bind} />
        <div className={classes.tools}>
          <ActionIcon
            size={46}
            radius="xl"
            aria-label={player.playing ? t.pause : t.play}
            loading={player.loading}
            onClick={player.toggle}
          >
            {player.playing ? <IconPlayerPauseFilled size={22} /> : <IconPlayerPlayFilled size={22} />}
          </ActionIcon>
          <span className={`${classes.time} tabular`}>
            {duration(player.at)} <span className="muted">/ {duration(recording.seconds)}</span>
          </span>
          <SegmentedControl
            className={classes.speed ?? ''}
            size="sm"
            aria-label={t.speed}
            value={String(player.speed)}
            onChange={value => player.setSpeed(Number(value))}
            data={SPEEDS.map(value => ({ value, label: `${value.replace('.', ',')}×` }))}
          />
          <Button
            variant="default"
            className={classes.download ?? ''}
            leftSection={<IconDownload size={17} />}
            onClick={() => setDownloading(true)}
          >
            {texts.recordings.download.open}
          </Button>
        </div>
        <Wave
          peaks={peaks.data}
          seconds={recording.seconds}
          at={player.at}
          markers={recording.markers}
          onSeek={player.seek}
          onToggle={player.toggle}
        />
        {peaks.isError && <p className={classes.note}>{t.noWave}</p>}
        {player.trouble && (
          <Alert color="red" variant="light" role="alert" mt="xs">
            {player.trouble === 'expired' ? t.expired : `${t.failed} ${explain(player.error)}`}
          </Alert>
        )}
      </section>
      <Sentences
        recording={recording}
        at={player.at}
        onGo={seconds => {
          player.seek(seconds)
          void player.play()
        }}
      />
      <DownloadModal recording={recording} opened={downloading} onClose={() => setDownloading(false)} />
    </div>
  )
}
