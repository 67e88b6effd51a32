// Taking a recording out of the console: in which format, and why. The reason stays in the log.

import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { recordingLink, type Wish } from '../../api/recordings'
import type { RecordingDetail } from '../../api/schema'
import { texts } from '../../texts'
import { explain } from '../StatePages'
import { downloadSize, sizeText } from './wave'

type Props = { recording: RecordingDetail; opened: boolean; onClose: () => void }

const t = texts.recordings.download
const RATES = [8000, 16000, 44100] as const

export function DownloadModal({ recording, opened, onClose }: Props) {
  const [format, setFormat] = useState<Wish['format']>('opus')
  const [rate, setRate] = useState<Wish['rate']>(8000)
  const [reason, setReason] = useState('')
  const link = useMutation({
    mutationFn: () => recordingLink(recording.id, { format, rate, download: true, reason: reason.trim() }),
    onSuccess: ({ url }) => {
      const anchor = document.createElement('a')
      anchor.href = url
      anchor.download = ''
      anchor.click()
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim()) link.mutate()
  }
  return (
    <Modal opened={opened} onClose={onClose} title={t.title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl
            fullWidth
            aria-label={t.format}
            value={format}
            onChange={value => setFormat(value as Wish['format'])}
            data={[
              { value: 'opus', label: t.opus },
              { value: 'wav', label: t.wav },
            ]}
          />
          {format === 'wav' && (
            <Select
              label={t.rate}
              allowDeselect={false}
              value={String(rate)}
              onChange={value => setRate(RATES.find(each => String(each) === value) ?? 8000)}
              data={RATES.map(each => ({ value: String(each), label: t.rates[each] ?? String(each) }))}
            />
          )}
          <TextInput
            data-autofocus
            required
            label={t.reason}
            description={t.reasonHelp}
            placeholder={t.reasonPlaceholder}
            maxLength={200}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <Text size="sm" c="var(--muted)">
            {t.size(sizeText(downloadSize(recording.seconds, format, rate)))}
          </Text>
          {link.error && (
            <Alert color="red" variant="light" role="alert">
              {explain(link.error)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={link.isPending} disabled={!reason.trim()}>
              {t.go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
