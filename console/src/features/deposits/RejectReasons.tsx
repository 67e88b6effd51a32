// Why a deposit is rejected: one click for what happens every day, own words for the rest.

import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { texts } from '../../texts'
import classes from './Decision.module.css'

const t = texts.deposits
const LONGEST = 200

export function RejectReasons({ onReject, onCancel }: { onReject: (reason: string) => void; onCancel: () => void }) {
  const [own, setOwn] = useState<string | null>(null)
  return (
    <div className={classes.ask}>
      <h3 className={classes.askTitle}>{t.rejectTitle}</h3>
      <p className={classes.help}>{t.rejectHelp}</p>
      {own === null ? (
        <div className={classes.reasons}>
          {t.reasons.map((reason, at) => (
            <button
              key={reason}
              ref={at === 0 ? focused : null}
              type="button"
              className={classes.reason}
              onClick={() => onReject(reason)}
            >
              {reason}
            </button>
          ))}
          <button type="button" className={classes.reason} onClick={() => setOwn('')}>
            {t.otherReason}
          </button>
        </div>
      ) : (
        <>
          <Textarea
            label={t.otherReason}
            placeholder={t.otherPlaceholder}
            autoFocus
            autosize
            minRows={2}
            maxLength={LONGEST}
            value={own}
            onChange={event => setOwn(event.currentTarget.value)}
          />
          <Button size="md" disabled={!own.trim()} onClick={() => onReject(own.trim())}>
            {t.rejectSubmit}
          </Button>
        </>
      )}
      <Button size="md" variant="default" onClick={onCancel}>
        {texts.common.cancel}
      </Button>
    </div>
  )
}

/** So that the keyboard goes on from where it was. */
function focused(button: HTMLButtonElement | null): void {
  button?.focus()
}
