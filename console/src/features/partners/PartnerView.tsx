// One agency: a month's statement, and every stay it brought.

import { ActionIcon, Button, Group, Table, TextInput } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconDownload, IconPencil } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Partner } from '../../api/schema.trade'
import { partnerPath, useBrought, useStatement } from '../../api/trade'
import { trade } from '../../texts/trade'
import { calendarDay, money, percent, shortWhen } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import { monthBeside } from './months'
import classes from './PartnersPage.module.css'

const t = trade.commissions

type Props = {
  partner: Partner
  month: string
  onMonth: (month: string) => void
  onEdit: (() => void) | undefined
}

export function PartnerView({ partner, month, onMonth, onEdit }: Props) {
  const contact = [partner.email, partner.phone].filter(Boolean).join(' · ')
  return (
    <div className={classes.view}>
      <header className={classes.who}>
        <div>
          <h2 className={classes.name}>{partner.name}</h2>
          <p className={classes.about}>
            {partner.code} · {percent(Number(partner.percent))}
            {!partner.active && ` · ${t.inactive}`}
          </p>
          <p className={classes.about}>{contact}</p>
        </div>
        {onEdit && (
          <Button variant="default" leftSection={<IconPencil size={17} />} onClick={onEdit}>
            {t.edit}
          </Button>
        )}
      </header>
      <MonthStatement partner={partner} month={month} onMonth={onMonth} />
      <BroughtStays id={partner.id} />
    </div>
  )
}

function MonthStatement({ partner, month, onMonth }: Omit<Props, 'onEdit'>) {
  const query = useStatement(partner.id, month)
  const now = useMinute()
  const entries = query.data?.entries ?? []
  const months = (
    <Group gap={6} wrap="nowrap">
      <ActionIcon
        variant="default"
        size={36}
        aria-label={trade.earlier}
        onClick={() => onMonth(monthBeside(month, -1))}
      >
        <IconChevronLeft size={18} />
      </ActionIcon>
      <TextInput
        type="month"
        w={160}
        aria-label={t.month}
        value={month}
        onChange={event => event.currentTarget.value && onMonth(event.currentTarget.value)}
      />
      <ActionIcon variant="default" size={36} aria-label={trade.later} onClick={() => onMonth(monthBeside(month, 1))}>
        <IconChevronRight size={18} />
      </ActionIcon>
    </Group>
  )
  return (
    <Section title={t.statement} aside={months} query={query}>
      {entries.length === 0 ? (
        <p className={classes.none}>{t.nothing}</p>
      ) : (
        <Scroll label={t.statement}>
          <Table verticalSpacing="sm" miw={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.date}</Table.Th>
                <Table.Th>{t.booking}</Table.Th>
                <Table.Th>{t.stay}</Table.Th>
                <Table.Th ta="right">{t.base}</Table.Th>
                <Table.Th ta="right">{t.amount}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map(each => (
                <Table.Tr key={`${each.code}${each.kind}`}>
                  <Table.Td>{shortWhen(each.at, now)}</Table.Td>
                  <Table.Td>
                    <Code code={each.code} /> <span className={classes.kind}>{t.kinds[each.kind]}</span>
                  </Table.Td>
                  <Table.Td>{stay(each)}</Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {money(each.base)} × {percent(Number(each.percent))}
                  </Table.Td>
                  <Table.Td ta="right" className="tabular" data-back={each.amount.amount < 0}>
                    {money(each.amount)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
      <div className={classes.foot}>
        <Button
          component="a"
          href={partnerPath(partner.id, `/statement.csv?month=${month}`)}
          download
          variant="default"
          leftSection={<IconDownload size={17} />}
        >
          {t.csv}
        </Button>
        {query.data?.total && (
          <span className={classes.total}>
            {t.total}: <strong>{money(query.data.total)}</strong>
          </span>
        )}
      </div>
    </Section>
  )
}

function BroughtStays({ id }: { id: string }) {
  const query = useBrought(id)
  return (
    <Section title={t.brought} query={query}>
      {query.data?.length === 0 ? (
        <p className={classes.none}>{t.noBrought}</p>
      ) : (
        <Scroll label={t.brought}>
          <Table verticalSpacing="sm" miw={480}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.booking}</Table.Th>
                <Table.Th>{t.stay}</Table.Th>
                <Table.Th ta="right">{t.base}</Table.Th>
                <Table.Th>{t.state}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data?.map(each => (
                <Table.Tr key={each.code}>
                  <Table.Td>
                    <Code code={each.code} />
                  </Table.Td>
                  <Table.Td>{stay(each)}</Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {money(each.total)} × {percent(Number(each.percent))}
                  </Table.Td>
                  <Table.Td>
                    <span className={classes.state} data-state={each.title}>
                      {t.titles[each.title] ?? each.title}
                    </span>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
    </Section>
  )
}

function Code({ code }: { code: string }) {
  return (
    <LinkButton to="/reservas/$code" params={{ code }} variant="subtle" size="compact-sm" px={4} ml={-4}>
      {code}
    </LinkButton>
  )
}

function stay({ check_in, check_out }: { check_in: string; check_out: string }): string {
  return `${calendarDay(check_in)} → ${calendarDay(check_out)}`
}

function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached with the keyboard.
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
