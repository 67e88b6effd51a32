import { SegmentedControl } from '@mantine/core'
import { texts } from '../texts'
import { type Language, language, speak } from '../texts/language'

/** Each language under its own name, so that whoever does not read the other one finds it. */
export function LanguageControl({ size = 'xs' }: { size?: 'xs' | 'sm' }) {
  return (
    <SegmentedControl
      fullWidth
      size={size}
      aria-label={texts.me.language}
      value={language}
      onChange={value => speak(value as Language)}
      data={[
        { value: 'es', label: <span lang="es">{texts.me.languages.es}</span> },
        { value: 'en', label: <span lang="en">{texts.me.languages.en}</span> },
      ]}
    />
  )
}
