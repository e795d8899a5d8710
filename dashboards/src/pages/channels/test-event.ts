type Target = { channel: string; callbackPath: string }
export type TestWords = { text: string; person: string }

/** Signing needs the browser's own cryptography, which it offers on https and localhost only. */
export const canSign = typeof window !== 'undefined' && window.isSecureContext

/**
 * Sends one signed event to the account's own address, as a sender would: a message in a sandbox, and for a webhook an
 * event of a kind of its own that moves no figure. Gives the status of the answer.
 *
 * @throws TypeError when the address cannot be reached
 */
export async function sendTestEvent(account: Target, secret: string, words: TestWords): Promise<number> {
  const body = JSON.stringify(
    account.channel === 'SANDBOX'
      ? {
          type: 'message.received',
          contact: { externalId: 'test-customer', displayName: words.person },
          data: { text: words.text },
        }
      : { type: 'test.event', data: { text: words.text } },
  )
  const id = `test_${crypto.randomUUID()}`
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = await sign(secret, `${id}.${timestamp}.${body}`)
  const response = await fetch(account.callbackPath, {
    method: 'POST',
    credentials: 'omit',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  })
  return response.status
}

/** Standard Webhooks: HMAC-SHA256 with the decoded secret, in base64. */
async function sign(secret: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (character) => character.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signed = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(signed)))
}
