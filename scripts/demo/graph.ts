import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the product asked the pretend Graph to send. */
export type GraphMessage = { pageId: string; psid: string; text: string; sendId: string; messageId: string }

/**
 * A pretend Graph API on loopback: the demo's Pages send here, so nothing ever leaves the machine. It speaks the one
 * call the product makes, `POST /{page}/messages` (protocols.md §3).
 */
export async function startGraph(onMessage: (message: GraphMessage) => void): Promise<{ url: string; server: Server }> {
  let count = 0
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const pageId = /\/(\d+)\/messages/.exec(req.url ?? '')?.[1]
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
        recipient?: { id?: string }
        message?: { text?: string; metadata?: string }
      }
      const psid = body.recipient?.id
      res.setHeader('content-type', 'application/json')
      if (req.method !== 'POST' || !pageId || !psid) {
        res.statusCode = 400
        res.end(JSON.stringify({ error: { message: 'Unsupported request', type: 'OAuthException', code: 100 } }))
        return
      }
      count += 1
      const messageId = `m_graph${Date.now().toString(36)}${count}`
      onMessage({
        pageId,
        psid,
        text: body.message?.text ?? '',
        sendId: (body.message?.metadata ?? '').replace(/^send:/, ''),
        messageId,
      })
      res.end(JSON.stringify({ recipient_id: psid, message_id: messageId }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v25.0`, server }
}
