import { Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useSummary } from '../../api/house'
import { texts } from '../../texts'
import { PartFailure } from '../../ui/Section'
import { type Figure, figures } from './figures'
import classes from './TodayPage.module.css'

export function Figures() {
  const query = useSummary()
  if (query.isPending) {
    return (
      <div className={classes.figures} role="status" aria-label={texts.common.loading}>
        {[0, 1, 2, 3].map(n => (
          <Skeleton key={n} height={84} radius="lg" />
        ))}
      </div>
    )
  }
  if (!query.data) return <PartFailure error={query.error} retry={() => void query.refetch()} />
  return (
    <section className={classes.figures} aria-label={texts.house.summary}>
      {figures(query.data).map(figure => (
        <FigureTile key={figure.name} figure={figure} />
      ))}
    </section>
  )
}

function FigureTile({ figure }: { figure: Figure }) {
  const inside = (
    <>
      <strong className="tabular">{figure.value}</strong>
      <span>{texts.house.figures[figure.name]}</span>
    </>
  )
  return figure.to ? (
    <Link to={figure.to} className={classes.figure} data-urgent={figure.urgent}>
      {inside}
    </Link>
  ) : (
    <div className={classes.figure} data-urgent={figure.urgent} title={texts.house.parkedHelp}>
      {inside}
    </div>
  )
}
