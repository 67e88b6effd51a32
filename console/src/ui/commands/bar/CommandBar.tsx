// The command bar: one field from which everything is reached. The focus stays in the field; arrows walk the list.

import { Kbd, Loader, Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useMe } from '../../../api/session'
import { texts } from '../../../texts'
import { commands } from '../../../texts/commands'
import { explain } from '../../StatePages'
import classes from './CommandBar.module.css'
import { type Entry, useConsole, useHere, useOwnState, usePlaces } from './entries'
import { useFound, usePriorities } from './found'
import { ranked } from './rank'
import { recentOf, remember } from './recent'

const t = commands.bar
const PAUSE = 160

export function CommandBar({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const me = useMe()
  const [before] = useState(() => document.activeElement)
  const [query, setQuery] = useState('')
  const [settled] = useDebouncedValue(query, PAUSE)
  const [at, setAt] = useState(0)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [recent] = useState(() => recentOf(me.id))
  const list = useId()
  const found = useFound(settled)
  const fixed = [...useHere(), ...usePriorities(), ...usePlaces(), ...useOwnState(), ...useConsole(onHelp)]
  const shown = query.trim() ? ranked([...fixed, ...found.entries], query, recent) : latestFirst(fixed, recent)
  const runs = runsOf(shown, query.trim() ? 0 : fixed.filter(entry => recent.includes(entry.id)).length)
  const chosen = Math.min(at, shown.length - 1)
  const active = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the one that is chosen has moved
  useEffect(() => {
    active.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen, query])

  const leave = () => {
    onClose()
    if (before instanceof HTMLElement) before.focus()
  }
  const choose = async (entry: Entry | undefined) => {
    if (!entry || busy) return
    remember(me.id, entry.id, entry.ofCustomer === true)
    if (entry.group === 'here' && entry.id.startsWith('do:')) {
      // The screen hears of it with the focus where it was, and may move it.
      leave()
      setTimeout(entry.run)
      return
    }
    const done = entry.run()
    if (done instanceof Promise) {
      setBusy(true)
      setTrouble(null)
      try {
        await done
      } catch (error) {
        setTrouble(`${t.acted} ${explain(error)}`)
        return
      } finally {
        setBusy(false)
      }
      leave()
    } else onClose()
  }
  const onKey = (event: KeyboardEvent) => {
    const last = shown.length - 1
    const to = { ArrowDown: chosen >= last ? 0 : chosen + 1, ArrowUp: chosen <= 0 ? last : chosen - 1 }[event.key]
    if (to !== undefined) setAt(Math.max(0, to))
    else if (event.key === 'PageDown') setAt(Math.min(last, chosen + 6))
    else if (event.key === 'PageUp') setAt(Math.max(0, chosen - 6))
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) void choose(shown[chosen])
    else return
    event.preventDefault()
  }
  const idOf = (entry: Entry) => `${list}-${entry.id}`
  return (
    <Modal.Root
      opened
      onClose={leave}
      size={620}
      yOffset="12dvh"
      padding={0}
      radius="lg"
      transitionProps={{ duration: 0 }}
      classNames={{ content: classes.box ?? '' }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t.title}>
        <div className={classes.field}>
          {busy || found.searching ? <Loader size={18} /> : <IconSearch size={20} stroke={1.7} aria-hidden />}
          <input
            data-autofocus
            className={classes.input}
            role="combobox"
            aria-label={t.field}
            aria-expanded={shown.length > 0}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={shown[chosen] ? idOf(shown[chosen]) : undefined}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            maxLength={100}
            placeholder={t.placeholder}
            value={query}
            onChange={event => {
              setQuery(event.currentTarget.value)
              setAt(0)
            }}
            onKeyDown={onKey}
          />
          <button type="button" className={classes.close} onClick={leave}>
            <span className="visually-hidden">{texts.common.close} </span>
            <Kbd>Esc</Kbd>
          </button>
        </div>
        <div className={classes.state} role="status">
          <span className="visually-hidden">{found.searching ? t.searching : t.found(shown.length)}</span>
        </div>
        {(trouble || found.failed) && (
          <p className={classes.trouble} role="alert">
            {trouble ?? t.failed}
          </p>
        )}
        <div id={list} role="listbox" aria-label={t.list} className={classes.list}>
          {runs.map(({ label, entries }) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
            <div key={label} role="group" aria-label={label}>
              <div className={classes.group} aria-hidden>
                {label}
              </div>
              {entries.map(entry => {
                const is = entry === shown[chosen]
                return (
                  // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: as the list
                  <div
                    key={entry.id}
                    id={idOf(entry)}
                    ref={is ? active : undefined}
                    role="option"
                    aria-selected={is}
                    className={classes.option}
                    onPointerMove={() => !is && setAt(shown.indexOf(entry))}
                    onClick={() => void choose(entry)}
                  >
                    <entry.icon size={18} stroke={1.7} aria-hidden />
                    <span className="clip">{entry.label}</span>
                    {entry.hint && <span className={`${classes.hint} clip`}>{entry.hint}</span>}
                  </div>
                )
              })}
            </div>
          ))}
        </div>
        {shown.length === 0 && (
          <div className={classes.empty}>
            <strong>{found.searching || settled !== query ? t.searching : t.none(query.trim())}</strong>
            <span>{t.noneHint}</span>
          </div>
        )}
        <div className={classes.foot} aria-hidden>
          <span>
            <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> {t.move}
          </span>
          <span>
            <Kbd size="xs">↵</Kbd> {t.choose}
          </span>
          <span>
            <Kbd size="xs">Esc</Kbd> {t.close}
          </span>
        </div>
      </Modal.Content>
    </Modal.Root>
  )
}

/** Those chosen last before the others. */
function latestFirst(entries: readonly Entry[], recent: readonly string[]): Entry[] {
  const last = recent.flatMap(id => entries.filter(entry => entry.id === id))
  return [...last, ...entries.filter(entry => !last.includes(entry))]
}

type Run = { label: string; entries: Entry[] }

/** Runs of entries of one group, in the order in which they are walked; the first `recent` are one of their own. */
function runsOf(shown: readonly Entry[], recent: number): Run[] {
  const runs: Run[] = []
  shown.forEach((entry, place) => {
    const label = place < recent ? t.recent : t.groups[entry.group]
    const last = runs.at(-1)
    if (last?.label === label) last.entries.push(entry)
    else runs.push({ label, entries: [entry] })
  })
  return runs
}
