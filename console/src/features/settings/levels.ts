// Lists that people write as text, one by line: skills with their level, days. Pure.

export function skillsText(skills: Record<string, number>): string {
  return Object.entries(skills)
    .map(([name, level]) => `${name} ${level}`)
    .join('\n')
}

/** Null: some line has no level from 1 to 5. */
export function readSkills(text: string): Record<string, number> | null {
  const found: Record<string, number> = {}
  for (const line of lines(text)) {
    const parts = /^(.+?)[\s:=]+([1-5])$/.exec(line)
    if (!parts?.[1] || !parts[2]) return null
    found[parts[1].trim().toLowerCase()] = Number(parts[2])
  }
  return found
}

export function readDays(text: string): string[] | null {
  const days = lines(text)
  return days.every(day => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))) ? days : null
}

export function readCodes(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map(code => code.trim().toLowerCase())
    .filter(Boolean)
}

/** Minutes of a day as hours: 540 is 09:00, and the end of the day is 24:00. */
export function hourText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

export function hourMinutes(text: string, end: boolean): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  const found = hours * 60 + minutes
  return end && found === 0 ? 24 * 60 : found
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}
