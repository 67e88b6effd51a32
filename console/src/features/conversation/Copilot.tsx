// Help for whoever answers: suggestions to use, the house's arguments, facts with their source, a summary. Closed, it
// asks for nothing; it never sends.

import { Button, NativeSelect, Skeleton } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useChooseModel, useCopilot, useModels, useWritten } from '../../api/copilot'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import classes from './Copilot.module.css'

export type Use = (kind: 'text' | 'note', text: string) => void
type Props = { conversationId: string; seq: number; onUse?: Use | undefined; onNote?: Use | undefined }

export function Copilot({ asked, ...props }: Props & { asked: number }) {
  const [open, setOpen] = useState(false)
  const head = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (asked === 0) return
    setOpen(true)
    head.current?.focus()
  }, [asked])
  const may = useMay('answer')
  const body = useId()
  if (!may) return null
  return (
    <section>
      <button
        type="button"
        ref={head}
        className={classes.head}
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setOpen(!open)}
      >
        {texts.copilot.title}
        {open ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
      </button>
      <div id={body} hidden={!open}>
        {open && <Help {...props} />}
      </div>
    </section>
  )
}

function Help({ conversationId, seq, onUse, onNote }: Props) {
  const query = useCopilot(conversationId, seq)
  const help = query.data
  if (query.isError) return <p className={classes.soft}>{texts.copilot.failed}</p>
  if (!help) return <Skeleton height={96} radius="md" mt={8} />
  const { objection, suggestions, facts, summary } = help
  return (
    <div className={classes.body}>
      <Part title={texts.copilot.suggestions}>
        {suggestions.length === 0 && <p className={classes.soft}>{texts.copilot.none}</p>}
        {suggestions.map(each => (
          <Card key={each.text} text={each.text} source={each.source} onUse={onUse} />
        ))}
      </Part>
      {help.model && <FromModel conversationId={conversationId} onUse={onUse} />}
      {objection && (
        <Part title={`${texts.copilot.objection}: ${objection.title}`}>
          {objection.arguments.map(each => (
            <Card key={each.text} text={each.text} source={each.source} onUse={onUse} />
          ))}
        </Part>
      )}
      {facts.length > 0 && (
        <Part title={texts.copilot.facts}>
          {facts.map(each => (
            <Card key={`${each.label}:${each.text}`} text={`${each.label}\n${each.text}`} source={each.source} />
          ))}
        </Part>
      )}
      <Part title={texts.copilot.summary}>
        <div className={classes.card}>
          <p>{summary.join('\n')}</p>
          {onNote && (
            <div className={classes.foot}>
              <Button size="compact-xs" variant="default" onClick={() => onNote('note', summary.join('\n'))}>
                {texts.copilot.asNote}
              </Button>
            </div>
          )}
        </div>
      </Part>
    </div>
  )
}

function FromModel({ conversationId, onUse }: { conversationId: string; onUse: Use | undefined }) {
  const [state, again] = useWritten(conversationId, true, texts.copilot.failed)
  const chooses = useMay('choose_model')
  const models = useModels(chooses).data
  const choose = useChooseModel()
  return (
    <Part title={texts.copilot.model}>
      {chooses && models && models.items.length > 1 && (
        <NativeSelect
          size="xs"
          mb={8}
          aria-label={texts.copilot.modelChoice}
          data={models.items}
          value={models.current ?? ''}
          disabled={choose.isPending}
          onChange={event => choose.mutate(event.currentTarget.value, { onSuccess: again })}
        />
      )}
      <div aria-live="polite">
        {state.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line keeps its place while it grows
          <Card key={index} text={line.text} source="" onUse={line.done ? onUse : undefined} />
        ))}
      </div>
      <div className={classes.foot}>
        <p className={classes.soft}>
          {state.running
            ? texts.copilot.writing
            : (state.message ?? (state.lines.length === 0 ? texts.copilot.nothing : ''))}
        </p>
        {!state.running && (
          <Button size="compact-xs" variant="subtle" onClick={again}>
            {texts.copilot.again}
          </Button>
        )}
      </div>
    </Part>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.part}>
      <h4>{title}</h4>
      {children}
    </div>
  )
}

function Card({ text, source, onUse }: { text: string; source: string; onUse?: Use | undefined }) {
  return (
    <div className={classes.card}>
      <p>{text}</p>
      {(source || onUse) && (
        <div className={classes.foot}>
          <span className={classes.soft}>{source}</span>
          {onUse && (
            <Button
              size="compact-xs"
              variant="default"
              title={texts.copilot.useHelp}
              onClick={() => onUse('text', text)}
            >
              {texts.copilot.use}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
