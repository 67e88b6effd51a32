// Noting what somebody said, with where it can be read or heard.

import { Button, Checkbox, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSay } from '../../api/outreach'
import { texts } from '../../texts'
import { outreach } from '../../texts/outreach'
import { explain } from '../../ui/StatePages'

const t = outreach.contact
const PURPOSES = Object.entries(outreach.purposes).map(([value, label]) => ({ value, label }))
const CHANNELS = Object.entries(outreach.channels).map(([value, label]) => ({ value, label }))

export function SayModal({ person, name, onClose }: { person: string; name: string; onClose: () => void }) {
  const say = useSay(person)
  const [state, setState] = useState('withdrawn')
  const [purpose, setPurpose] = useState('commercial')
  const [channel, setChannel] = useState('any')
  const [proof, setProof] = useState('')
  const [automated, setAutomated] = useState(false)
  const given = state === 'given'
  const byPhone = channel === 'call' || channel === 'any'
  const save = (event: FormEvent) => {
    event.preventDefault()
    say.mutate(
      { purpose, channel, state, proof: proof.trim(), automated: given && byPhone && automated },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.addTitle(name)}
      closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
    >
      <form onSubmit={save}>
        <Stack>
          <SegmentedControl
            fullWidth
            aria-label={t.state}
            data={[
              { value: 'withdrawn', label: t.withdrawn },
              { value: 'given', label: t.given },
            ]}
            value={state}
            onChange={setState}
          />
          <Select
            label={t.purpose}
            data={PURPOSES}
            value={purpose}
            allowDeselect={false}
            onChange={value => value && setPurpose(value)}
          />
          <Select
            label={t.channel}
            data={CHANNELS}
            value={channel}
            allowDeselect={false}
            onChange={value => value && setChannel(value)}
          />
          <Textarea
            label={t.proof}
            description={given ? `${t.proofHelp} ${t.proofNeeded}` : t.proofHelp}
            required={given}
            autosize
            minRows={2}
            maxLength={300}
            value={proof}
            onChange={event => setProof(event.currentTarget.value)}
          />
          {given && byPhone && (
            <Checkbox
              label={t.automated}
              checked={automated}
              onChange={event => setAutomated(event.currentTarget.checked)}
            />
          )}
          {say.error && (
            <Text size="sm" role="alert" c="var(--error-fg)">
              {explain(say.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" mih={44} onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" mih={44} loading={say.isPending} disabled={given && !proof.trim()}>
              {t.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
