/**
 * Meta's other two addresses: somebody took the app's rights away, or wants their data deleted. Only what the callback
 * proves is done. Its id is scoped to the app and names the person who connected Pages: which of our accounts that
 * person connected is not known, so none is switched off (a token that has ended shows at its next use), and people who
 * wrote to a Page are found only if their business told us the tie. Sheets: protocols.md §10, features.md fact 7.
 */
import { verifySignedRequest } from '@fidelio/channels/meta-signed-request.ts'
import {
  type CallbackKind,
  type DeletionStatus,
  readDeletionStatus,
  recordMetaCallback,
} from '@fidelio/db/records/meta-callbacks.ts'
import type { IngestContext } from './context.ts'
import { within } from './deadline.ts'
import type { IngestOutcome } from './outcome.ts'
import { nilAccountId, rowIdentity } from './row.ts'

export type MetaCallbackRequest = { kind: CallbackKind; rawBody: Buffer }

/** Recorded: the code under which the state of the request can be read. */
export type MetaCallbackOutcome = { status: 200; code: string } | (IngestOutcome & { status: 401 | 503 })

export async function acceptMetaCallback(
  context: IngestContext,
  { kind, rawBody }: MetaCallbackRequest,
): Promise<MetaCallbackOutcome> {
  context.metrics.counted('requests', 1)
  const text = new URLSearchParams(rawBody.toString('utf8')).get('signed_request') ?? ''
  try {
    for (const app of await context.routing.metaApps()) {
      const request = verifySignedRequest(text, app.secrets)
      if (!request.ok) continue
      const recording = record(context, { kind, metaAppId: app.id, ...request })
      const recorded = await within(recording, context.limits.stateSecondsMax)
      if (recorded) return { status: 200, code: recorded.code }
    }
  } catch (error) {
    context.log.error({ error: String(error) }, 'A callback of Meta could not be recorded: it comes back')
    context.metrics.dropped('stores_unavailable', 1)
    return { status: 503, body: 'Try again later', retryAfterSeconds: context.limits.retryAfterSeconds }
  }
  context.metrics.dropped(text === '' ? 'signature_missing' : 'signature_wrong', 1)
  return { status: 401, body: 'The signature is not valid' }
}

function record(
  context: IngestContext,
  asked: { kind: CallbackKind; metaAppId: string; userId: string; issuedAt: number | null },
) {
  const { kind, metaAppId, userId, issuedAt } = asked
  const callback = {
    id: rowIdentity(nilAccountId, metaAppId, `${kind}:${userId}`),
    metaAppId,
    kind,
    userId,
    issuedAt: issuedAt === null ? null : new Date(issuedAt),
    at: context.clock.now(),
  }
  return context.worker.tx((sql) => recordMetaCallback(sql, callback))
}

/** Null: no such request. */
export function deletionStatus(context: IngestContext, code: string): Promise<DeletionStatus | null> {
  return context.worker.tx((sql) => readDeletionStatus(sql, code))
}
