// One deposit: its receipts on one side, what was asked for and what to do about it on the other.

import { ActionIcon } from '@mantine/core'
import { IconAlertTriangle, IconArrowLeft, IconCheck, IconPhoto } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DepositCase, Receipt } from '../../api/schema'
import { texts } from '../../texts'
import { FileViewer } from '../../ui/attachments/FileViewer'
import { Beside } from '../../ui/beside/Beside'
import { useShowing } from '../../ui/beside/useBeside'
import { Placeholder } from '../../ui/StatePages'
import { fileOf, latestReceipt, problemOf } from './cases'
import { Decision } from './Decision'
import classes from './OpenDeposit.module.css'
import { StayFacts } from './StayFacts'
import { problemWords } from './words'

const t = texts.deposits

type Props = {
  item: DepositCase
  /** What was just settled, in words. */
  done: string | null
  onDone: (words: string) => void
  onBack: () => void
  onNext: (() => void) | undefined
  onReject: (reason: string) => void
}

export function OpenDeposit({ item, done, onDone, onBack, onNext, onReject }: Props) {
  const { booking, receipts } = item
  useShowing(`booking:${booking.code}`)
  const [picked, setPicked] = useState<string | null>(null)
  const receipt = receipts.find(each => each.id === picked) ?? latestReceipt(item)
  const file = receipt && fileOf(receipt)
  const problem = problemOf(item)
  return (
    <>
      <header className={classes.head}>
        <ActionIcon
          className={classes.back ?? ''}
          variant="subtle"
          color="gray"
          size={44}
          aria-label={texts.common.back}
          onClick={onBack}
        >
          <IconArrowLeft size={22} />
        </ActionIcon>
        <div className={classes.who}>
          <h2 className={`${classes.name} clip`}>{booking.guest_name ?? texts.bookings.noGuest}</h2>
          <span className={classes.links}>
            <Link to="/reservas/$code" params={{ code: booking.code }} className={classes.link}>
              {booking.code}
            </Link>
            {booking.conversation_id && (
              <Link to="/c/$id" params={{ id: booking.conversation_id }} className={classes.link}>
                {t.openConversation}
              </Link>
            )}
          </span>
        </div>
        <Beside thing={`booking:${booking.code}`} />
      </header>
      <div className={classes.body}>
        <section className={classes.receipts} aria-label={t.receipts}>
          {receipts.length > 1 && <Receipts receipts={receipts} shown={receipt} onPick={setPicked} />}
          {receipt && file ? (
            <FileViewer key={receipt.id} file={file} />
          ) : (
            <Placeholder icon={<IconPhoto />} title={receipt ? t.receiptGone : t.noReceipt}>
              {receipt ? t.receiptGoneHint : t.noReceiptHint}
            </Placeholder>
          )}
        </section>
        <section className={classes.side} aria-label={texts.bookings.deposit}>
          <div className={classes.facts}>
            {problem && !done && (
              <div className={classes.problem} role="note">
                <IconAlertTriangle size={18} aria-hidden />
                <div>
                  <strong>{problemWords(problem).short}</strong>
                  <p>{problemWords(problem).long}</p>
                  {receipt?.duplicate_of && <p>{t.duplicateOf(receipt.duplicate_of)}</p>}
                </div>
              </div>
            )}
            <StayFacts item={item} receipt={receipt} />
          </div>
          <div className={classes.decision}>
            {done ? (
              <div className={classes.done} role="status">
                <IconCheck size={20} aria-hidden />
                <span>{done}</span>
                {onNext && (
                  <button type="button" className={classes.next} onClick={onNext} ref={focused}>
                    {t.next}
                  </button>
                )}
              </div>
            ) : (
              <Decision item={item} onDone={onDone} onReject={onReject} />
            )}
          </div>
        </section>
      </div>
    </>
  )
}

/** The next thing to press has the focus, so that Enter goes on. */
function focused(button: HTMLButtonElement | null): void {
  button?.focus()
}

type ReceiptsProps = { receipts: Receipt[]; shown: Receipt | undefined; onPick: (id: string) => void }

function Receipts({ receipts, shown, onPick }: ReceiptsProps) {
  return (
    <div className={classes.tabs} role="tablist" aria-label={t.receipts}>
      {receipts.map((receipt, at) => (
        <button
          key={receipt.id}
          type="button"
          role="tab"
          aria-selected={receipt.id === shown?.id}
          className={classes.tab}
          onClick={() => onPick(receipt.id)}
        >
          {t.receipt(at + 1)}
        </button>
      ))}
    </div>
  )
}
