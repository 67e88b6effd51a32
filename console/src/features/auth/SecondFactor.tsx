// Two steps: the square code, the first code, the codes for the day the telephone is lost.

import { Badge, Button, Code, CopyButton, Group, Paper, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Begun, beginFactor, confirmFactor, renewCodes, stopFactor, useFactor } from '../../api/account'
import { keys } from '../../api/keys'
import { texts } from '../../texts'
import { dayName } from '../../ui/format'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './MePage.module.css'

const t = texts.account.factor
type Step = 'rest' | 'scan' | 'stop' | 'renew'

export function SecondFactor() {
  const query = useFactor()
  const cache = useQueryClient()
  const now = useMinute()
  const [step, setStep] = useState<Step>('rest')
  const [begun, setBegun] = useState<Begun | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const begin = useMutation({
    mutationFn: beginFactor,
    onSuccess: fresh => {
      setBegun(fresh)
      setStep('scan')
    },
  })
  const rest = (fresh: string[] | null) => {
    setCodes(fresh)
    setBegun(null)
    setStep('rest')
    void cache.invalidateQueries({ queryKey: keys.factor })
  }
  return (
    <Paper withBorder radius="lg" p="lg" className={classes.card}>
      <Stack gap="sm">
        <div className={classes.row}>
          <Text size="sm" fw={600}>
            {t.title}
          </Text>
          {query.data?.on && (
            <Badge variant="light" color="green" tt="none">
              {texts.account.staff.active}
            </Badge>
          )}
        </div>
        {!query.data ? (
          query.isError ? (
            <Text size="sm">{explain(query.error)}</Text>
          ) : (
            <Skeleton height={60} />
          )
        ) : codes ? (
          <Recovery codes={codes} done={() => setCodes(null)} />
        ) : step === 'scan' && begun ? (
          <>
            <Text size="sm">{t.scan}</Text>
            <img
              className={classes.square}
              alt={t.picture}
              src={`data:image/svg+xml;utf8,${encodeURIComponent(standalone(begun.svg))}`}
            />
            <Text size="sm" c="var(--muted)">
              {t.byHand} <Code>{begun.secret}</Code>
            </Text>
            <CodeForm label={t.confirm} act={confirmFactor} done={rest} cancel={() => setStep('rest')} />
          </>
        ) : query.data.on ? (
          <>
            <Text size="sm">
              {t.on(dayName(query.data.since ?? '', now).toLowerCase())} {t.left(query.data.recovery_left)}
            </Text>
            {step === 'stop' && (
              <CodeForm
                label={t.stop}
                act={async code => {
                  await stopFactor(code)
                  return null
                }}
                done={rest}
                cancel={() => setStep('rest')}
              />
            )}
            {step === 'renew' && (
              <CodeForm label={t.renew} act={renewCodes} done={rest} cancel={() => setStep('rest')} />
            )}
            {step === 'rest' && (
              <Group gap="sm">
                <Button variant="default" onClick={() => setStep('renew')}>
                  {t.renew}
                </Button>
                <Button variant="subtle" color="red" onClick={() => setStep('stop')}>
                  {t.stop}
                </Button>
              </Group>
            )}
          </>
        ) : (
          <>
            <Text size="sm" c="var(--muted)">
              {t.off}
            </Text>
            <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
              {t.begin}
            </Button>
            {begin.error && (
              <Text size="sm" role="alert">
                {explain(begin.error)}
              </Text>
            )}
          </>
        )}
      </Stack>
    </Paper>
  )
}

type FormProps = {
  label: string
  act: (code: string) => Promise<string[] | null>
  done: (codes: string[] | null) => void
  cancel: () => void
}

function CodeForm({ label, act, done, cancel }: FormProps) {
  const [code, setCode] = useState('')
  const sending = useMutation({ mutationFn: () => act(code.trim()), onSuccess: done })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim()) sending.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={texts.account.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          autoFocus
          value={code}
          error={sending.error ? explain(sending.error) : null}
          onChange={event => setCode(event.currentTarget.value)}
        />
        <Group gap="sm">
          <Button type="submit" loading={sending.isPending}>
            {label}
          </Button>
          <Button variant="default" onClick={cancel}>
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Recovery({ codes, done }: { codes: string[]; done: () => void }) {
  return (
    <Stack gap="sm" role="status">
      <Text size="sm" fw={600}>
        {t.codesTitle}
      </Text>
      <Text size="sm">{t.codesHelp}</Text>
      <Code block>{codes.join('\n')}</Code>
      <Group gap="sm">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? t.copied : t.copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={done}>{t.done}</Button>
      </Group>
    </Stack>
  )
}

/** A picture needs the name space that an element of the page does without. */
function standalone(svg: string): string {
  return svg.includes('xmlns') ? svg : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
}
