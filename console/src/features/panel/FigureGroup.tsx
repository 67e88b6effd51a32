// Figures that belong together, under their title.

import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Described, Figure } from '../../api/reports'
import { FigureCard } from './FigureCard'
import { type Against, NINE } from './figures'
import classes from './PanelPage.module.css'

type Props = {
  id: string
  title: string
  keys: string[]
  figures: Figure[]
  against: Against
  chosen?: string
  onDraw?: (key: string) => void
  onOpen: (figure: Described) => void
  children?: ReactNode
}

export function FigureGroup({ id, title, keys, figures, against, chosen, onDraw, onOpen, children }: Props) {
  const byKey = new Map(figures.map(figure => [figure.key, figure]))
  return (
    <section aria-labelledby={`panel-${id}`} className={classes.group}>
      <Title order={2} size="h5" mb="xs" id={`panel-${id}`}>
        {title}
      </Title>
      <div className={classes.grid}>
        {children}
        {keys.map(key => {
          const figure = byKey.get(key)
          return (
            figure && (
              <FigureCard
                key={key}
                figure={figure}
                nine={byKey.get(NINE[key] ?? '')}
                against={against}
                drawn={key === chosen}
                onDraw={onDraw && (() => onDraw(key))}
                onOpen={() => onOpen(figure)}
              />
            )
          )
        })}
      </div>
    </section>
  )
}
