// How trained the assistant is: what is new, a training under way, what each came to, and the way back.

import { Button, Loader } from '@mantine/core'
import { usePutLive, useTrain, useTraining } from '../../api/assistant'
import type { TrainingState, Version } from '../../api/schema.assistant'
import { assistant } from '../../texts/assistant'
import { shortWhen } from '../../ui/format'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './AssistantPage.module.css'
import parts from './Parts.module.css'
import { VersionMarks } from './VersionMarks'
import { useWhy } from './why'

const t = assistant.training

export function TrainingTab() {
  const query = useTraining()
  const state = query.data
  return (
    <div className={classes.stack}>
      <Section title={t.state} query={query}>
        {state && <State state={state} />}
      </Section>
      <Section title={t.history} query={query}>
        {state && <Versions state={state} />}
      </Section>
      {state && state.history.length > 0 && (
        <Section title={t.changes}>
          <Changes state={state} />
        </Section>
      )}
    </div>
  )
}

function State({ state }: { state: TrainingState }) {
  const train = useTrain()
  const live = state.versions.find(version => version.id === state.live)
  const running = state.versions.find(version => version.state === 'training')
  const news = [state.new > 0 && t.fresh(state.new), state.gone > 0 && t.gone(state.gone)].filter(Boolean)
  return (
    <div className={classes.stack}>
      <div className={classes.line}>
        <div>
          <p className={classes.words}>
            <strong>{live ? t.version(live.number) : t.packaged}</strong>{' '}
            <span className={parts.tag} data-tone="good">
              {t.live}
            </span>
          </p>
          <p className={classes.soft}>{news.length > 0 ? news.join(' · ') : t.upToDate}</p>
        </div>
        <Button
          loading={train.isPending}
          disabled={state.running || news.length === 0}
          onClick={() => train.mutate()}
          aria-describedby="train-help"
        >
          {t.train}
        </Button>
      </div>
      <p className={classes.soft} id="train-help">
        {t.trainHelp}
      </p>
      {state.running && (
        <p className={classes.line} role="status" style={{ justifyContent: 'flex-start' }}>
          <Loader size="xs" aria-hidden />
          {t.running} {t.steps[running?.step ?? 'waiting']}
        </p>
      )}
      {train.isError && (
        <p className={classes.trouble} role="alert">
          {explain(train.error)}
        </p>
      )}
    </div>
  )
}

function Versions({ state }: { state: TrainingState }) {
  const put = usePutLive()
  return (
    <div className={classes.stack}>
      {put.isError && (
        <p className={classes.trouble} role="alert">
          {explain(put.error)}
        </p>
      )}
      {state.versions.length === 0 && <p className={classes.soft}>{t.none}</p>}
      {state.live !== 'packaged' && (
        <div>
          <Button size="xs" variant="default" loading={put.isPending} onClick={() => put.mutate('packaged')}>
            {t.usePackaged}
          </Button>
        </div>
      )}
      <ul className={classes.list}>
        {state.versions.map(version => (
          <VersionRow
            key={version.id}
            version={version}
            live={version.id === state.live}
            busy={put.isPending}
            onUse={() => put.mutate(version.id)}
          />
        ))}
      </ul>
    </div>
  )
}

type RowProps = { version: Version; live: boolean; busy: boolean; onUse: () => void }

function VersionRow({ version, live, busy, onUse }: RowProps) {
  const now = useMinute()
  const why = useWhy(version)
  const bad = version.state === 'refused' || version.state === 'failed'
  return (
    <li className={classes.card}>
      <div className={classes.line}>
        <div>
          <p className={classes.words}>
            <strong>{t.version(version.number)}</strong>{' '}
            <span className={parts.tag} data-tone={live ? 'good' : bad ? 'bad' : undefined}>
              {live ? t.live : t.states[version.state]}
            </span>
          </p>
          <p className={classes.soft}>
            {[t.examplesOf(version.examples), shortWhen(version.at, now), version.by && assistant.by(version.by)]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {version.state === 'ready' && !live && (
          <Button size="xs" variant="default" disabled={busy} onClick={onUse}>
            {t.use}
          </Button>
        )}
      </div>
      {why && <p className={classes.soft}>{why}</p>}
      {version.figures && <VersionMarks figures={version.figures} />}
    </li>
  )
}

function Changes({ state }: { state: TrainingState }) {
  const now = useMinute()
  return (
    <ul className={classes.list}>
      {state.history.map(change => (
        <li key={change.id} className={classes.soft}>
          {[
            change.details.number > 0 ? t.version(change.details.number) : t.packaged,
            t[change.details.why],
            change.by && assistant.by(change.by),
            shortWhen(change.at, now),
          ]
            .filter(Boolean)
            .join(' · ')}
        </li>
      ))}
    </ul>
  )
}
