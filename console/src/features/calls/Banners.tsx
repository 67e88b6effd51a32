// What must not be missed about a call: a voice that broke off, a consultation, a transfer that rings, help that was
// asked for, who else is listening.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconEar, IconLifebuoy, IconPhoneCall, IconUsers } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { callRights, isMine, roleIn, voiceOf } from '../../api/callState'
import { useCallCommand } from '../../api/calls'
import { useLostCall } from '../../api/lostCall'
import type { Call } from '../../api/schema'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { useRetake } from '../../ui/calls/useRetake'
import { whyNot } from '../../ui/calls/useTakeCall'
import { alsoPresent } from '../../ui/calls/words'
import classes from './Banners.module.css'

const t = texts.desk

export function Banners({ call }: { call: Call }) {
  const me = useMe()
  const voice = voiceOf(call)
  const mine = isMine(call, me.id)
  const present = alsoPresent(call, me.id)
  return (
    <div className={classes.banners}>
      <Lost call={call} />
      {mine && voice.agent_voice === 'lost' && (
        <Banner tone="trouble" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {t.lost.reconnecting}
        </Banner>
      )}
      {!mine && call.control === 'agent' && voice.agent_voice === 'lost' && (
        <Banner tone="trouble" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {t.lost.agent(call.agent?.name ?? texts.control.agent)}
        </Banner>
      )}
      <Consult call={call} />
      {voice.help && (
        <Banner tone="warn" icon={<IconLifebuoy size={18} aria-hidden />}>
          {mine ? t.help.asked : texts.room.helpTitle(voice.help.by.name ?? t.someone)} {voice.help.note}
        </Banner>
      )}
      {present && (
        <Banner tone="quiet" icon={<IconEar size={18} aria-hidden />}>
          {t.present(present)}
        </Banner>
      )}
    </div>
  )
}

function Lost({ call }: { call: Call }) {
  const retake = useRetake(call)
  if (useLostCall() !== call.id) return null
  return (
    <Banner tone="trouble" icon={<IconAlertTriangle size={18} aria-hidden />} alert>
      <span>{call.control === 'queued' ? t.lost.queued : t.lost.title}</span>
      <Button
        size="sm"
        className={classes.button ?? ''}
        color="red.8"
        loading={retake.busy}
        onClick={() => retake.retake()}
      >
        {t.lost.retake}
      </Button>
      <Button size="sm" className={classes.button ?? ''} variant="default" onClick={retake.letGo}>
        {texts.common.close}
      </Button>
      {retake.error && <span className={classes.error}>{retake.error}</span>}
    </Banner>
  )
}

function Consult({ call }: { call: Call }) {
  const me = useMe()
  const rights = callRights(call, me)
  const command = useCallCommand(call)
  const { consult, ringing } = voiceOf(call)
  const ring = ringing.find(each => each.to.id !== me.id)
  const problem = command.error ? <span className={classes.error}>{whyNot(command.error)}</span> : null
  const icon = <IconUsers size={18} aria-hidden />
  const role = roleIn(call, me.id)
  if (role === 'consult' || role === 'conference') {
    const holder = call.agent?.name ?? t.someone
    return (
      <Banner tone="quiet" icon={icon}>
        <span>{role === 'consult' ? t.consult.withMe(holder) : t.consult.joined(holder)}</span>
        <Button
          size="sm"
          className={classes.button ?? ''}
          variant="default"
          onClick={() => command.run({ path: 'leave' })}
        >
          {t.consult.leave}
        </Button>
        {problem}
      </Banner>
    )
  }
  if (consult?.answered) {
    return (
      <Banner tone="warn" icon={icon}>
        <span>{t.consult.talking(consult.with.name ?? t.someone)}</span>
        {rights.operate && (
          <>
            <Button
              size="sm"
              className={classes.button ?? ''}
              loading={command.busy}
              onClick={() => command.run({ path: 'complete' })}
            >
              {t.consult.complete}
            </Button>
            <Button
              size="sm"
              className={classes.button ?? ''}
              variant="default"
              onClick={() => command.run({ path: 'conference' })}
            >
              {t.consult.conference}
            </Button>
            <Button
              size="sm"
              className={classes.button ?? ''}
              variant="default"
              onClick={() => command.run({ path: 'cancel' })}
            >
              {t.consult.cancel}
            </Button>
          </>
        )}
        {problem}
      </Banner>
    )
  }
  if (!ring) {
    if (!problem) return null
    return (
      <Banner tone="trouble" icon={icon}>
        {problem}
      </Banner>
    )
  }
  const name = ring.to.name ?? t.someone
  return (
    <Banner tone="warn" icon={<IconPhoneCall size={18} aria-hidden />}>
      <span>{ring.kind === 'consult' ? t.consult.ringing(name) : t.consult.transferring(name)}</span>
      {(ring.from?.id === me.id || rights.listen || rights.operate) && (
        <Button
          size="sm"
          className={classes.button ?? ''}
          variant="default"
          loading={command.busy}
          onClick={() => command.run({ path: 'cancel' })}
        >
          {t.consult.takeBack}
        </Button>
      )}
      {problem}
    </Banner>
  )
}

type BannerProps = { tone: 'trouble' | 'warn' | 'quiet'; icon: ReactNode; alert?: boolean; children: ReactNode }

function Banner({ tone, icon, alert, children }: BannerProps) {
  return (
    <div className={classes.banner} data-tone={tone} role={alert ? 'alert' : 'status'}>
      {icon}
      <div className={classes.words}>{children}</div>
    </div>
  )
}
