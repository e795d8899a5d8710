/** Calendar days as 'YYYY-MM-DD'. They carry no zone: they are days on the business's wall. */

const dayMs = 86_400_000

/** Today where the business is. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  // Swedish writes dates as ISO does; the parts would have to be put together by hand otherwise.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10)
}

/** Days from `from` to `to`; both the same day is 0. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)
}

export function isDay(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}

/** A day as an instant for formatting in UTC. */
export function dayToDate(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}
