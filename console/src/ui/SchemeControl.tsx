import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { texts } from '../texts'

export function SchemeControl() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={texts.me.scheme}
      value={colorScheme}
      onChange={value => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: 'light', label: texts.me.light },
        { value: 'dark', label: texts.me.dark },
        { value: 'auto', label: texts.me.auto },
      ]}
    />
  )
}
