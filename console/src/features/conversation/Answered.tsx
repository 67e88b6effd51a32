// A colleague has answered since one began to write: it is looked at, or sent all the same, but not by mistake.

import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { texts } from '../../texts'
import { first } from '../../ui/beside/words'
import classes from './Answered.module.css'

type Props = {
  name: string
  onReviewed: () => void
  onSend: (() => void) | undefined
  sendRef: RefObject<HTMLButtonElement | null>
}

export function Answered({ name, onReviewed, onSend, sendRef }: Props) {
  return (
    <div className={classes.answered} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <span className={classes.words}>{texts.beside.answered(first(name))}</span>
      <Button size="compact-sm" variant="default" onClick={onReviewed}>
        {texts.beside.review}
      </Button>
      {onSend && (
        <Button ref={sendRef} size="compact-sm" onClick={onSend}>
          {texts.beside.sendAnyway}
        </Button>
      )}
    </div>
  )
}
