// After a call: how it ended, what to remember, whether to call again. It hinders nobody: closed, it waits in the bar,
// and what was not said stays listed as not said.

import { Button, Checkbox, Drawer, Radio, Skeleton, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { useCopilot } from '../../api/copilot'
import { type Results, useEndWrapUp, useExtend, useResults, useSaveResult } from '../../api/presence'
import type { Shift } from '../../api/presenceState'
import { texts } from '../../texts'
import { duration } from '../format'
import { LinkButton } from '../links'
import { explain, Failure } from '../StatePages'
import { useSecond } from '../useNow'
import { callbackIso, soonest } from './callbackTime'
import classes from './WrapUpDrawer.module.css'

const t = texts.presence.wrap
const LONGEST = 1_000

type Props = { conversation: string; shift: Shift; onClose: () => void }

export function WrapUpDrawer({ conversation, shift, onClose }: Props) {
  const wide = useMediaQuery('(min-width: 48em)', true)
  const results = useResults(conversation)
  const running = shift.state === 'wrap_up' && shift.conversation_id === conversation
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position={wide ? 'right' : 'bottom'}
      size={wide ? 400 : '88%'}
      lockScroll={false}
      trapFocus={false}
    >
      <Drawer.Content aria-modal={false} data-beside>
        <Drawer.Header>
          <Drawer.Title>{running ? t.title : t.untyped}</Drawer.Title>
          <Drawer.CloseButton aria-label={t.later} />
        </Drawer.Header>
        <Drawer.Body>
          {running && <Clock until={shift.until} />}
          {results.isPending ? (
            <Skeleton height={180} radius="md" />
          ) : results.isError ? (
            <Failure error={results.error} retry={() => void results.refetch()} />
          ) : (
            <Form conversation={conversation} results={results.data} running={running} onDone={onClose} />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}

function Clock({ until }: { until: string | null }) {
  const now = useSecond()
  const extend = useExtend()
  const left = until === null ? 0 : (Date.parse(until) - now) / 1000
  return (
    <div className={classes.clock}>
      <span className="tabular" role="timer" aria-live="off">
        {t.left} <strong>{duration(left)}</strong>
      </span>
      <Button
        size="compact-sm"
        variant="default"
        title={t.moreHelp}
        loading={extend.isPending}
        onClick={() => extend.mutate(60)}
      >
        {t.more}
      </Button>
      {extend.error && (
        <Text size="sm" c="var(--error-fg)" role="alert">
          {explain(extend.error)}
        </Text>
      )}
    </div>
  )
}

type FormProps = { conversation: string; results: Results | null; running: boolean; onDone: () => void }

function Form({ conversation, results, running, onDone }: FormProps) {
  const summary = useCopilot(conversation, 0).data?.summary.join('\n') ?? ''
  const [code, setCode] = useState(results?.chosen?.code ?? '')
  const [written, setWritten] = useState<string | null>(results?.chosen?.note ?? null)
  const [again, setAgain] = useState(false)
  const [when, setWhen] = useState(() => soonest(Date.now()))
  const [silent, setSilent] = useState(false)
  const save = useSaveResult(conversation)
  const end = useEndWrapUp()
  const items = results?.items ?? []
  const chosen = items.find(item => item.code === code)
  const note = written ?? summary.slice(0, LONGEST)
  const calling = again || (chosen?.callback ?? false)
  const ready = chosen !== undefined && (!chosen.needs_note || note.trim() !== '') && (!calling || when !== '')
  const finish = () => (running ? end.mutate(null, { onSettled: onDone }) : onDone())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!chosen || !ready) return
    const wish = {
      code: chosen.code,
      note: note.trim(),
      ...(calling ? { callback_at: callbackIso(when) } : {}),
      ...(silent ? { do_not_call: true } : {}),
    }
    save.mutate(wish, { onSuccess: finish })
  }
  if (items.length === 0) {
    return (
      <Stack>
        <Text size="sm">{t.none}</Text>
        {running && (
          <Button loading={end.isPending} onClick={finish}>
            {t.end}
          </Button>
        )}
      </Stack>
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group
          label={t.result}
          description={`${results?.required ? t.required : ''} ${t.resultHelp}`.trim()}
          withAsterisk={results?.required ?? false}
          value={code}
          onChange={setCode}
        >
          <div className={classes.results}>
            {items.map(item => (
              <Radio key={item.code} value={item.code} label={item.name} classNames={{ body: classes.result ?? '' }} />
            ))}
          </div>
        </Radio.Group>
        <Textarea
          label={t.note}
          description={written === null && summary ? t.noteHelp : undefined}
          error={chosen?.needs_note && note.trim() === '' ? t.noteNeeded : undefined}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={LONGEST}
          value={note}
          onChange={event => setWritten(event.currentTarget.value)}
        />
        <Checkbox
          label={t.callbackAsk}
          checked={calling}
          disabled={chosen?.callback ?? false}
          onChange={event => setAgain(event.currentTarget.checked)}
        />
        {calling && (
          <TextInput
            type="datetime-local"
            label={t.callback}
            required
            value={when}
            onChange={event => setWhen(event.currentTarget.value)}
          />
        )}
        <Checkbox label={t.doNotCall} checked={silent} onChange={event => setSilent(event.currentTarget.checked)} />
        {(save.error ?? end.error) && (
          <Text size="sm" c="var(--error-fg)" role="alert">
            {explain(save.error ?? end.error)}
          </Text>
        )}
        <Button type="submit" size="md" disabled={!ready} loading={save.isPending || end.isPending}>
          {running ? t.save : t.saveOnly}
        </Button>
        <LinkButton to="/c/$id" params={{ id: conversation }} variant="subtle">
          {t.conversation}
        </LinkButton>
      </Stack>
    </form>
  )
}
