// What was said, sentence by sentence, the present one marked; a click plays from there.

import { IconHeadset, IconSparkles, IconUser } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { RecordingDetail, Sentence } from '../../api/schema'
import { texts } from '../../texts'
import { duration } from '../format'
import classes from './Player.module.css'
import { sentenceAt } from './wave'

const ICONS = { customer: IconUser, bot: IconSparkles, agent: IconHeadset, system: IconSparkles }
const t = texts.recordings.player

type Props = { recording: RecordingDetail; at: number; onGo: (seconds: number) => void }

export function Sentences({ recording, at, onGo }: Props) {
  const present = at > 0 ? sentenceAt(recording.transcript, at) : -1
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const item = list.current?.children[present]
    item?.scrollIntoView({ block: 'nearest' })
  }, [present])
  if (recording.transcript.length === 0) return <p className={classes.none}>{t.noTranscript}</p>
  return (
    <ol className={classes.sentences} ref={list} aria-label={t.transcript}>
      {recording.transcript.map((sentence, index) => (
        <li key={`${sentence.at_ms} ${sentence.author} ${sentence.text}`}>
          <Line sentence={sentence} present={index === present} onGo={() => onGo(sentence.at_ms / 1000)} />
        </li>
      ))}
    </ol>
  )
}

function Line({ sentence, present, onGo }: { sentence: Sentence; present: boolean; onGo: () => void }) {
  const Icon = ICONS[sentence.author]
  const who = sentence.author === 'system' ? texts.thread.bot : texts.thread[sentence.author]
  return (
    <button
      type="button"
      className={classes.sentence}
      data-author={sentence.author}
      aria-current={present ? 'true' : undefined}
      title={t.goTo(duration(sentence.at_ms / 1000))}
      onClick={onGo}
    >
      <span className={`${classes.when} tabular`}>{duration(sentence.at_ms / 1000)}</span>
      <span className={classes.said}>
        <span className={classes.speaker}>
          <Icon size={13} stroke={2} aria-hidden /> {sentence.author === 'agent' ? (sentence.name ?? who) : who}
        </span>
        {sentence.text}
      </span>
    </button>
  )
}
