// Keys for the menus of the other end. Every key is sent as it is pressed; the keyboard's own digits work too.

import { Modal, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useCallCommand } from '../../api/calls'
import type { Call } from '../../api/schema'
import { texts } from '../../texts'
import { whyNot } from '../../ui/calls/useTakeCall'
import classes from './Controls.module.css'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

type Props = { call: Call; opened: boolean; onClose: () => void }

export function KeypadModal({ call, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={texts.desk.keypad.title}
      size="xs"
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <Pad call={call} />
    </Modal>
  )
}

function Pad({ call }: { call: Call }) {
  const { run, error } = useCallCommand(call)
  const [sent, setSent] = useState('')
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !KEYS.includes(event.key)) return
      event.preventDefault()
      setSent(known => known + event.key)
      run({ path: 'keys', body: { digits: event.key } })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [run])
  const press = (digit: string) => {
    setSent(known => known + digit)
    run({ path: 'keys', body: { digits: digit } })
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="var(--muted)">
        {texts.desk.keypad.help}
      </Text>
      <p className={classes.digits} data-empty={sent === ''} role="status" aria-label={texts.desk.keypad.sent}>
        {sent || texts.desk.keypad.none}
      </p>
      <div className={classes.pad}>
        {KEYS.map(digit => (
          <button key={digit} type="button" className={classes.key} onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
      </div>
      {error && (
        <p className={classes.error} role="alert">
          {whyNot(error)}
        </p>
      )}
    </Stack>
  )
}
