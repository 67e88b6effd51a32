// The newcomer's page: chat with the assistant, call it, and see where the team's side is.

import { Anchor } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { es } from '../../texts/es'
import { Logo } from '../../ui/Logo'
import { CallCard } from './CallCard'
import { Chat } from './Chat'
import classes from './DemoPage.module.css'
import { Examples, Team } from './SideCards'
import { useChat } from './useChat'

export function DemoPage() {
  const chat = useChat()
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Link to="/" className={classes.brand}>
          <Logo size={28} /> {es.brand}
        </Link>
        <Anchor component={Link} to="/" className={classes.console ?? ''}>
          {es.demo.toConsole} <IconArrowRight size={16} aria-hidden />
        </Anchor>
      </header>
      <main className={classes.main}>
        <div className={classes.intro}>
          <h1>{es.demo.title}</h1>
          <p>{es.demo.intro}</p>
        </div>
        <div className={classes.phone}>
          <Chat chat={chat} />
        </div>
        <div className={classes.cards}>
          <Examples disabled={chat.phase !== 'ready'} onPick={chat.send} />
          <CallCard session={chat.session} />
          <Team />
        </div>
      </main>
    </div>
  )
}
