// Finding the other page of a customer by hand. It chooses; whoever opens it asks before anything is merged.

import { Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useCustomers } from '../../api/people'
import type { Customer } from '../../api/schema.people'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import { CustomerWords } from './CustomerRow'
import { customerName } from './customer'
import classes from './Lines.module.css'
import rows from './SearchPage.module.css'

const t = texts.people

type Props = { opened: boolean; person: Customer; onClose: () => void; onPick: (other: Customer) => void }

export function PickModal({ opened, person, onClose, onPick }: Props) {
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 250)
  const query = useCustomers(settled, opened && settled !== '')
  const found = settled ? (query.data?.items ?? []).filter(each => each.id !== person.id) : []
  return (
    <Modal opened={opened} onClose={onClose} title={t.byHand} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <Stack gap="sm">
        <Text size="sm">{t.byHandHelp}</Text>
        <TextInput
          data-autofocus
          type="search"
          aria-label={t.search}
          placeholder={t.searchHint}
          leftSection={<IconSearch size={16} />}
          value={typed}
          maxLength={100}
          autoComplete="off"
          onChange={event => setTyped(event.currentTarget.value)}
        />
        {query.error ? (
          <p className={classes.failed} role="alert">
            {explain(query.error)}
          </p>
        ) : (
          settled &&
          query.isSuccess &&
          !query.isPlaceholderData &&
          found.length === 0 && (
            <p className={classes.none} role="status">
              {t.noMatch(settled)}
            </p>
          )
        )}
        <div className={classes.picks}>
          {found.map(each => (
            <UnstyledButton
              key={each.id}
              className={rows.row}
              aria-label={t.choose(customerName(each))}
              onClick={() => onPick(each)}
            >
              <CustomerWords customer={each} />
            </UnstyledButton>
          ))}
        </div>
      </Stack>
    </Modal>
  )
}
