/** Checks of what callers write, each naming the field that is wrong. */
import { isTimeZone } from '@fidelio/core/time.ts'
import { invalid } from './errors.ts'

const emailShape = /^[^\s@<>"'(),;:\\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/
const slugShape = /^[a-z0-9][a-z0-9-]{0,62}$/

/** The trimmed text. @throws VALIDATION when it is empty or too long. */
export function requireText(field: string, text: string, charactersMax: number): string {
  const trimmed = text.trim()
  if (trimmed === '') throw invalid(field, 'This must not be empty.')
  if (trimmed.length > charactersMax) throw invalid(field, `At most ${charactersMax} characters.`)
  if (trimmed.includes('\u0000')) throw invalid(field, 'This must not contain the character NUL.')
  return trimmed
}

/** In lower case, as the sign-in library keeps addresses. */
export function requireEmail(field: string, text: string): string {
  const email = text.trim().toLowerCase()
  if (!emailShape.test(email) || !email.includes('.', email.indexOf('@'))) {
    throw invalid(field, 'This is not an e-mail address.')
  }
  return email
}

export function requireTimeZone(field: string, text: string): string {
  if (!isTimeZone(text)) throw invalid(field, 'Use a zone of the IANA database, such as Europe/Paris.')
  return text
}

/** @throws VALIDATION for three letters that are no currency of ISO 4217. */
export function requireCurrency(field: string, text: string): string {
  const known: readonly string[] = Intl.supportedValuesOf('currency')
  if (!known.includes(text)) throw invalid(field, 'Use a currency code of ISO 4217, such as EUR.')
  return text
}

export function requireLocale(field: string, text: string): string {
  if (text !== 'en' && text !== 'fr') throw invalid(field, 'Use "en" or "fr".')
  return text
}

export function requireSlug(field: string, text: string): string {
  if (!slugShape.test(text)) throw invalid(field, 'Use small letters, digits and "-", at most 63 of them.')
  return text
}

/** "Café du Port" → "cafe-du-port". */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63) || 'business'
  )
}

export function requireWithin(field: string, value: number, min: number, max: number): number {
  if (!(value >= min && value <= max)) throw invalid(field, `Between ${min} and ${max}.`)
  return value
}
