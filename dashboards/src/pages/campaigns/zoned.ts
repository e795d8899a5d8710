/** The offset of a zone from UTC at an instant, in milliseconds. */
function offsetMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return wall - Math.floor(instant / 1000) * 1000
}

/**
 * The instant at which a zone's clock shows a day and a time. In the hour that a clock change skips, the instant the
 * clock jumps to instead: `exact` then is false and the screen says so. Of an hour that happens twice, the first.
 */
export function instantOf(day: string, time: string, timeZone: string): { at: Date; exact: boolean } | null {
  const wall = Date.parse(`${day}T${time}:00Z`)
  if (Number.isNaN(wall)) return null
  const candidates = [wall - offsetMs(wall - 86_400_000, timeZone), wall - offsetMs(wall + 86_400_000, timeZone)]
  const exact = candidates.filter((each) => each + offsetMs(each, timeZone) === wall)
  const chosen = exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
  return { at: new Date(chosen), exact: exact.length > 0 }
}

/** What a zone's clock shows at an instant, as the inputs of a form take it. */
export function wallOf(instant: Date, timeZone: string): { day: string; time: string } {
  const wall = new Date(instant.getTime() + offsetMs(instant.getTime(), timeZone)).toISOString()
  return { day: wall.slice(0, 10), time: wall.slice(11, 16) }
}

/** "Paris" of "Europe/Paris": how people call their clock. */
export function zoneName(timeZone: string): string {
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
}
