/** Opening hours as they are edited, and as the API takes them. Pure. */

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]
/** Opens and closes, "09:00" on the business's clock; closing at midnight is "24:00". */
export type Span = [string, string]
export type Week = Record<Weekday, Span[]>

export const spansPerDayMax = 4

/** Reads what the API gives; a day left out, or not understood, is closed. */
export function readWeek(value: unknown): Week {
  const raw = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  return Object.fromEntries(weekdays.map((day) => [day, readSpans(raw[day])])) as Week
}

function readSpans(value: unknown): Span[] {
  if (!Array.isArray(value)) return []
  return value.filter((each): each is Span => Array.isArray(each) && each.length === 2 && each.every(isText))
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/** Closed days are left out. */
export function writeWeek(week: Week): Partial<Week> {
  return Object.fromEntries(Object.entries(week).filter(([, spans]) => spans.length > 0)) as Partial<Week>
}

/** Whether every day's hours are in order without touching the next before they end. */
export function isWeek(week: Week): boolean {
  return weekdays.every((day) => {
    const spans = week[day]
    return spans.every(
      ([from, to], index) => isTime(from) && isTime(to) && from < to && (spans[index - 1]?.[1] ?? '') <= from,
    )
  })
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) || text === '24:00'
}

/** The hours that are suggested when a span is added: the morning first, then an afternoon behind what is there. */
export function nextSpan(spans: readonly Span[]): Span {
  const last = spans.at(-1)
  if (last === undefined) return ['09:00', '18:00']
  const start = plusMinutes(last[1], 60)
  return [start, plusMinutes(start, 180)]
}

function plusMinutes(time: string, minutes: number): string {
  const [hour, minute] = time.split(':').map(Number)
  const total = Math.min(23 * 60 + 59, (hour ?? 0) * 60 + (minute ?? 0) + minutes)
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}

/** "Mon–Fri 09:00–12:30, 14:00–18:00": neighbouring days with equal hours together. */
export function summarise(week: Week, nameOf: (weekday: number) => string): string {
  const runs: { from: number; to: number; hours: string }[] = []
  weekdays.forEach((day, index) => {
    const hours = week[day].map((span) => span.join('–')).join(', ')
    const last = runs.at(-1)
    if (last !== undefined && last.hours === hours) last.to = index
    else runs.push({ from: index, to: index, hours })
  })
  return runs
    .filter((run) => run.hours !== '')
    .map((run) => `${nameOf(run.from + 1)}${run.to > run.from ? `–${nameOf(run.to + 1)}` : ''} ${run.hours}`)
    .join(' · ')
}
