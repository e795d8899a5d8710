/** What a body says about an account that nobody has connected yet, cut out of it digit for digit. */
import { elementSpans, memberSpan, parseJson, type Span } from '@fidelio/channels/json.ts'
import { accountOfUpdate, type MetaPart, updateKeys } from '@fidelio/channels/meta-objects.ts'
import { isObject } from '@fidelio/channels/wire.ts'
import type { ParkedEvent } from '@fidelio/db/records/parked-events.ts'
import { nilAccountId, rowIdentity } from './row.ts'

/**
 * The part of a body that is about one account, as a body of its own that can be replayed. What is said about other
 * accounts stays out, inside an entry too (WhatsApp mixes the numbers of one entry): they belong to other businesses.
 */
export function parkedEvent(part: MetaPart, externalId: string, metaAppId: string, receivedAt: number): ParkedEvent {
  const { object, channel } = part
  const entries = entryTexts(part.text).flatMap((text) => entryAbout(part, text, externalId) ?? [])
  const raw = `{"object":"${object}","entry":[${entries.join(',')}]}`
  const id = rowIdentity(nilAccountId, externalId, raw)
  return { id, channel, externalId, metaAppId, receivedAt: new Date(receivedAt), raw }
}

function entryTexts(text: string): string[] {
  const bodies = elementSpans(text, 0)
  const starts = bodies.length > 0 ? bodies.map((body) => body.start) : [0]
  return starts.flatMap((start) => {
    const entry = memberSpan(text, start, 'entry')
    return entry ? elementSpans(text, entry.start).map((span) => text.slice(span.start, span.end)) : []
  })
}

/** The entry without the updates of other accounts; null when nothing of it is about this one. */
function entryAbout({ object }: MetaPart, text: string, externalId: string): string | null {
  const entry = parseJson(text)
  if (!isObject(entry)) return null
  let kept = 0
  const cuts: { span: Span; put: string }[] = []
  for (const key of updateKeys) {
    const updates = entry[key]
    const span = memberSpan(text, 0, key)
    if (!Array.isArray(updates) || !span) continue
    const texts = elementSpans(text, span.start).map(({ start, end }) => text.slice(start, end))
    const own = texts.filter((_, index) => accountOfUpdate(object, entry, updates[index], key) === externalId)
    kept += own.length
    if (own.length < texts.length) cuts.push({ span, put: `[${own.join(',')}]` })
  }
  if (typeof entry.field === 'string' && accountOfUpdate(object, entry, entry, 'changes') === externalId) kept++
  if (kept === 0) return null
  // From the back, so that the places in front stay where they are.
  cuts.sort((a, b) => b.span.start - a.span.start)
  return cuts.reduce((cut, { span, put }) => cut.slice(0, span.start) + put + cut.slice(span.end), text)
}
