// How the customer feels by their own written words. Said softly, and only where they say it.

import { IconMoodSad, IconMoodSmile } from '@tabler/icons-react'
import type { Mood } from '../api/schema'
import { texts } from '../texts'
import classes from './MoodChip.module.css'

export function MoodChip({ mood }: { mood: Mood | null | undefined }) {
  if (!mood || mood === 'neutral') return null
  const Icon = mood === 'negative' ? IconMoodSad : IconMoodSmile
  return (
    <span className={classes.chip} title={texts.thread.moodHelp}>
      <Icon size={13} stroke={1.9} aria-hidden /> {texts.thread.moods[mood]}
    </span>
  )
}
