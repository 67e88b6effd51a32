// A field that finds a customer and hands them over. It decides nothing about them.

import { Stack, TextInput, UnstyledButton } from '@mantine/core'
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

type Props = { onPick: (found: Customer) => void; quiet?: boolean; except?: string }

/** `quiet`: it stands on a page among others and does not ask for the keyboard. `except`: who is not to be found. */
export function FindCustomer({ onPick, quiet = false, except }: Props) {
  const [typed, setTyped] = useState('')
  const [settled] = useDebouncedValue(typed.trim(), 250)
  const query = useCustomers(settled, settled !== '')
  const found = settled ? (query.data?.items ?? []).filter(each => each.id !== except) : []
  const nobody = settled && query.isSuccess && !query.isPlaceholderData && found.length === 0
  return (
    <Stack gap="sm">
      <TextInput
        data-autofocus={quiet ? undefined : true}
        type="search"
        aria-label={t.search}
        placeholder={t.searchHint}
        leftSection={<IconSearch size={16} />}
        value={typed}
        maxLength={100}
        autoComplete="off"
        onChange={event => setTyped(event.currentTarget.value)}
      />
      {query.error && (
        <p className={classes.failed} role="alert">
          {explain(query.error)}
        </p>
      )}
      {nobody && (
        <p className={classes.none} role="status">
          {t.noMatch(settled)}
        </p>
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
  )
}
