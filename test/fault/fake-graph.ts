/**
 * A Send API that counts. It keeps every message it accepted per person, and can fail in the ways that make senders
 * double: after accepting (reset, silence, 500) and before (reset, 429, refusals).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type GraphFault =
  | 'reset_after_accept'
  | 'silence_after_accept'
  | 'error_500_after_accept'
  | 'reset_before_accept'
  | 'throttle'
  | { code: number; subcode?: number }

export type AcceptedMessage = { recipient: string; mid: string; text: string; metadata: string; pageId: string }

export interface FakeGraph extends AsyncDisposable {
  baseUrl: string
  /** Messages accepted, in order, whatever the sender heard of them. */
  accepted: AcceptedMessage[]
  /** The largest number of messages one person got. */
  mostPerPerson(): number
  /** Decides the fate of a call; null: it simply works. */
  fault: (recipient: string, call: number) => GraphFault | null
  /** Calls made so far, accepted or not. */
  calls(): number
}

export async function startFakeGraph(): Promise<FakeGraph> {
  const accepted: AcceptedMessage[] = []
  let calls = 0
  const graph: Pick<FakeGraph, 'fault'> = { fault: () => null }
  const server = createServer((request, response) => {
    readMessage(request).then(
      (message) => answer(response, message),
      () => response.destroy(),
    )
  })
  const answer = (response: ServerResponse, message: Omit<AcceptedMessage, 'mid'>) => {
    const fault = graph.fault(message.recipient, ++calls)
    if (fault === 'reset_before_accept') return response.destroy()
    if (fault === 'throttle')
      return json(response, 400, { error: { code: 613, error_data: { remaining_seconds: 30 } } })
    if (typeof fault === 'object' && fault !== null)
      return json(response, 400, { error: { code: fault.code, error_subcode: fault.subcode } })
    const mid = `m_${accepted.length + 1}`
    accepted.push({ ...message, mid })
    if (fault === 'reset_after_accept') return response.destroy()
    if (fault === 'error_500_after_accept') return json(response, 500, { error: { code: 2, is_transient: true } })
    // Silence: the sender's own time limit ends the call.
    if (fault === 'silence_after_accept') return undefined
    return json(response, 200, { recipient_id: message.recipient, message_id: mid })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(graph, {
    baseUrl: `http://127.0.0.1:${port}/v25.0`,
    accepted,
    calls: () => calls,
    mostPerPerson() {
      const counts = new Map<string, number>()
      for (const { recipient } of accepted) counts.set(recipient, (counts.get(recipient) ?? 0) + 1)
      return Math.max(0, ...counts.values())
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function readMessage(request: IncomingMessage): Promise<Omit<AcceptedMessage, 'mid'>> {
  let text = ''
  for await (const chunk of request) text += chunk
  const body = JSON.parse(text) as { recipient: { id: string }; message: { text: string; metadata: string } }
  const pageId = request.url?.split('/')[2] ?? ''
  return { recipient: body.recipient.id, text: body.message.text, metadata: body.message.metadata, pageId }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
