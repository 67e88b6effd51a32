import { texts } from '../../texts'
import { capital } from '../../ui/format'

/** A problem the console has no words for yet is shown by its code rather than hidden. */
export function problemWords(problem: string): { short: string; long: string } {
  const known = texts.deposits.problems[problem]
  if (known) return known
  const plain = capital(problem.replaceAll('_', ' '))
  return { short: plain, long: plain }
}
