/**
 * The sandbox channel: a messaging channel without a provider, for demos and for trying campaigns out. What comes in is
 * the generic body (generic-events.ts); what goes out is handed to an injected network of simulated customers.
 */
import { callFailure } from './http.ts'
import type { SendOutcome } from './send-outcome.ts'

/** Longer texts are refused as on Messenger, so that a campaign tried out here also fits there. */
export const sandboxTextCharactersMax = 2_000

export type SandboxMessage = { accountExternalId: string; recipient: string; text: string; sendId: string }

/** Where sandbox messages arrive. A second delivery of one `sendId` must be the first one again. */
export type SandboxNetwork = { deliver(message: SandboxMessage): Promise<{ messageId: string }> }

export async function sendSandbox(message: SandboxMessage, network: SandboxNetwork): Promise<SendOutcome> {
  if (message.text.length === 0 || message.text.length > sandboxTextCharactersMax) {
    return { outcome: 'rejected', class: 'bad_request', scope: 'message', code: null, subcode: null, traceId: '' }
  }
  try {
    const { messageId } = await network.deliver(message)
    return { outcome: 'accepted', messageId }
  } catch (error) {
    const { neverLeft, reason } = callFailure(error)
    return neverLeft ? { outcome: 'notSent', reason } : { outcome: 'unknown', reason }
  }
}
