export const TABS = ['phrases', 'training', 'trial', 'topics', 'settings'] as const
export type Tab = (typeof TABS)[number]

export function tabOf(name: unknown): Tab {
  return TABS.find(tab => tab === name) ?? 'phrases'
}
