/** One short line about an event beyond its text: what was pressed, which emoji, which order. */
import type { StoredEvent } from '@fidelio/db/queries/types.ts'
import { z } from 'zod'

const extras = z
  .object({
    payload: z.string(),
    title: z.string(),
    emoji: z.string(),
    reaction: z.string(),
    topic: z.string(),
    source: z.string(),
    attachments: z.array(z.unknown()),
  })
  .partial()

const charactersMax = 200

export function detailOf(event: Pick<StoredEvent, 'name' | 'orderId' | 'data'>): string {
  return describe(event).slice(0, charactersMax)
}

function describe(event: Pick<StoredEvent, 'name' | 'orderId' | 'data'>): string {
  if (event.orderId !== '') return event.orderId
  if (event.name !== '') return event.name
  const parsed = extras.safeParse(readObject(event.data))
  if (!parsed.success) return ''
  const { title, payload, emoji, reaction, topic, source, attachments } = parsed.data
  return title ?? payload ?? emoji ?? reaction ?? topic ?? source ?? attachmentsText(attachments)
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
