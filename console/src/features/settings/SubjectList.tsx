// The list of subjects with its search. Enter opens the first that is found.

import { Button, TextInput } from '@mantine/core'
import { IconChevronRight, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { texts } from '../../texts'
import { setup as t } from '../../texts/setup'
import pane from '../../ui/ListPane.module.css'
import classes from './Home.module.css'
import { found, type Subject, type SubjectLine } from './subjects'

const GROUPS = ['desk', 'channels', 'house'] as const

export function SubjectList({ subjects, open }: { subjects: SubjectLine[]; open: Subject | undefined }) {
  const navigate = useNavigate()
  const [q, setQ] = useState('')
  const shown = found(subjects, q)
  const first = shown[0]
  return (
    <nav className={pane.list} aria-label={t.subjects}>
      <div className={pane.head}>
        <h2 className={pane.title}>{texts.queues.settings.title}</h2>
        <form
          onSubmit={event => {
            event.preventDefault()
            if (first) void navigate({ to: '/ajustes', search: { ver: first.key } })
          }}
        >
          <TextInput
            type="search"
            aria-label={t.search}
            placeholder={t.search}
            leftSection={<IconSearch size={16} />}
            value={q}
            maxLength={60}
            autoComplete="off"
            onChange={event => setQ(event.currentTarget.value)}
          />
        </form>
      </div>
      <div className={pane.scroll}>
        {shown.length === 0 && (
          <div className={classes.none}>
            <p role="status">{t.noMatch(q)}</p>
            <Button variant="default" size="xs" onClick={() => setQ('')}>
              {t.clear}
            </Button>
          </div>
        )}
        {GROUPS.map(group => {
          const lines = shown.filter(subject => subject.group === group)
          return (
            lines.length > 0 && (
              <div key={group}>
                <h3 className={classes.group}>{t.groups[group]}</h3>
                <ul className={classes.subjects}>
                  {lines.map(({ key, icon: Icon }) => (
                    <li key={key}>
                      <Link
                        to="/ajustes"
                        search={{ ver: key }}
                        className={classes.subject}
                        aria-current={key === open ? 'page' : undefined}
                      >
                        <Icon size={20} stroke={1.7} aria-hidden />
                        <span className={classes.words}>
                          <strong>{t.names[key]}</strong>
                          <span>{t.about[key]}</span>
                        </span>
                        <IconChevronRight size={16} className={classes.more} aria-hidden />
                      </Link>
                    </li>
                  ))}
                </ul>
              </div>
            )
          )
        })}
      </div>
    </nav>
  )
}
