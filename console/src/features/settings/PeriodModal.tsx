// Changing one period. What a shorter one would delete is asked of the server, and has to be agreed to.

import { Button, Checkbox, Group, Loader, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { type Period, useChoosePeriod, useWouldDelete } from '../../api/office'
import { texts } from '../../texts'
import { setup } from '../../texts/setup'
import { explain } from '../../ui/StatePages'
import pieces from './Pieces.module.css'

const t = setup.retention

export function PeriodModal({ period, onClose }: { period: Period; onClose: () => void }) {
  const [days, setDays] = useState<number | ''>(period.days)
  const [sure, setSure] = useState(false)
  const choose = useChoosePeriod()
  const good = days !== '' && Number.isInteger(days) && days >= period.least && days <= period.most
  const shorter = good && days < period.days
  const [asked] = useDebouncedValue(shorter ? days : null, 400)
  const would = useWouldDelete(period.name, asked)
  const settled = !shorter || (asked === days && would.isSuccess)
  const deletes = Object.entries(would.data ?? {}).filter(([, count]) => count > 0)
  const loses = shorter && settled && deletes.length > 0
  const ready = good && days !== period.days && settled && (!loses || sure)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (ready) choose.mutate({ name: period.name, days }, { onSuccess: onClose })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.periods[period.name]?.[0] ?? period.name}
      closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
    >
      <form onSubmit={save}>
        <Stack gap="md">
          <Text size="sm" c="var(--muted)">
            {t.periods[period.name]?.[1]}
          </Text>
          <NumberInput
            data-autofocus
            label={t.field}
            description={t.bounds(period.least, period.most)}
            value={days}
            allowDecimal={false}
            allowNegative={false}
            error={!good && days !== '' ? t.bounds(period.least, period.most) : null}
            onChange={value => {
              setDays(value === '' ? '' : Number(value))
              setSure(false)
            }}
          />
          {period.chosen && days !== period.given && (
            <Button variant="subtle" size="compact-sm" onClick={() => setDays(period.given)}>
              {t.reset} ({t.days(period.given)})
            </Button>
          )}
          <div role="status">
            {good && days > period.days && <Text size="sm">{t.longer}</Text>}
            {shorter && !settled && !would.isError && <Loader size="sm" />}
            {shorter && settled && !loses && <Text size="sm">{t.nothing}</Text>}
            {loses && (
              <div className={pieces.note} data-tone="warn">
                {t.shorter}
                <ul>
                  {deletes.map(([what, count]) => (
                    <li key={what}>{t.deletes[what]?.(count) ?? `${what}: ${count}`}</li>
                  ))}
                </ul>
              </div>
            )}
          </div>
          {loses && <Checkbox label={t.sure} checked={sure} onChange={event => setSure(event.currentTarget.checked)} />}
          {(choose.error || would.error) && (
            <Text size="sm" role="alert" c="var(--error-fg)">
              {explain(choose.error ?? would.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" mih={44} onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button
              type="submit"
              mih={44}
              disabled={!ready}
              loading={choose.isPending}
              {...(loses ? { color: 'red.8' } : {})}
            >
              {t.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
