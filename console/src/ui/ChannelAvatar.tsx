// A person's initials with the channel they come by.

import { IconBrandWhatsapp, IconMail, IconMessage2, IconMessageCircle, IconPhone, IconUser } from '@tabler/icons-react'
import { texts } from '../texts'
import classes from './ChannelAvatar.module.css'
import { initials } from './format'

const ICONS: Record<string, typeof IconPhone> = {
  call: IconPhone,
  webchat: IconMessageCircle,
  whatsapp: IconBrandWhatsapp,
  whatsapp_twilio: IconBrandWhatsapp,
  email: IconMail,
}

export function channelName(channel: string): string {
  return texts.channels[channel] ?? texts.channels.other ?? channel
}

export function ChannelIcon({ channel, size = 16 }: { channel: string; size?: number }) {
  const Icon = ICONS[channel] ?? IconMessage2
  return <Icon size={size} stroke={1.8} aria-hidden />
}

export function ChannelAvatar({ name, channel, size = 40 }: { name: string | null; channel: string; size?: number }) {
  return (
    <span className={classes.avatar} style={{ width: size, height: size }}>
      <span aria-hidden>{initials(name) || <IconUser size={size * 0.45} stroke={1.6} />}</span>
      <span className={classes.badge}>
        <ChannelIcon channel={channel} size={12} />
        <span className="visually-hidden">{channelName(channel)}</span>
      </span>
    </span>
  )
}
