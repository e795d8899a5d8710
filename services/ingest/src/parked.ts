/** An entry of a Page that nobody has connected yet, cut out of its body digit for digit. */
import { elementSpans, memberSpan, parseJson } from '@fidelio/channels/json.ts'
import { idText, isObject } from '@fidelio/channels/wire.ts'
import type { ParkedEvent } from '@fidelio/db/records/parked-events.ts'
import { nilAccountId, rowIdentity } from './row.ts'

/**
 * The part of a body that is about one Page, as a body of its own that can be replayed. Other Pages' entries stay out:
 * they belong to other businesses. A body whose entries name no Page is kept whole.
 */
export function parkedEvent(from: {
  text: string
  pageId: string
  metaAppId: string
  receivedAt: number
}): ParkedEvent {
  const entries = entryTexts(from.text).filter((entry) => pageIdOf(entry) === from.pageId)
  const raw = entries.length === 0 ? from.text : `{"object":"page","entry":[${entries.join(',')}]}`
  return {
    id: rowIdentity(nilAccountId, from.pageId, raw),
    channel: 'messenger',
    externalId: from.pageId,
    metaAppId: from.metaAppId,
    receivedAt: new Date(from.receivedAt),
    raw,
  }
}

function entryTexts(text: string): string[] {
  const bodies = elementSpans(text, 0)
  const starts = bodies.length > 0 ? bodies.map((body) => body.start) : [0]
  return starts.flatMap((start) => {
    const entry = memberSpan(text, start, 'entry')
    return entry ? elementSpans(text, entry.start).map((span) => text.slice(span.start, span.end)) : []
  })
}

function pageIdOf(entryText: string): string {
  const entry = parseJson(entryText)
  return isObject(entry) ? idText(entry.id) : ''
}
