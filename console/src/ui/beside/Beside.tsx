// Who else has this open: their initials and, in words, what they do. Told to screen readers when it changes.

import { IconEye, IconPencil } from '@tabler/icons-react'
import { texts } from '../../texts'
import { initials } from '../format'
import classes from './Beside.module.css'
import { useOthers } from './useBeside'
import { besideWords, first } from './words'

const SHOWN = 3

export function Beside({ thing }: { thing: string }) {
  const others = useOthers(thing)
  const words = besideWords(others)
  return (
    <span className={classes.beside} role="status" aria-label={texts.beside.label} data-empty={words === null}>
      {words !== null && (
        <>
          <span className={classes.faces} aria-hidden>
            {others.slice(0, SHOWN).map(viewer => (
              <span key={viewer.id} className={classes.face} data-doing={viewer.doing} title={viewer.name}>
                {initials(viewer.name)}
              </span>
            ))}
          </span>
          <span className={classes.words}>{words}</span>
        </>
      )}
    </span>
  )
}

/** In a row of a list: that somebody has it open. */
export function BesideEye({ thing }: { thing: string }) {
  const others = useOthers(thing)
  const words = besideWords(others)
  if (words === null) return null
  const Icon = others.some(viewer => viewer.doing !== 'looking') ? IconPencil : IconEye
  return (
    <span className={classes.eye} role="img" aria-label={words} title={words}>
      <Icon size={13} stroke={2} aria-hidden />
    </span>
  )
}

/** Beside the composer: somebody else is writing to the customer at this moment. */
export function WritingNotice({ thing, writing }: { thing: string; writing: boolean }) {
  const other = useOthers(thing).find(viewer => viewer.doing === 'reply')
  if (!other) return null
  return (
    <p className={classes.notice} role="status">
      <IconPencil size={16} stroke={2} aria-hidden />
      {(writing ? texts.beside.both : texts.beside.alone)(first(other.name))}
    </p>
  )
}
