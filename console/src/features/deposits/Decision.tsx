// The decision: ask once how much arrived and confirm, or say why not. Nothing is sent before the second click.

import { Button, Checkbox, TextInput } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useDecideDeposit } from '../../api/deposits'
import type { Booking, DepositCase } from '../../api/schema'
import { texts } from '../../texts'
import { useShortcutNames } from '../../ui/commands/keymap'
import { money } from '../../ui/format'
import { amountText, parseAmount } from '../../ui/moneyEntry'
import { explain } from '../../ui/StatePages'
import { useShortcuts } from '../../ui/useShortcuts'
import { decidable, gap, latestReceipt, onlyCopies } from './cases'
import classes from './Decision.module.css'
import { Refunded } from './Refunded'
import { RejectReasons } from './RejectReasons'

const t = texts.deposits

type Props = { item: DepositCase; onDone: (words: string) => void; onReject: (reason: string) => void }

export function Decision({ item, onDone, onReject }: Props) {
  const key = useShortcutNames()
  const [step, setStep] = useState<'none' | 'confirm' | 'reject'>('none')
  const may = decidable(item)
  useShortcuts({
    confirmDeposit: may.confirm ? () => setStep('confirm') : undefined,
    rejectDeposit: may.reject ? () => setStep('reject') : undefined,
  })
  if (may.refunded) return <Refunded item={item} onDone={onDone} />
  if (!may.confirm && !may.reject) return null
  if (step !== 'none') {
    const cancel = () => setStep('none')
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: Escape goes back from whatever inside has the focus
      <div onKeyDown={event => event.key === 'Escape' && cancel()}>
        {step === 'confirm' ? (
          <Confirm item={item} onDone={onDone} onCancel={cancel} />
        ) : (
          <RejectReasons onReject={onReject} onCancel={cancel} />
        )}
      </div>
    )
  }
  return (
    <div className={classes.actions}>
      {may.confirm && (
        <Button
          size="md"
          color="var(--ok-solid)"
          leftSection={<IconCheck size={18} />}
          aria-keyshortcuts={key('confirmDeposit')}
          onClick={() => setStep('confirm')}
        >
          {t.confirm}
        </Button>
      )}
      {may.reject && (
        <Button
          size="md"
          variant="default"
          leftSection={<IconX size={18} />}
          aria-keyshortcuts={key('rejectDeposit')}
          onClick={() => setStep('reject')}
        >
          {t.reject}
        </Button>
      )}
    </div>
  )
}

type ConfirmProps = { item: DepositCase; onDone: (words: string) => void; onCancel: () => void }

function Confirm({ item, onDone, onCancel }: ConfirmProps) {
  const decide = useDecideDeposit()
  const { code, guest_name } = item.booking
  const guest = guest_name ?? texts.bookings.theGuest
  const [text, setText] = useState(() => amountText(latestReceipt(item)?.amount ?? item.deposit.amount))
  const [force, setForce] = useState(false)
  const amount = parseAmount(text)
  const difference = amount === null ? null : gap(item, amount)
  const short = difference?.kind === 'less'
  const shown = amount === null ? '' : money({ amount, currency: item.deposit.currency })
  const copies = onlyCopies(item)
  const blocked = amount === null || (copies && !force)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (amount === null || blocked) return
    // The live feed may take this form away before the answer comes; what came of it is said all the same.
    decide.mutateAsync({ verb: 'confirm', code, amount, ...(force ? { force } : {}) }).then(
      fresh => onDone(outcome(fresh, guest)),
      () => undefined,
    )
  }
  return (
    <form className={classes.ask} onSubmit={submit}>
      <h3 className={classes.askTitle}>{t.confirmTitle}</h3>
      <TextInput
        label={t.amount}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        error={amount === null ? t.amountWrong : null}
        onChange={event => setText(event.currentTarget.value)}
      />
      {difference && difference.kind !== 'same' && (
        <p className={classes.gap} role="status">
          {short ? t.less(money(difference.money)) : t.more(money(difference.money))}
        </p>
      )}
      {(short || copies) && (
        <Checkbox
          label={copies ? t.forceDuplicate : t.force}
          checked={force}
          onChange={event => setForce(event.currentTarget.checked)}
        />
      )}
      {decide.error && (
        <p className={classes.error} role="alert">
          {explain(decide.error)}
        </p>
      )}
      <div className={classes.actions}>
        <Button
          type="submit"
          size="md"
          color="var(--ok-solid)"
          leftSection={<IconCheck size={18} />}
          disabled={blocked}
          loading={decide.isPending}
          data-autofocus
          ref={focused}
        >
          {!short ? t.confirmNow(shown) : force ? t.forceSubmit(shown) : t.lessSubmit}
        </Button>
        <Button size="md" variant="default" onClick={onCancel}>
          {texts.common.cancel}
        </Button>
      </div>
      {!short && <p className={classes.help}>{t.confirmHelp}</p>}
    </form>
  )
}

/** What became of it: the money may be there and the room not. */
function outcome(fresh: Booking, guest: string): string {
  if (fresh.status === 'needs_staff') return t.roomGone(guest)
  return fresh.deposit?.status === 'confirmed' ? t.confirmed(guest) : t.partly(guest)
}

function focused(button: HTMLButtonElement | null): void {
  button?.focus()
}
