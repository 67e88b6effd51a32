// The frame of every page behind the sign-in: sections at the side (below, on a phone), the user, the connection.

import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { IconDots, IconKeyboard, IconLogout, IconSearch, IconUser } from '@tabler/icons-react'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useMay, useMe } from '../api/session'
import { texts } from '../texts'
import { CallBar } from './calls/CallBar'
import { keysOf, useShortcutNames, withShortcut } from './commands/keymap'
import { UpdateBand } from './device/UpdateBand'
import { useDeskNews } from './device/useDeskNews'
import { useThisDevice } from './device/useThisDevice'
import { initials } from './format'
import { LanguageControl } from './LanguageControl'
import { LiveBand } from './LiveBand'
import { Logo } from './Logo'
import { ModeBand } from './mode/ModeBand'
import { ShiftBar } from './presence/ShiftBar'
import { OfferToast } from './queues/OfferToast'
import { SchemeControl } from './SchemeControl'
import classes from './Shell.module.css'
import { isTab, type Section, sectionsOf } from './sections'
import { UndoToasts } from './undo/UndoToasts'
import { useNavCounts } from './useNavCounts'
import { useShortcuts } from './useShortcuts'
import { useSignOut } from './useSignOut'
import { useRememberedVoice } from './voice/voice-context'

const CommandBar = lazy(() => import('./commands/bar/CommandBar').then(module => ({ default: module.CommandBar })))
const HelpOverlay = lazy(() => import('./commands/HelpOverlay').then(module => ({ default: module.HelpOverlay })))

export function Shell() {
  const [help, setHelp] = useState(false)
  const [bar, setBar] = useState(false)
  const me = useMe()
  const sections = sectionsOf(me)
  const counts = useNavCounts()
  useEffect(() => {
    document.title = counts.waiting > 0 ? `(${counts.waiting}) ${texts.brand}` : texts.brand
  }, [counts.waiting])
  const mayAnswer = useMay('answer')
  useThisDevice()
  useDeskNews()
  useRememberedVoice(mayAnswer)
  useEffect(() => keysOf(me.id), [me.id])
  const keys = useShortcutNames()
  const navigate = useNavigate()
  const toBookings = useMay('see_bookings') ? () => void navigate({ to: '/reservas' }) : undefined
  useShortcuts({ help: () => setHelp(true), bar: () => setBar(true), booking: toBookings }, true)
  return (
    <div className={classes.shell}>
      <a href="#contenido" className={classes.skip}>
        {texts.common.skip}
      </a>
      <nav className={classes.nav} aria-label={texts.nav.main}>
        <Link to="/" className={classes.logo} aria-label={texts.brand}>
          <Logo size={30} />
        </Link>
        <UnstyledButton
          className={`${classes.item} ${classes.wideOnly}`}
          aria-keyshortcuts={keys('bar')}
          title={withShortcut(texts.keys.bar, keys('bar'))}
          onClick={() => setBar(true)}
        >
          <IconSearch size={22} stroke={1.7} aria-hidden />
          {texts.common.search}
        </UnstyledButton>
        {sections
          .filter(section => section.side || isTab(section, me))
          .map(section => (
            <NavItem
              key={section.to}
              section={section}
              tab={isTab(section, me)}
              count={section.count ? counts[section.count] : 0}
            />
          ))}
        <More sections={sections.filter(section => !section.side)} />
        <Link
          to="/yo"
          className={`${classes.item} ${classes.phoneOnly}`}
          activeProps={{ className: classes.active ?? '', 'aria-current': 'page' }}
        >
          <IconUser size={22} stroke={1.7} aria-hidden />
          {texts.nav.me}
        </Link>
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
        <UpdateBand />
        <ModeBand />
        <ShiftBar />
        <main id="contenido" className={classes.main} tabIndex={-1}>
          <Outlet />
        </main>
        {mayAnswer && <CallBar />}
        {mayAnswer && <OfferToast />}
        <UndoToasts />
      </div>
      <Suspense>
        {bar && (
          <CommandBar
            onClose={() => setBar(false)}
            onHelp={() => {
              setBar(false)
              setHelp(true)
            }}
          />
        )}
      </Suspense>
      <Suspense>{help && <HelpOverlay opened onClose={() => setHelp(false)} />}</Suspense>
    </div>
  )
}

/** A telephone has room for five; what does not fit is under Yo. */
function NavItem({ section, tab, count }: { section: Section; tab: boolean; count: number }) {
  const Icon = section.icon
  const inside = useRouterState({ select: state => state.location.pathname.startsWith(section.also ?? '-') })
  const names = [
    classes.item,
    tab && !section.side && classes.phoneOnly,
    !tab && classes.wideOnly,
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
        {count > 0 ? (
          <span className={section.urgent ? `${classes.count} ${classes.urgent}` : classes.count}>{count}</span>
        ) : null}
      </span>
      {section.label}
    </Link>
  )
}

/** What is not wanted all day. */
function More({ sections }: { sections: readonly Section[] }) {
  const inside = useRouterState({ select: state => sections.some(each => state.location.pathname === each.to) })
  if (sections.length === 0) return null
  return (
    <Menu position="right-end" width={230} shadow="md" radius="md">
      <Menu.Target>
        <UnstyledButton className={`${classes.item} ${classes.wideOnly} ${inside ? classes.active : ''}`}>
          <IconDots size={22} stroke={1.7} aria-hidden />
          {texts.nav.more}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {sections.map(section => (
          <Menu.Item key={section.to} component={Link} to={section.to} leftSection={<section.icon size={18} />}>
            {section.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function UserMenu() {
  const me = useMe()
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
          <LanguageControl />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/yo" leftSection={<IconUser size={16} />}>
          {texts.account.mine}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {texts.auth.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
