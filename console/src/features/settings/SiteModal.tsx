// A new site: its name and exact addresses; then its secret, once.

import { Button, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAddSite } from '../../api/sites'
import { texts } from '../../texts'
import { setup } from '../../texts/setup'
import { CopyLine, EditModal } from './parts'

const t = setup.sites

export function SiteModal({ onClose }: { onClose: () => void }) {
  const add = useAddSite()
  const [name, setName] = useState('')
  const [origins, setOrigins] = useState('')
  const lines = origins.split(/\s+/).filter(Boolean)
  if (add.data)
    return (
      <Modal
        opened
        onClose={onClose}
        title={t.made}
        size="lg"
        closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
      >
        <Stack>
          <Text size="sm">{t.madeHelp}</Text>
          <CopyLine label={t.secret} text={add.data.secret} />
          <CopyLine label={t.snippet} text={add.data.snippet} />
          <Button mih={44} onClick={onClose} data-autofocus>
            {t.done}
          </Button>
        </Stack>
      </Modal>
    )
  return (
    <EditModal
      title={t.add}
      busy={add.isPending}
      error={add.error}
      onClose={onClose}
      onSave={() => lines.length > 0 && add.mutate({ name: name.trim(), origins: lines })}
    >
      <TextInput
        data-autofocus
        label={t.name}
        placeholder={t.namePlaceholder}
        maxLength={80}
        value={name}
        onChange={(event: FormEvent<HTMLInputElement>) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t.origins}
        description={t.originsHelp}
        autosize
        minRows={2}
        maxRows={8}
        required
        value={origins}
        onChange={event => setOrigins(event.currentTarget.value)}
      />
    </EditModal>
  )
}
