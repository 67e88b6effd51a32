// Pieces that most visits never show: their code comes when they are first wanted, not with the first load.

import { type ComponentType, lazy, Suspense, useState } from 'react'

type Load<Props> = () => Promise<ComponentType<Props>>

export function later<Props extends object>(load: Load<Props>): ComponentType<Props> {
  const Part = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>
  return props => (
    <Suspense>
      <Part {...props} />
    </Suspense>
  )
}

/** For what is there all the time and mostly closed. */
export function whenOpened<Props extends { opened: boolean }>(load: Load<Props>): ComponentType<Props> {
  const Part = later(load)
  return function WhenOpened(props) {
    const [wanted, setWanted] = useState(false)
    if (props.opened && !wanted) setWanted(true)
    return wanted ? <Part {...props} /> : null
  }
}
