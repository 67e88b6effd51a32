// What was just done to a reminder, for a while, with the way back.

import { Button } from '@mantine/core'
import { IconArrowBackUp, IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { texts } from '../../texts'
import { outreach } from '../../texts/outreach'
import { explain } from '../../ui/StatePages'
import classes from './Reminders.module.css'
import type { Deeds } from './useReminderDeeds'

const t = outreach.reminders
const SHOWN = 10_000

export function Undo({ deeds }: { deeds: Deeds }) {
  const { done, error, forget } = deeds
  useEffect(() => {
    if (!done) return
    const later = setTimeout(forget, SHOWN)
    return () => clearTimeout(later)
  }, [done, forget])
  return (
    <div className={classes.undo} data-shown={done !== null || error !== null} role={error ? 'alert' : 'status'}>
      {error ? (
        <span>{explain(error)}</span>
      ) : (
        done && (
          <>
            <span>{done.what === 'cancel' ? t.cancelled : t.planned}</span>
            {done.what === 'cancel' && (
              <Button
                variant="white"
                color="dark"
                size="xs"
                leftSection={<IconArrowBackUp size={16} />}
                onClick={() => deeds.run(done.id, 'again')}
              >
                {t.undo}
              </Button>
            )}
          </>
        )
      )}
      {(done !== null || error !== null) && (
        <Button variant="transparent" color="gray.0" size="xs" px={6} aria-label={texts.common.close} onClick={forget}>
          <IconX size={16} aria-hidden />
        </Button>
      )}
    </div>
  )
}
