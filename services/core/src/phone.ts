/** Telephone numbers as names of people: one person must have one spelling, whoever tells it. */

/**
 * A number in international form as digits alone, the way Meta writes it (`15551110002`): without plus, without the
 * international prefix 00, without the signs people put between digits. Null when it is none. No country begins with 0,
 * so 00 can only be that prefix; a national number (`0612345678`) stays as it is, for its country is not known here.
 */
export function phoneDigits(text: string): string | null {
  const digits = text
    .trim()
    .replace(/[\s().\u00a0\u202f-]/g, '')
    .replace(/^(?:\+|00(?=[1-9]))/, '')
  return /^\d{5,15}$/.test(digits) ? digits : null
}
