// The line with which a request is settled: it is sent to the guest as it stands, where the conversation can carry it.

import { Button, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Settling, useSettleRequest } from '../../api/requests'
import type { GuestRequest } from '../../api/schema.requests'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import classes from './Requests.module.css'

const t = texts.requests
const LONGEST = 2000

type Props = { request: GuestRequest; verb: Settling['verb']; onClose: () => void }

export function SettleRequest({ request, verb, onClose }: Props) {
  const settle = useSettleRequest()
  const [line, setLine] = useState(verb === 'done' ? (t.doneLine[request.kind] ?? '') : '')
  const said = request.reachable ? line.trim() : ''
  const wordless = verb === 'decline' && request.reachable && !said

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!wordless && !settle.isPending) settle.mutate({ request, verb, line: said })
  }

  return (
    <form className={classes.settle} onSubmit={submit}>
      {request.reachable ? (
        <Textarea
          label={t.lineLabel}
          description={verb === 'done' ? `${t.lineHelp} ${t.lineOptional}` : `${t.lineHelp} ${t.lineNeeded}`}
          autoFocus
          autosize
          minRows={2}
          maxRows={8}
          maxLength={LONGEST}
          value={line}
          onChange={event => setLine(event.currentTarget.value)}
        />
      ) : (
        <p className={classes.unreachable}>{t.unreachable}</p>
      )}
      {settle.error && (
        <p className={classes.failed} role="alert">
          {explain(settle.error)}
        </p>
      )}
      <div className={classes.buttons}>
        <Button type="submit" size="xs" loading={settle.isPending} disabled={wordless}>
          {said || wordless ? t.send : t.close}
        </Button>
        <Button size="xs" variant="default" onClick={onClose} disabled={settle.isPending}>
          {texts.common.cancel}
        </Button>
      </div>
    </form>
  )
}
