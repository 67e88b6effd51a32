// Addresses of whoever runs the place, and of each one for themselves.

import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { shell } from './frame'

const shift = createRoute({
  getParentRoute: () => shell,
  path: '/mi',
  validateSearch: (search: Record<string, unknown>): { dia?: string; persona?: string } => ({
    ...(typeof search.dia === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(search.dia) ? { dia: search.dia } : {}),
    ...(typeof search.persona === 'string' ? { persona: search.persona } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/shift/ShiftPage'), 'ShiftPage'),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/ajustes',
  validateSearch: (search: Record<string, unknown>): { ver?: string } =>
    typeof search.ver === 'string' ? { ver: search.ver } : {},
  component: lazyRouteComponent(() => import('../features/settings/SettingsPage'), 'SettingsPage'),
})

const assistant = createRoute({
  getParentRoute: () => shell,
  path: '/asistente',
  validateSearch: (search: Record<string, unknown>): { ver?: string } =>
    typeof search.ver === 'string' ? { ver: search.ver } : {},
  component: lazyRouteComponent(() => import('../features/assistant/AssistantPage'), 'AssistantPage'),
})

const me = createRoute({
  getParentRoute: () => shell,
  path: '/yo',
  component: lazyRouteComponent(() => import('../features/auth/MePage'), 'MePage'),
})

const staff = createRoute({
  getParentRoute: () => shell,
  path: '/personas',
  component: lazyRouteComponent(() => import('../features/staff/StaffPage'), 'StaffPage'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/auditoria',
  validateSearch: (search: Record<string, unknown>): { que?: string; quien?: string; sobre?: string } => {
    const kept = (['que', 'quien', 'sobre'] as const).filter(key => typeof search[key] === 'string' && search[key])
    return Object.fromEntries(kept.map(key => [key, String(search[key])]))
  },
  component: lazyRouteComponent(() => import('../features/staff/AuditPage'), 'AuditPage'),
})

const panel = createRoute({
  getParentRoute: () => shell,
  path: '/panel',
  component: lazyRouteComponent(() => import('../features/panel/PanelPage'), 'PanelPage'),
})

const health = createRoute({
  getParentRoute: () => shell,
  path: '/salud',
  component: lazyRouteComponent(() => import('../features/health/HealthPage'), 'HealthPage'),
})

/** The address that the owner's telephone was given. */
const mobile = createRoute({
  getParentRoute: () => shell,
  path: '/mobile',
  beforeLoad: () => {
    throw redirect({ to: '/panel', replace: true })
  },
})

export const officeRoutes = [health, shift, settings, assistant, me, staff, audit, panel, mobile] as const
