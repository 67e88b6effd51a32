// What to try, and where the other side is.

import { IconArrowUpRight, IconCornerDownLeft } from '@tabler/icons-react'
import { texts } from '../../texts'
import { LinkButton } from '../../ui/links'
import classes from './Cards.module.css'
import { SCRIPT } from './useWidget'

const { embed, examples, team } = texts.demo

export function Examples({ onPick }: { onPick: (text: string) => void }) {
  return (
    <section className={classes.card} aria-labelledby="examples">
      <h2 id="examples" className={classes.title}>
        {examples.title}
      </h2>
      <p className={classes.help}>{examples.help}</p>
      <ol className={classes.examples}>
        {examples.items.map(item => (
          <li key={item}>
            <button type="button" className={classes.example} onClick={() => onPick(item)}>
              <span>{item}</span>
              <IconCornerDownLeft size={16} stroke={1.8} aria-hidden />
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

export function Team() {
  return (
    <section className={classes.card} aria-labelledby="team">
      <h2 id="team" className={classes.title}>
        {team.title}
      </h2>
      <p className={classes.help}>{team.help}</p>
      <dl className={classes.users} aria-label={team.users}>
        {team.list.map(user => (
          <div key={user.email}>
            <dt>{user.email}</dt>
            <dd>{user.role}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.help}>{team.password}</p>
      <LinkButton to="/" target="_blank" variant="default" rightSection={<IconArrowUpRight size={16} />}>
        {team.open}
      </LinkButton>
    </section>
  )
}

export function Embed() {
  return (
    <section className={classes.card} aria-labelledby="embed">
      <h2 id="embed" className={classes.title}>
        {embed.title}
      </h2>
      <p className={classes.help}>{embed.help}</p>
      <pre
        className={classes.code}
      >{`<script async src="${location.origin}${SCRIPT}" data-key="default"></script>`}</pre>
    </section>
  )
}
