/** When a person of a campaign may be sent to: their own time, quiet hours, the campaign's window. Hours only delay. */
import { campaignStartDeadlineMs } from '@fidelio/core/campaign.ts'
import { type CampaignSchedule, personalInstant } from '@fidelio/core/schedule.ts'
import { nextAllowed, type SendingWindow } from '@fidelio/core/sending-hours.ts'
import { dayMs, isTimeZone } from '@fidelio/core/time.ts'
import type { PlaceFacts } from './audience.ts'

/** `notBefore` null and reason '': now. */
export type Moment = { notBefore: Date | null; reason: '' | 'own_time' | 'quiet_hours' }

/** A function of the person's zone, which falls back to the business's. Each zone is worked out once. */
export function hoursFor(
  run: { schedule: CampaignSchedule | null; sendingWindow: SendingWindow | null },
  facts: Pick<PlaceFacts, 'quiet' | 'businessZone'>,
  at: Date,
): (zone: string | null) => Moment {
  const known = new Map<string, Moment>()
  const { schedule, sendingWindow: window } = run
  const now = at.getTime()
  const momentIn = (zone: string): Moment => {
    const own = schedule?.inContactZone
      ? Math.max(now, personalInstant(schedule.startLocal, zone, now, campaignStartDeadlineMs))
      : now
    // Hours that leave no minute open are refused at save; set later, the person is looked at again a day on.
    const allowed = nextAllowed(own, zone, { quiet: facts.quiet, window }) ?? own + dayMs
    if (allowed > own) return { notBefore: new Date(allowed), reason: 'quiet_hours' }
    return own > now ? { notBefore: new Date(own), reason: 'own_time' } : { notBefore: null, reason: '' }
  }
  return (told) => {
    const zone = told !== null && isTimeZone(told) ? told : facts.businessZone
    const moment = known.get(zone) ?? momentIn(zone)
    known.set(zone, moment)
    return moment
  }
}
