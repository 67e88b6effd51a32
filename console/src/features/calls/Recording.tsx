// A recording is heard through a link that lasts minutes; it is asked for on purpose, and again when it has ended.

import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { recordingLink } from '../../api/calls'
import type { Call } from '../../api/schema'
import { es } from '../../texts/es'
import { duration } from '../../ui/format'
import { explain } from '../../ui/StatePages'
import classes from './Recording.module.css'

export function Recording({ recording }: { recording: NonNullable<Call['recording']> }) {
  const link = useMutation({ mutationFn: () => recordingLink(recording.id) })
  const [broken, setBroken] = useState(false)
  return (
    <div className={classes.box}>
      {link.data && !broken ? (
        // biome-ignore lint/a11y/useMediaCaption: the transcript of the call is on the same page
        <audio
          className={classes.player}
          controls
          autoPlay
          src={new URL(link.data.url, location.origin).pathname}
          aria-label={es.calls.recording}
          onError={() => setBroken(true)}
        />
      ) : (
        <>
          <span className={classes.words}>
            <strong>{es.calls.recording}</strong>
            <span className="muted tabular">{duration(recording.seconds)}</span>
          </span>
          {(broken || link.error) && (
            <span className={classes.error} role="alert">
              {link.error ? explain(link.error) : es.calls.linkExpired}
            </span>
          )}
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
            loading={link.isPending}
            onClick={() => {
              setBroken(false)
              link.mutate()
            }}
          >
            {es.calls.play}
          </Button>
        </>
      )}
    </div>
  )
}
