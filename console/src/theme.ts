// Mantine's theme: one accent, the system's fonts, calm corners. Everything else is in tokens.css.

import { createTheme, type MantineColorsTuple } from '@mantine/core'

const relevo: MantineColorsTuple = [
  '#eaf2fd',
  '#d5e4f9',
  '#a9c7f2',
  '#7aa8eb',
  '#4f8be0',
  '#2f74d3',
  '#1d5fbf',
  '#174f9f',
  '#123f80',
  '#0b2e59',
]

const ink: MantineColorsTuple = [
  '#e6eaf0',
  '#c3cad5',
  '#98a3b3',
  '#6f7b8d',
  '#4a5566',
  '#333d4c',
  '#232b37',
  '#181f29',
  '#10151d',
  '#0b0f15',
]

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Ubuntu, Cantarell, Arial, sans-serif'

export const theme = createTheme({
  primaryColor: 'relevo',
  primaryShade: { light: 6, dark: 5 },
  colors: { relevo, dark: ink },
  fontFamily: FONT,
  headings: { fontFamily: FONT, fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Modal: { defaultProps: { centered: true, radius: 'lg' } },
  },
})
