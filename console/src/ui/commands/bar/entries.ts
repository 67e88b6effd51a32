// What the command bar offers without asking the server: places, what the open screen can do, one's state, this console.

import { useMantineColorScheme } from '@mantine/core'
import { type Icon, IconBolt, IconKeyboard, IconLanguage, IconMoon, IconUser, IconUserCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useDeclare, useFollow, useShift } from '../../../api/presence'
import { type Declared, isQueued } from '../../../api/presenceState'
import { useMay, useMe } from '../../../api/session'
import { texts } from '../../../texts'
import { commands } from '../../../texts/commands'
import { language, speak } from '../../../texts/language'
import { sectionsOf } from '../../sections'
import { COMMANDS } from '../commands'
import { namesOf, useKeymap } from '../keymap'
import { registry } from '../registry'
import type { Ranked } from './rank'

const t = commands.bar

export type Entry = Ranked & {
  group: keyof typeof t.groups
  icon: Icon
  /** At its side: its keys, or what it is. */
  hint?: string | undefined
  /** A promise keeps the bar open until it is kept. */
  run: () => unknown
  ofCustomer?: boolean
}

/** What the screen behind the bar can do, as it was when the bar opened. */
export function useHere(): Entry[] {
  const keymap = useKeymap()
  const [ids] = useState(() => registry.available())
  return COMMANDS.filter(command => !command.keysOnly && ids.includes(command.id)).map(({ id }) => {
    const chord = keymap[id]
    return {
      id: `do:${id}`,
      group: 'here',
      label: texts.keys[id],
      icon: IconBolt,
      hint: chord === null ? undefined : namesOf(chord).join(' '),
      run: () => {
        registry.run(id)
      },
    }
  })
}

export function usePlaces(): Entry[] {
  const me = useMe()
  const navigate = useNavigate()
  const sections = sectionsOf(me).map(
    (section): Entry => ({
      id: `go:${section.to}`,
      group: 'go',
      label: section.label,
      words: t.goTo(section.label),
      icon: section.icon,
      run: () => void navigate({ to: section.to }),
    }),
  )
  return [
    ...sections,
    {
      id: 'go:/yo',
      group: 'go',
      label: texts.account.mine,
      words: texts.nav.me,
      icon: IconUser,
      run: () => void navigate({ to: '/yo' }),
    },
  ]
}

export function useOwnState(): Entry[] {
  const may = useMay('keep_shift')
  const shift = useShift().data
  const declare = useDeclare()
  const follow = useFollow()
  if (!may || !shift) return []
  const to = (state: Declared, reason?: string) =>
    isQueued(shift.state)
      ? follow.mutateAsync({ state, reason })
      : declare.mutateAsync({ state, reason, version: shift.version })
  const states = (['available', 'training', 'offline'] as const).map(
    (state): Entry => ({
      id: `state:${state}`,
      group: 'state',
      label: texts.presence.states[state],
      words: t.stateOf(texts.presence.states[state]),
      icon: IconUserCheck,
      run: () => to(state),
    }),
  )
  const pauses = shift.reasons.map(
    (reason): Entry => ({
      id: `state:pause:${reason.code}`,
      group: 'state',
      label: t.pause(reason.name),
      words: t.stateOf(reason.name),
      icon: IconUserCheck,
      run: () => to('pause', reason.code),
    }),
  )
  return [...states, ...pauses]
}

export function useConsole(onHelp: () => void): Entry[] {
  const { setColorScheme } = useMantineColorScheme()
  const themes = (['light', 'dark', 'auto'] as const).map(
    (scheme): Entry => ({
      id: `theme:${scheme}`,
      group: 'desk',
      label: t.theme(texts.me[scheme]),
      icon: IconMoon,
      run: () => setColorScheme(scheme),
    }),
  )
  const other = language === 'es' ? 'en' : 'es'
  return [
    ...themes,
    {
      id: `language:${other}`,
      group: 'desk',
      label: t.language(texts.me.languages[other]),
      words: `idioma language ${texts.me.languages.es} ${texts.me.languages.en}`,
      icon: IconLanguage,
      run: () => speak(other),
    },
    {
      id: 'help',
      group: 'desk',
      label: texts.keys.title,
      words: texts.keys.help,
      icon: IconKeyboard,
      run: onHelp,
    },
  ]
}
