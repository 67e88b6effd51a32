// Calling the assistant with the browser's microphone: dial, level, what is being said, hang up, and what to do when
// the microphone is not to be had.

import { Alert, Button } from '@mantine/core'
import { IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { serverNow } from '../../api/clock'
import type { CallEnd } from '../../audio/browserCall'
import { es } from '../../texts/es'
import { browserName } from '../../ui/browserName'
import { duration } from '../../ui/format'
import { LiveDot } from '../../ui/LiveDot'
import { useStickToEnd } from '../../ui/thread/useStickToEnd'
import { useSecond } from '../../ui/useNow'
import classes from './Cards.module.css'
import type { CaptionLine } from './captions'
import type { Saved } from './savedSession'
import { useCall } from './useCall'

const t = es.demo.call

export function CallCard({ session }: { session: Saved | null }) {
  const call = useCall(session)
  const on = call.state === 'asking' || call.state === 'connecting' || call.state === 'live'
  return (
    <section className={classes.card} aria-labelledby="call">
      <div className={classes.split}>
        <div>
          <h2 id="call" className={classes.title}>
            {t.title}
          </h2>
          <p className={classes.help} aria-live="polite">
            {status(call.state, call.end)}
          </p>
        </div>
        {call.state === 'live' && <Timer since={call.since} />}
        {!on && (
          <Button
            size="md"
            radius="xl"
            color="var(--ok-solid)"
            leftSection={<IconPhone size={18} />}
            disabled={!session}
            onClick={call.dial}
          >
            {call.state === 'ended' ? t.again : t.start}
          </Button>
        )}
      </div>
      {call.state === 'ended' && call.end && <Trouble why={call.end} />}
      {on && (
        <>
          <div className={classes.controls}>
            <div className={classes.meter} ref={call.meter} role="img" aria-label={t.level}>
              <IconMicrophone size={16} stroke={1.8} aria-hidden />
              <span className={classes.track}>
                <span className={classes.level} />
              </span>
            </div>
            <Button
              variant="default"
              radius="xl"
              leftSection={call.muted ? <IconMicrophoneOff size={17} /> : <IconMicrophone size={17} />}
              aria-pressed={call.muted}
              onClick={call.toggleMute}
            >
              {call.muted ? t.unmute : t.mute}
            </Button>
            <Button color="red.8" radius="xl" leftSection={<IconPhoneOff size={17} />} onClick={call.hangUp}>
              {t.hangUp}
            </Button>
          </div>
          <Captions lines={call.captions} />
        </>
      )}
    </section>
  )
}

function status(state: string, end: CallEnd | null): string {
  if (state === 'asking') return t.asking
  if (state === 'connecting') return t.connecting
  if (state === 'live') return t.live
  return end === 'hung_up' || end === 'finished' ? t.ended : t.help
}

function Timer({ since }: { since: number }) {
  const now = useSecond()
  return (
    <span className={`${classes.timer} tabular`}>
      <LiveDot /> {duration((now - serverNow(since)) / 1000)}
    </span>
  )
}

function Trouble({ why }: { why: CallEnd }) {
  if (why === 'hung_up' || why === 'finished') return null
  return (
    <Alert color="red" variant="light" role="alert" mt="sm">
      {t.errors[why]} {why === 'denied' ? t.steps[browserName(navigator.userAgent)] : ''}
    </Alert>
  )
}

function Captions({ lines }: { lines: CaptionLine[] }) {
  const { box, onScroll } = useStickToEnd()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <div className={classes.captions} ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label={t.captions}>
      <div>
        {lines.length === 0 && <p className={classes.help}>{t.captionsWait}</p>}
        {lines.map(line => (
          <p key={line.key} className={classes.caption} data-author={line.author}>
            <strong>{line.author === 'customer' ? t.you : t[line.author]}</strong> {line.text}
          </p>
        ))}
      </div>
    </div>
  )
}
