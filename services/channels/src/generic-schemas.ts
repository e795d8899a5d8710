/** What each generic event type must hold, and what it means. The words of the errors are read by the tenant's developer. */
import { type Channel, type ConsentFact, conversationChannels, type ParsedEvent } from '@fidelio/core/event.ts'
import { phoneDigits } from '@fidelio/core/phone.ts'
import { isTimeZone } from '@fidelio/core/time.ts'
import { z } from 'zod'
import { idText, isDeeperThan, readTime, wellFormed } from './wire.ts'

const textCharactersMax = 20_000
const nameCharactersMax = 100
const idCharactersMax = 200
/** Values nested far deeper break whatever writes them out again. */
const dataLevelsMax = 100
const printable = /^\P{Cc}+$/u

/** An id: text, or a number digit for digit (numbers beyond 2^53 arrive here as text already). */
const id = z
  .union([z.string(), z.number()], { error: 'must be a text or a whole number' })
  .transform((value) => idText(value))
  .refine((value) => value !== '' && value.length <= idCharactersMax, {
    error: `must be 1 to ${idCharactersMax} printable characters`,
  })

const timestamp = z
  .union([z.string(), z.number(), z.null()], { error: 'must be ISO-8601 text or Unix seconds or milliseconds' })
  .optional()
  .transform((value, context) => {
    if (value === undefined || value === null || value === 0 || value === '') return null
    const at = readTime(value)
    if (at === null) context.addIssue('must be ISO-8601 text or Unix seconds or milliseconds')
    return at
  })

const email = z
  .string()
  .transform((value) => wellFormed(value).trim().toLowerCase())
  .pipe(
    z
      .string()
      .max(254)
      .regex(/^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u, { error: 'must be an e-mail address' }),
  )

const phone = z.union([z.string(), z.number()]).transform((value, context) => {
  const digits = phoneDigits(String(value))
  if (digits === null) context.addIssue('must be a phone number of 5 to 15 digits')
  return digits
})

/** Attributes of one person in one item, and the longest text of one. */
const attributesMax = 100
const attributeCharactersMax = 1_000

export type AttributeValue = string | number | boolean | null

const attributeValue = z.union(
  [
    z.string().max(attributeCharactersMax).transform(wellFormed),
    z.number(),
    z.boolean(),
    // Told as null, it is known no longer.
    z.null(),
  ],
  { error: `must be a text of at most ${attributeCharactersMax} characters, a number, true, false or null` },
)

const attributes = z
  .record(z.string().min(1).max(nameCharactersMax).regex(printable), attributeValue, {
    error: `must be an object of names (1 to ${nameCharactersMax} printable characters) and values`,
  })
  .refine((told) => Object.keys(told).length <= attributesMax, { error: `at most ${attributesMax} at a time` })

const contact = z.object({
  externalId: id.nullish(),
  email: email.nullish(),
  phone: phone.nullish(),
  displayName: z.string().max(200).transform(wellFormed).nullish(),
  locale: z.string().max(35).regex(printable).transform(wellFormed).nullish(),
  timeZone: z.string().refine(isTimeZone, { error: 'must be an IANA time zone such as Europe/Paris' }).nullish(),
  attributes: attributes.nullish(),
})

export const genericItem = z.object({
  id: id.nullish(),
  type: z
    .string({ error: 'is required' })
    .min(1, { error: 'is required' })
    .max(nameCharactersMax)
    .regex(printable, { error: 'must be printable' })
    .transform(wellFormed),
  timestamp,
  contact: contact.nullish(),
  data: z
    .record(z.string(), z.unknown(), { error: 'must be an object' })
    .refine((data) => !isDeeperThan(data, dataLevelsMax), {
      error: `must not be nested deeper than ${dataLevelsMax} levels`,
    })
    .nullish(),
})

export type GenericItem = z.output<typeof genericItem>

/** A type's own part of the event: everything but times, parties and identity. */
export type TypedData = {
  needsContact: boolean
  messageId: string
  told: Pick<ParsedEvent, 'kind' | 'role'> & Partial<ParsedEvent>
  /** `channel` left out: the channel the event came through. */
  consent?: Omit<ConsentFact, 'channel'> & { channel?: Channel }
}

type TypedSchema = z.ZodType<TypedData>

const text = z.string({ error: 'must be a text' }).max(textCharactersMax).transform(wellFormed)
const messageFields = { text: text.nullish(), messageId: id.nullish() }

/** Our own send id, with or without its prefix. */
const sendId = id.transform((value) => (value.startsWith('send:') ? value : `send:${value}`))

const received = z.object(messageFields).transform(
  (data): TypedData => ({
    needsContact: true,
    messageId: data.messageId ?? '',
    told: { kind: 'message.received', role: 'customer', text: data.text ?? '' },
  }),
)

