import type { TypedDocumentString } from '../generated/graphql.ts'
import { csrfHeaders, toApiError } from './client.ts'
import { ApiError } from './errors.ts'

type Message<R> = { data?: R | null; errors?: Parameters<typeof toApiError>[0][] }

/**
 * Opens one subscription (GraphQL over server-sent events) and hands on what arrives until the signal aborts.
 * Returns when the server ends the stream; the caller decides whether to open it again.
 *
 * @throws ApiError when the server refuses or the connection breaks
 */
export async function listen<R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
  on: { open: () => void; data: (data: R) => void },
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { ...csrfHeaders, accept: 'text/event-stream' },
    body: JSON.stringify({ query: document.toString(), variables }),
    signal,
  })
  if (!response.ok || response.body === null) {
    throw new ApiError('UNREACHABLE', `The stream was refused with ${response.status}.`)
  }
  on.open()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (rest + value).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) hand(block, on.data)
  }
}

/** One block of the stream: `event: next` carries data, `event: complete` and comments carry none. */
function hand<R>(block: string, onData: (data: R) => void): void {
  const text = block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n')
  if (text === '') return
  const message = JSON.parse(text) as Message<R>
  const first = message.errors?.[0]
  if (first !== undefined && (message.data === null || message.data === undefined)) throw toApiError(first)
  if (message.data !== null && message.data !== undefined) onData(message.data)
}
