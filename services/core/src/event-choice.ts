/**
 * Which events a question is about: `active` (a customer was active, core/activity), an event kind, or `custom:<name>` for
 * a tenant's own event (measures.md §2). What the customer can do counts only when the customer did it; of the others,
 * such as an answer, it is said to whom they happened.
 */
import { activeEventKinds } from './activity.ts'
import { type EventKind, eventKinds } from './event.ts'

/** The activities calendars of local days are kept of: what the customer did. */
export const calendarActivities = [
  'active',
  'message.received',
  'postback',
  'reaction',
  'order.created',
  'order.paid',
  'referral',
] as const

/** `name` is empty for any name. */
export type EventChoice = { kind: EventKind | 'active'; name: string }

export const customNameCharactersMax = 128

/** Reads a choice; null when it is none. */
export function eventChoiceOf(text: string): EventChoice | null {
  if (text === 'active') return { kind: 'active', name: '' }
  if (text.startsWith('custom:')) {
    const name = text.slice('custom:'.length)
    return name === '' || name.length > customNameCharactersMax || name.includes('\u0000')
      ? null
      : { kind: 'custom', name }
  }
  const kind = eventKinds.find((each) => each === text)
  return kind === undefined ? null : { kind, name: '' }
}

/** Whether an event is one of those chosen. */
export function isChosen(choice: EventChoice, event: { kind: string; role: string; name: string }): boolean {
  const byCustomer = event.role === 'customer'
  if (choice.kind === 'active') return byCustomer && activeEventKinds.some((kind) => kind === event.kind)
  if (event.kind !== choice.kind || (choice.name !== '' && event.name !== choice.name)) return false
  return byCustomer || !calendarActivities.some((kind) => kind === event.kind)
}
