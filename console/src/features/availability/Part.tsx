// A piece of the grid by its role. A table's own elements cannot let a cell lie over several nights and be walked through.

import type { ButtonHTMLAttributes, HTMLAttributes } from 'react'

type Role = 'grid' | 'rowgroup' | 'row' | 'columnheader' | 'rowheader' | 'gridcell'

type PartProps = {
  part: Role
  'data-size'?: string | undefined
  'data-night'?: string
} & HTMLAttributes<HTMLDivElement>

export function Part({ part, ...rest }: PartProps) {
  return <div role={part} {...rest} />
}

/** A night, or the stay over several of them. */
export function Cell(props: ButtonHTMLAttributes<HTMLButtonElement>) {
  const part: Role = 'gridcell'
  return <button {...props} type="button" role={part} />
}
