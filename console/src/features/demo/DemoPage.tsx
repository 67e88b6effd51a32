// The newcomer's page: a hotel's site with the chat on it, what to try there, and where the team's side is.

import { Anchor } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { texts } from '../../texts'
import { Logo } from '../../ui/Logo'
import classes from './DemoPage.module.css'
import { Hotel } from './Hotel'
import { Embed, Examples, Team } from './SideCards'
import { useWidget, widget } from './useWidget'

export function DemoPage() {
  useWidget()
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Link to="/" className={classes.brand}>
          <Logo size={28} /> {texts.brand}
        </Link>
        <Anchor component={Link} to="/" className={classes.console ?? ''}>
          {texts.demo.toConsole} <IconArrowRight size={16} aria-hidden />
        </Anchor>
      </header>
      <main className={classes.main}>
        <div className={classes.intro}>
          <h1>{texts.demo.title}</h1>
          <p>{texts.demo.intro}</p>
        </div>
        <Hotel onAsk={text => widget()?.ask(text)} />
        <Examples onPick={text => widget()?.ask(text)} />
        <Team />
        <Embed />
      </main>
    </div>
  )
}
