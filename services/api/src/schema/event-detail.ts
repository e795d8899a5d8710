/** One short line about an event beyond its text: what was pressed, which emoji, which order. */
import type { StoredEvent } from '@fidelio/db/queries/types.ts'
import { z } from 'zod'

const word = z.string().optional().catch(undefined)

const extras = z
  .object({
    payload: z.string(),
    title: z.string(),
    emoji: z.string(),
    reaction: z.string(),
    topic: z.string(),
    source: z.string(),
    attachments: z.array(z.unknown()),
    // Other kinds may mean something else by these words: what does not fit is left out.
    score: word,
    code: word,
    reason: word,
    questions: z.array(z.string()).optional().catch(undefined),
    products: z
      .array(z.object({ name: word, retailerId: word, quantity: z.coerce.string().optional().catch(undefined) }))
      .optional()
      .catch(undefined),
  })
  .partial()

const charactersMax = 200

type Told = Pick<StoredEvent, 'kind' | 'name' | 'text' | 'orderId' | 'data'>

export function detailOf(event: Told): string {
  return describe(event).slice(0, charactersMax)
}

function describe(event: Told): string {
  if (event.orderId !== '') return event.orderId
  const parsed = extras.safeParse(readObject(event.data))
  const data = parsed.success ? parsed.data : {}
  const own = ownDetails[event.kind]
  if (own) return own(data, event)
  if (event.name !== '') return event.name
  const { title, payload, emoji, reaction, topic, source, attachments } = data
  return title ?? payload ?? emoji ?? reaction ?? topic ?? source ?? attachmentsText(attachments)
}

type Extras = z.infer<typeof extras>

/** Kinds whose `name` says what they are (the screens have words for it), so that the line is about something else. */
const ownDetails: Readonly<Record<string, (data: Extras, event: Told) => string>> = {
  feedback: ({ score }, { text }) => [score, text].filter(Boolean).join(' · '),
  cart: ({ products }, { text }) => productsText(products) || text,
  coupon: ({ code }) => code ?? '',
  form: ({ questions }) => (questions ?? []).join(', '),
  click: ({ title }) => title ?? '',
  comment: (_data, { text }) => text,
  mention: (_data, { text }) => text,
  handover: () => '',
  custom: () => '',
  'account.changed': ({ reason }) => reason ?? '',
  'identity.linked': () => '',
  'identity.unlinked': () => '',
  'identity.changed': () => '',
}

function productsText(products: Extras['products']): string {
  return (products ?? [])
    .map(({ name, retailerId, quantity }) => [quantity, name || retailerId].filter(Boolean).join(' × '))
    .filter(Boolean)
    .join(', ')
}

function attachmentsText(attachments: readonly unknown[] | undefined): string {
  const types = (attachments ?? []).map((attachment) => {
    if (typeof attachment === 'string') return attachment
    const typed = z.object({ type: z.string() }).safeParse(attachment)
    return typed.success ? typed.data.type : 'attachment'
  })
  return types.join(', ')
}

/** `data` is written by ingest as a JSON object, '' when there is nothing. */
function readObject(text: string): unknown {
  return text === '' ? {} : JSON.parse(text)
}
