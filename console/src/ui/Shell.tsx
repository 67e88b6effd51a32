// The frame of every page behind the sign-in: sections at the side (below, on a phone), the user, the connection.

import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconBuildingSkyscraper,
  IconChartHistogram,
  IconCoins,
  IconHeadphones,
  IconInbox,
  IconKeyboard,
  IconListSearch,
  IconLogout,
  IconMicrophone2,
  IconPhone,
  IconSettings,
  IconSparkles,
  IconSunHigh,
  IconUser,
  IconUsers,
} from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { type ComponentType, useEffect, useState } from 'react'
import { useMay, useMe } from '../api/session'
import { texts } from '../texts'
import { CallBar } from './calls/CallBar'
import { initials } from './format'
import { HelpOverlay } from './HelpOverlay'
import { LiveBand } from './LiveBand'
import { Logo } from './Logo'
import { ModeBand } from './mode/ModeBand'
import { ShiftBar } from './presence/ShiftBar'
import { OfferToast } from './queues/OfferToast'
import { SchemeControl } from './SchemeControl'
import classes from './Shell.module.css'
import { useNavCounts } from './useNavCounts'
import { useShortcuts } from './useShortcuts'
import { useSignOut } from './useSignOut'
import { useRememberedVoice } from './voice/voice-context'

type Section = {
  to:
    | '/bandeja'
    | '/llamadas'
    | '/panel'
    | '/sala'
    | '/grabaciones'
    | '/reservas'
    | '/senas'
    | '/clientes'
    | '/hoy'
    | '/asistente'
    | '/yo'
  label: string
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  count?: number
  urgent?: boolean
  only?: 'phone' | 'wide'
  also?: string
}

export function Shell() {
  const [help, setHelp] = useState(false)
  const sections = useSections()
  const mayAnswer = useMay('answer')
  useRememberedVoice(mayAnswer)
  useShortcuts({ '?': () => setHelp(true) })
  return (
    <div className={classes.shell}>
      <a href="#contenido" className={classes.skip}>
        {texts.common.skip}
      </a>
      <nav className={classes.nav} aria-label={texts.nav.main}>
        <Link to="/" className={classes.logo} aria-label={texts.brand}>
          <Logo size={30} />
        </Link>
        {sections.map(section => (
          <NavItem key={section.to} section={section} />
        ))}
        <div className={classes.foot}>
          <Tooltip label={texts.keys.title} position="right">
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={texts.keys.title}
              onClick={() => setHelp(true)}
            >
              <IconKeyboard size={20} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <UserMenu />
        </div>
      </nav>
      <div className={classes.body}>
        <LiveBand />
        <ModeBand />
        <ShiftBar />
        <main id="contenido" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
        {mayAnswer && <CallBar />}
        {mayAnswer && <OfferToast />}
      </div>
      <HelpOverlay opened={help} onClose={() => setHelp(false)} />
    </div>
  )
}

/** A telephone has room for five; what does not fit is under Yo. */
function useSections(): Section[] {
  const full = useMay('see_conversations')
  const counts = useNavCounts()
  useEffect(() => {
    document.title = counts.waiting > 0 ? `(${counts.waiting}) ${texts.brand}` : texts.brand
  }, [counts.waiting])
  const sections: (Section | false)[] = [
    useMay('see_alerts') && {
      to: '/hoy',
      label: texts.nav.today,
      icon: IconSunHigh,
      count: counts.alerts,
      urgent: true,
    },
    useMay('see_conversations') && {
      to: '/bandeja',
      label: texts.nav.inbox,
      icon: IconInbox,
      also: '/c/',
      count: counts.waiting,
      urgent: true,
    },
    useMay('see_calls') && { to: '/llamadas', label: texts.nav.calls, icon: IconPhone, count: counts.calls },
    useMay('listen') && {
      to: '/sala',
      label: texts.nav.room,
      icon: IconHeadphones,
      count: counts.helps,
      urgent: true,
      only: 'wide',
    },
    useMay('hear_recordings') && {
      to: '/grabaciones',
      label: texts.nav.recordings,
      icon: IconMicrophone2,
      only: 'wide',
    },
    useMay('see_bookings') && { to: '/reservas', label: texts.nav.bookings, icon: IconBuildingSkyscraper },
    useMay('confirm_deposits') && {
      to: '/senas',
      label: texts.nav.deposits,
      icon: IconCoins,
      count: counts.deposits,
      urgent: true,
    },
    useMay('see_reports') && {
      to: '/panel',
      label: texts.figures.nav,
      icon: IconChartHistogram,
      ...(full ? { only: 'wide' as const } : {}),
    },
    useMay('see_conversations') && { to: '/clientes', label: texts.nav.customers, icon: IconUsers, only: 'wide' },
    useMay('teach_assistant') && { to: '/asistente', label: texts.nav.assistant, icon: IconSparkles, only: 'wide' },
    { to: '/yo', label: texts.nav.me, icon: IconUser, only: 'phone' },
  ]
  return sections.filter(section => section !== false)
}

function NavItem({ section }: { section: Section }) {
  const Icon = section.icon
  const inside = useRouterState({ select: state => state.location.pathname.startsWith(section.also ?? '-') })
  const names = [
    classes.item,
    section.only === 'phone' && classes.phoneOnly,
    section.only === 'wide' && classes.wideOnly,
    inside && classes.active,
  ]
  return (
    <Link
      to={section.to}
      className={names.filter(Boolean).join(' ')}
      activeProps={{ className: classes.active ?? '', 'aria-current': 'page' }}
    >
      <span className={classes.iconWrap}>
        <Icon size={22} stroke={1.7} aria-hidden />
        {section.count ? (
          <span className={section.urgent ? `${classes.count} ${classes.urgent}` : classes.count}>{section.count}</span>
        ) : null}
      </span>
      {section.label}
    </Link>
  )
}

function UserMenu() {
  const me = useMe()
  const mayManage = useMay('manage_staff')
  const mayAudit = useMay('see_audit')
  const maySetUp = useMay('see_queues')
  const signOut = useSignOut()
  return (
    <Menu position="right-end" width={250} shadow="md" radius="md">
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <span className="visually-hidden">{texts.me.menu}</span> {initials(me.name)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{me.name}</strong>
          <span className="muted">{texts.roles[me.role]}</span>
          <span className="muted clip">{me.email}</span>
        </div>
        <Menu.Divider />
        <div className={classes.scheme}>
          <SchemeControl />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/yo" leftSection={<IconUser size={16} />}>
          {texts.account.mine}
        </Menu.Item>
        {mayManage && (
          <Menu.Item component={Link} to="/personas" leftSection={<IconUsers size={16} />}>
            {texts.account.staff.title}
          </Menu.Item>
        )}
        {maySetUp && (
          <Menu.Item component={Link} to="/ajustes" leftSection={<IconSettings size={16} />}>
            {texts.queues.settings.title}
          </Menu.Item>
        )}
        {mayAudit && (
          <Menu.Item component={Link} to="/auditoria" leftSection={<IconListSearch size={16} />}>
            {texts.account.audit.title}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {texts.auth.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
