/**
 * Instagram webhooks: body text → events, grouped by professional account. Messages, postbacks and the like are shaped
 * as Messenger's and read by the same code; echoes come on field `messages`, reads name a message instead of a time, and
 * comments arrive as changes, flat on the entry with Instagram Login. Sheet: protocols.md §9.
 */
import type { ParsedEvent } from '@fidelio/core/event.ts'
import { changeKeptRaw } from './messenger.ts'
import { parseElement } from './messenger-events.ts'
import { type Change, type Dialect, parseEnvelope } from './meta-envelope.ts'
import { eventOf, type ParsedBody } from './parsed-event.ts'
import { chooseTime, contentDigest, idText, isObject, type JsonObject, objectAt, readTime, textOf } from './wire.ts'

const instagram: Dialect = { object: 'instagram', channel: 'instagram', element: parseElement, change: changeEvents }

/** Reads the body of an `instagram` webhook. Never throws. `receivedAt` in Unix milliseconds. */
export function parseInstagram(text: string, receivedAt: number): ParsedBody {
  return parseEnvelope(text, receivedAt, instagram)
}

function changeEvents(change: Change): ParsedEvent[] {
  const { field, value } = change
  if (!isObject(value)) return changeKeptRaw(change)
  if (field === 'comments' || field === 'live_comments') return [commentEvent(value, change)]
  if (field === 'mentions') return [mentionEvent(value, change)]
  return changeKeptRaw(change)
}

/**
 * Said in public under a post. Its writer is no person of ours by that alone: that the id given here is the one messages
 * come from is nowhere promised, and linking strangers is worse than linking nobody.
 */
function commentEvent(comment: JsonObject, change: Change): ParsedEvent {
  const id = idText(comment.id)
  const from = objectAt(comment, 'from')
  const own = timeOf(comment)
  const isOwn = idText(from.id) === change.accountId
  const media = objectAt(comment, 'media')
  const refs = [idText(comment.parent_id), idText(media.id)].filter(Boolean)
  return eventOf(publicBase(own, change), {
    kind: 'comment',
    name: change.field,
    role: isOwn ? 'system' : 'customer',
    externalId: id,
    identity: `comment:${id || `${own ?? ''}:${contentDigest(comment)}`}`,
    text: textOf(comment.text),
    refs,
    data: {
      from: { id: idText(from.id), username: textOf(from.username) },
      mediaType: textOf(media.media_product_type),
      ...(isOwn && { own: true }),
    },
  })
}

function mentionEvent(mention: JsonObject, change: Change): ParsedEvent {
  const commentId = idText(mention.comment_id)
  const mediaId = idText(mention.media_id)
  const own = timeOf(mention)
  const named = [mediaId, commentId].filter(Boolean)
  return eventOf(publicBase(own, change), {
    kind: 'mention',
    name: commentId ? 'in_comment' : 'in_post',
    role: 'customer',
    identity: `mention:${named.join(':') || `${own ?? ''}:${contentDigest(mention)}`}`,
    refs: named,
  })
}

function timeOf(value: JsonObject): number | null {
  return readTime(value.timestamp ?? value.created_time)
}

function publicBase(own: number | null, { entryTime, receivedAt, raw }: Change) {
  return { ...chooseTime(own, entryTime, receivedAt), contact: null, raw }
}
