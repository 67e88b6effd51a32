// The questions one can ask of the recordings. Only the first is open; the rest unfolds.

import { Button, Collapse, NativeSelect, TextInput } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { RecordingSearch } from '../../api/recordings'
import { texts } from '../../texts'
import classes from './RecordingsPage.module.css'

type Props = { search: RecordingSearch; onSearch: (search: RecordingSearch) => void }

const t = texts.recordings

export function Filters({ search, onSearch }: Props) {
  const [opened, setOpened] = useState(false)
  const id = useId()
  const set = (name: keyof RecordingSearch) => (event: { currentTarget: { value: string } }) =>
    onSearch({ ...search, [name]: event.currentTarget.value })
  const used = Object.entries(search).filter(([name, value]) => name !== 'text' && value?.trim()).length
  const results = Object.entries(texts.calls.endReasons).map(([value, label]) => ({ value, label }))
  return (
    <search>
      <div className={classes.line}>
        <TextInput
          className={classes.words ?? ''}
          size="md"
          aria-label={t.search}
          placeholder={t.searchHint}
          leftSection={<IconSearch size={17} />}
          value={search.text ?? ''}
          onChange={set('text')}
        />
        <Button
          variant={used > 0 ? 'light' : 'default'}
          size="md"
          leftSection={<IconAdjustmentsHorizontal size={17} />}
          aria-expanded={opened}
          aria-controls={id}
          onClick={() => setOpened(!opened)}
        >
          {t.filters}
          {used > 0 ? ` (${used})` : ''}
        </Button>
      </div>
      <Collapse expanded={opened} id={id}>
        <div className={classes.filters}>
          <TextInput label={t.person} value={search.person ?? ''} onChange={set('person')} />
          <TextInput label={t.number} inputMode="tel" value={search.number ?? ''} onChange={set('number')} />
          <TextInput label={t.from} type="date" value={search.from ?? ''} onChange={set('from')} />
          <TextInput label={t.to} type="date" value={search.to ?? ''} onChange={set('to')} />
          <NativeSelect
            className={classes.wide ?? ''}
            label={t.result}
            value={search.result ?? ''}
            onChange={set('result')}
            data={[{ value: '', label: t.anyResult }, ...results]}
          />
          {used > 0 && (
            <Button variant="subtle" className={classes.wide ?? ''} onClick={() => onSearch({})}>
              {t.clear}
            </Button>
          )}
        </div>
      </Collapse>
    </search>
  )
}
