import classes from './TypingDots.module.css'

export function TypingDots({ label }: { label: string }) {
  return (
    <span className={classes.dots} role="img" aria-label={label}>
      <span />
      <span />
      <span />
    </span>
  )
}
