// The chat as it will look, by its own script in a frame of its own, and the line to paste with those looks in it.

import { ColorInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { Site } from '../../api/sites'
import { setup } from '../../texts/setup'
import { Section } from '../../ui/Section'
import { CopyLine } from './parts'
import classes from './Sites.module.css'

const t = setup.sites
const LANGUAGES = Object.entries(t.languages).map(([value, label]) => ({ value, label }))
const PLAIN = '#35206e'

type Looks = { color: string; side: 'right' | 'left'; label: string; locale: string }

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

/** The attributes that differ from how the chat looks by itself. */
export function attributes({ color, side, label, locale }: Looks): string {
  const given = [
    ['color', /^#[0-9a-f]{6}$/i.test(color) && color.toLowerCase() !== PLAIN ? color : ''],
    ['position', side === 'left' ? 'left' : ''],
    ['label', label.trim()],
    ['locale', locale],
  ]
  return given.map(([name, value]) => (value ? ` data-${name}="${escaped(value)}"` : '')).join('')
}

export function WidgetPreview({ sites }: { sites: Site[] }) {
  const [key, setKey] = useState(sites[0]?.key ?? '')
  const [looks, setLooks] = useState<Looks>({ color: PLAIN, side: 'right', label: '', locale: '' })
  const [settled] = useDebouncedValue(looks, 500)
  const site = sites.find(each => each.key === key) ?? sites[0]
  if (!site) return null
  const set = (part: Partial<Looks>) => setLooks(known => ({ ...known, ...part }))
  const page =
    `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>` +
    `<body style="margin:0;padding:24px;background:#fff"><div style="height:120px;border-radius:10px;background:#eef1f5"></div>` +
    '<div style="height:14px;width:60%;margin:20px 0 10px;border-radius:7px;background:#e2e6ec"></div>' +
    '<div style="height:14px;width:80%;border-radius:7px;background:#eef1f5"></div>' +
    `<script async src="/widget.js" data-key="${escaped(site.key)}"${attributes(settled)}></scr` +
    `ipt></body></html>`
  const snippet = site.snippet.replace('></script>', `${attributes(looks)}></script>`)
  return (
    <Section title={t.preview}>
      <div className={classes.preview}>
        <div className={classes.looks}>
          {sites.length > 1 && (
            <Select
              label={setup.names.sitios}
              data={sites.map(each => ({ value: each.key, label: each.name }))}
              value={site.key}
              allowDeselect={false}
              onChange={value => value && setKey(value)}
            />
          )}
          <ColorInput
            label={t.color}
            format="hex"
            eyeDropperButtonProps={{ 'aria-label': t.color }}
            value={looks.color}
            onChange={color => set({ color })}
          />
          <div>
            <span className={classes.label}>{t.side}</span>
            <SegmentedControl
              fullWidth
              aria-label={t.side}
              data={[
                { value: 'left', label: t.sides.left },
                { value: 'right', label: t.sides.right },
              ]}
              value={looks.side}
              onChange={side => set({ side: side === 'left' ? 'left' : 'right' })}
            />
          </div>
          <TextInput
            label={t.label}
            maxLength={40}
            value={looks.label}
            onChange={event => set({ label: event.currentTarget.value })}
          />
          <Select
            label={t.language}
            data={LANGUAGES}
            value={looks.locale}
            allowDeselect={false}
            onChange={value => set({ locale: value ?? '' })}
          />
          <span className={classes.soft}>{t.previewHelp}</span>
        </div>
        <iframe key={page} title={t.previewTitle} srcDoc={page} className={classes.frame} />
      </div>
      <CopyLine label={t.snippet} text={snippet} />
    </Section>
  )
}
