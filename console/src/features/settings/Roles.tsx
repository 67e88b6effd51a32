// Who may do what, as the server decides it; read only. On a phone one role at a time.

import { Select, Table } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { type RoleTable, useRoles } from '../../api/office'
import { useMay, useMe } from '../../api/session'
import { texts } from '../../texts'
import { roles as t } from '../../texts/setup'
import { LinkButton } from '../../ui/links'
import { Section } from '../../ui/Section'
import { Lead } from './parts'
import classes from './Roles.module.css'

const NAMES: Record<string, string> = texts.roles
const ALL = 'all'

function groupsOf(items: RoleTable['items']): [string, RoleTable['items']][] {
  const groups = new Map<string, RoleTable['items']>()
  for (const item of items) {
    const group = t.permissions[item.action]?.[0] ?? 'other'
    groups.set(group, [...(groups.get(group) ?? []), item])
  }
  return Object.keys(t.groups).flatMap(group => {
    const found = groups.get(group)
    return found ? [[group, found]] : []
  })
}

export function Roles() {
  const query = useRoles()
  const me = useMe()
  const mayChange = useMay('manage_staff')
  const narrow = useMediaQuery('(max-width: 48em)')
  const [picked, setPicked] = useState<string | null>(null)
  const shown = picked ?? (narrow ? me.role : ALL)
  const roles = (query.data?.roles ?? []).filter(role => shown === ALL || role === shown)
  return (
    <>
      <Lead>{t.help}</Lead>
      <div className={classes.bar}>
        <Select
          label={t.filter}
          data={[
            { value: ALL, label: t.all },
            ...(query.data?.roles ?? []).map(role => ({ value: role, label: NAMES[role] ?? role })),
          ]}
          value={shown}
          allowDeselect={false}
          onChange={setPicked}
        />
        {mayChange && (
          <LinkButton to="/personas" variant="subtle">
            {t.toStaff}
          </LinkButton>
        )}
      </div>
      {shown !== ALL && <p className={classes.about}>{t.about[shown]}</p>}
      <Section title={t.title} query={query}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard. */}
        <section className={classes.scroll} tabIndex={0} aria-label={t.help}>
          <Table verticalSpacing={8} className={classes.table ?? ''} data-one={roles.length === 1}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t.permission}</Table.Th>
                {roles.map(role => (
                  <Table.Th key={role} scope="col" className={classes.role ?? ''}>
                    {NAMES[role] ?? role}
                    {role === me.role && <span className={classes.mine}>{t.mine}</span>}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            {groupsOf(query.data?.items ?? []).map(([group, items]) => (
              <Table.Tbody key={group}>
                <Table.Tr>
                  <Table.Th scope="colgroup" colSpan={roles.length + 1} className={classes.group ?? ''}>
                    {t.groups[group]}
                  </Table.Th>
                </Table.Tr>
                {items.map(item => (
                  <Table.Tr key={item.action}>
                    <Table.Th scope="row" className={classes.what ?? ''}>
                      {t.permissions[item.action]?.[1] ?? item.action}
                      <span>{t.permissions[item.action]?.[2]}</span>
                    </Table.Th>
                    {roles.map(role => (
                      <Fragment key={role}>
                        <Mark may={item.roles.includes(role)} />
                      </Fragment>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            ))}
          </Table>
        </section>
      </Section>
    </>
  )
}

function Mark({ may }: { may: boolean }) {
  return (
    <Table.Td className={classes.mark ?? ''} data-may={may}>
      {may ? <IconCheck size={18} aria-hidden /> : <IconMinus size={16} aria-hidden />}
      <span className="visually-hidden">{may ? t.may : t.mayNot}</span>
    </Table.Td>
  )
}
