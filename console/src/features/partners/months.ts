// Months by their names in numbers. Pure.

export function monthBeside(month: string, way: 1 | -1): string {
  const [year = 2000, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + way, 1)).toISOString().slice(0, 7)
}
