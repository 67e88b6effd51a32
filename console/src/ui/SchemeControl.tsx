import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { es } from '../texts/es'

export function SchemeControl() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={es.me.scheme}
      value={colorScheme}
      onChange={value => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: 'light', label: es.me.light },
        { value: 'dark', label: es.me.dark },
        { value: 'auto', label: es.me.auto },
      ]}
    />
  )
}
