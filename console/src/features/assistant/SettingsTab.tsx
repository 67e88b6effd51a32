// From when on the assistant acts and asks, with what that means in figures; its register; whom a person looks after.

import { Button, NativeSelect, Slider, Textarea } from '@mantine/core'
import { useState } from 'react'
import { pointAt, useAssistantSettings, useRestore, useSaveSettings } from '../../api/assistant'
import type { AssistantSettings, SettingsShown } from '../../api/schema.assistant'
import { assistant } from '../../texts/assistant'
import { shortWhen } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './AssistantPage.module.css'
import parts from './Parts.module.css'

const t = assistant.settings
const ACT = { min: 25, max: 80 }

export function SettingsTab() {
  const query = useAssistantSettings()
  const shown = query.data
  return (
    <div className={classes.columns}>
      <Section title={assistant.tabs.settings} query={query}>
        {shown && <Form key={shown.history[0]?.id ?? 0} shown={shown} />}
      </Section>
      <Section title={t.history} query={query}>
        {shown && <History shown={shown} />}
      </Section>
    </div>
  )
}

function Form({ shown }: { shown: SettingsShown }) {
  const [wish, setWish] = useState<AssistantSettings>(shown.settings)
  const save = useSaveSettings()
  const set = (part: Partial<AssistantSettings>) => setWish(before => ({ ...before, ...part }))
  return (
    <form
      className={classes.stack}
      onSubmit={event => {
        event.preventDefault()
        save.mutate({ ...wish, vip_words: wish.vip_words?.map(word => word.trim()).filter(Boolean) ?? null })
      }}
    >
      <Threshold
        label={t.act}
        help={t.actHelp}
        value={wish.act}
        {...ACT}
        onChange={act => set({ act, guess: Math.min(wish.guess, act) })}
      />
      <Meaning shown={shown} act={wish.act} />
      <Threshold
        label={t.guess}
        help={t.guessHelp}
        value={wish.guess}
        min={10}
        max={Math.round(wish.act * 100)}
        onChange={guess => set({ guess })}
      />
      <NativeSelect
        label={t.register}
        value={wish.locale ?? ''}
        onChange={event => set({ locale: event.currentTarget.value || null })}
        data={[
          { value: '', label: t.installed },
          ...shown.registers.map(each => ({ value: each, label: t.registers[each] ?? each })),
        ]}
      />
      <Textarea
        label={t.vip}
        description={t.vipHelp}
        placeholder={wish.vip_words === null ? t.installed : undefined}
        autosize
        minRows={2}
        maxRows={8}
        value={(wish.vip_words ?? []).join('\n')}
        onChange={event => set({ vip_words: event.currentTarget.value.split('\n') })}
      />
      {wish.vip_words !== null && (
        <div>
          <Button size="compact-sm" variant="subtle" onClick={() => set({ vip_words: null })}>
            {t.vipInstalled}
          </Button>
        </div>
      )}
      <div className={classes.chips}>
        <Button type="submit" loading={save.isPending}>
          {t.save}
        </Button>
        {save.isSuccess && (
          <span className={classes.good} role="status">
            {t.saved}
          </span>
        )}
      </div>
      {save.isError && (
        <p className={classes.trouble} role="alert">
          {explain(save.error)}
        </p>
      )}
    </form>
  )
}

type ThresholdProps = {
  label: string
  help: string
  value: number
  min: number
  max: number
  onChange: (share: number) => void
}

function Threshold({ label, help, value, min, max, onChange }: ThresholdProps) {
  return (
    <div>
      <div className={classes.line}>
        <strong>{label}</strong>
        <span>{assistant.percent(value)}</span>
      </div>
      <p className={classes.soft}>{help}</p>
      <div className={classes.slider}>
        <Slider
          min={min}
          max={Math.max(max, min + 1)}
          value={Math.round(value * 100)}
          label={null}
          thumbLabel={label}
          marks={[
            { value: min, label: `${min} %` },
            { value: Math.max(max, min + 1), label: `${max} %` },
          ]}
          onChange={percent => onChange(percent / 100)}
        />
      </div>
    </div>
  )
}

function Meaning({ shown, act }: { shown: SettingsShown; act: number }) {
  const point = pointAt(shown.curve, act)
  if (!point || shown.turns === 0) return <p className={classes.soft}>{t.noBasis}</p>
  const acted = assistant.percent(point.acted)
  return (
    <div className={classes.stack}>
      <p className={classes.words} role="status">
        {point.right === null ? t.meaningNone(acted) : t.meaning(acted, assistant.percent(point.right))}
      </p>
      <table className={parts.marks}>
        <caption className="visually-hidden">{t.curve}</caption>
        <thead>
          <tr>
            <th scope="col">{t.threshold}</th>
            <th scope="col">{t.acted}</th>
            <th scope="col">{t.right}</th>
          </tr>
        </thead>
        <tbody>
          {shown.curve
            .filter((each, place) => place % 2 === 0 || each === point)
            .map(each => (
              <tr key={each.threshold} data-here={each === point}>
                <td>{assistant.percent(each.threshold)}</td>
                <td>{assistant.percent(each.acted)}</td>
                <td>{each.right === null ? '–' : assistant.percent(each.right)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p className={classes.soft}>
        {t.basis(shown.turns)} {shown.judged > 0 && t.judged(shown.judged, shown.judged_wrong)}
      </p>
    </div>
  )
}

function History({ shown }: { shown: SettingsShown }) {
  const restore = useRestore()
  const now = useMinute()
  if (shown.history.length === 0) return <p className={classes.soft}>{t.none}</p>
  return (
    <ul className={classes.list}>
      {shown.history.map((change, place) => (
        <li key={change.id} className={classes.line}>
          <div style={{ minWidth: 0, flex: 1 }}>
            <p className={classes.words}>
              {t.summary(assistant.percent(change.details.act), assistant.percent(change.details.guess))}
            </p>
            <p className={classes.soft}>
              {[shortWhen(change.at, now), change.by && assistant.by(change.by)].filter(Boolean).join(' · ')}
            </p>
          </div>
          {place > 0 && (
            <Button
              size="compact-sm"
              variant="default"
              loading={restore.isPending && restore.variables === change.id}
              onClick={() => restore.mutate(change.id)}
            >
              {t.restore}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
