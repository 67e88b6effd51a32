import { IconArrowRight } from '@tabler/icons-react'
import type { Booking } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { depositMoney, money } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Facts, Section } from '../../ui/Section'

const t = texts.booking

export function DepositSection({ booking }: { booking: Booking }) {
  const mayConfirm = useMay('confirm_deposits')
  const { deposit, total } = booking
  const asked = deposit ? depositMoney(deposit) : null
  const paid = deposit && 'paid' in deposit && deposit.paid ? deposit.paid : asked?.amount
  const rest = paid === undefined ? null : { ...total, amount: Math.max(0, total.amount - paid) }
  return (
    <Section
      title={t.money}
      aside={
        mayConfirm && deposit ? (
          <LinkButton
            to="/senas"
            search={{ reserva: booking.code }}
            size="xs"
            variant={deposit.status === 'received' ? 'filled' : 'default'}
            rightSection={<IconArrowRight size={15} />}
          >
            {deposit.status === 'received' ? texts.deposits.confirm : t.toDeposit}
          </LinkButton>
        ) : undefined
      }
    >
      <Facts
        items={[
          [t.total, money(total)],
          ...(asked && deposit
            ? ([[`${t.deposit} ${texts.bookings.deposits[deposit.status] ?? deposit.status}`, money(asked)]] as [
                string,
                string,
              ][])
            : []),
          ...(rest ? ([[t.rest, money(rest)]] as [string, string][]) : []),
        ]}
      />
    </Section>
  )
}