const sent = z
  .object({
    ...messageFields,
    role: z.enum(['human', 'bot', 'campaign'], { error: 'must be human or bot' }).nullish(),
    sendId: sendId.nullish(),
  })
  .transform((data, context): TypedData => {
    const role = data.sendId ? 'campaign' : data.role
    // No default: a bot taken for a human would falsify the response times.
    if (!role) context.addIssue({ code: 'custom', path: ['role'], message: 'must be human or bot' })
    return {
      needsContact: true,
      messageId: data.messageId ?? '',
      told: {
        kind: 'message.sent',
        role: role ?? 'bot',
        text: data.text ?? '',
        refs: data.sendId ? [data.sendId] : [],
      },
    }
  })

function receipt(kind: 'delivery' | 'read', role: 'system' | 'customer'): TypedSchema {
  return z
    .object({
      messageId: id.nullish(),
      sendId: sendId.nullish(),
      watermark: z.unknown().optional().transform(readTime),
    })
    .transform((data, context): TypedData => {
      const refs = [data.messageId, data.sendId].filter((ref) => typeof ref === 'string')
      if (refs.length === 0 && data.watermark === null) {
        context.addIssue('messageId, sendId or watermark is required')
      }
      return {
        // A watermark speaks of everything sent to one person; an id speaks for itself.
        needsContact: refs.length === 0,
        messageId: '',
        told: { kind, role, refs, watermarkAt: data.watermark ?? 0 },
      }
    })
}

/** The column holds 14 digits before the point and 4 behind it; anything else would be rounded without a word. */
const total = z
  .union([z.string(), z.number()], { error: 'must be a decimal number' })
  .transform((value) => String(value).trim())
  .pipe(
    z.string().regex(/^\d{1,14}(\.\d{1,4})?$/, { error: 'must be a decimal of at most 14 and 4 digits, not negative' }),
  )

const knownCurrencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
const currency = z
  .string({ error: 'must be an ISO 4217 code such as EUR' })
  .transform((value) => value.trim().toUpperCase())
  .refine((value) => knownCurrencies.has(value), { error: 'must be an ISO 4217 code such as EUR' })

function order(kind: 'order.created' | 'order.paid' | 'order.refunded'): TypedSchema {
  return z.object({ orderId: id, total, currency }).transform(
    (data): TypedData => ({
      needsContact: true,
      messageId: '',
      told: {
        kind,
        role: kind === 'order.refunded' ? 'system' : 'customer',
        orderId: data.orderId,
        money: { amount: data.total, currency: data.currency },
      },
    }),
  )
}

const topic = z
  .string({ error: 'is required' })
  .min(1, { error: 'is required' })
  .max(nameCharactersMax)
  .regex(printable)
  .transform(wellFormed)
const consentFields = {
  channel: z.enum(conversationChannels, { error: `must be one of ${conversationChannels.join(', ')}` }).nullish(),
  wording: z.string().max(2_000).transform(wellFormed).nullish(),
}

const granted = z
  .object({
    ...consentFields,
    topic: topic.refine((value) => value !== '*', { error: 'must name one topic; * is only for revocations' }),
  })
  .transform((data) => consentOf('granted', data))

const revoked = z
  .object({ ...consentFields, topic: topic.default('*') })
  .transform((data) => consentOf('revoked', data))

function consentOf(
  action: 'granted' | 'revoked',
  data: { channel?: Channel | null | undefined; topic: string; wording?: string | null | undefined },
): TypedData {
  const { channel, topic, wording } = data
  return {
    needsContact: true,
    messageId: '',
    told: { kind: `consent.${action}`, role: 'customer' },
    consent: { action, topic, wording: wording ?? '', ...(channel && { channel }) },
  }
}

function plain(told: TypedData['told'], needsContact: boolean): TypedSchema {
  return z.record(z.string(), z.unknown()).transform((): TypedData => ({ needsContact, messageId: '', told }))
}

const schemas: ReadonlyMap<string, TypedSchema> = new Map<string, TypedSchema>([
  ['message.received', received],
  ['message.sent', sent],
  ['message.delivered', receipt('delivery', 'system')],
  ['message.read', receipt('read', 'customer')],
  ['order.created', order('order.created')],
  ['order.paid', order('order.paid')],
  ['order.refunded', order('order.refunded')],
  ['consent.granted', granted],
  ['consent.revoked', revoked],
  ['conversation.closed', plain({ kind: 'conversation.closed', role: 'system' }, true)],
])

/** The schema of a type; any name that is not ours is the tenant's own event. */
export function schemaOf(type: string): TypedSchema {
  return schemas.get(type) ?? plain({ kind: 'custom', name: wellFormed(type), role: 'system' }, false)
}

/** The first thing wrong, as `path: what it must be`. */
export function messageOf(error: z.ZodError, under?: string): string {
  const issue = error.issues[0]
  const path = [...(under ? [under] : []), ...(issue?.path ?? [])].map(String).join('.')
  const message = issue?.message ?? 'is not valid'
  return path ? `${path}: ${message}` : message
}
