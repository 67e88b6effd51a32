import classes from './LiveDot.module.css'

export function LiveDot() {
  return <span className={classes.dot} aria-hidden />
}
