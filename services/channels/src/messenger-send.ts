/** One text message through the Send API. Sheets: protocols.md §3, §5, §6; reliability.md §7. */
import { callFailure, type HttpClient, type HttpResponse, undiciHttp } from './http.ts'
import { parseJson } from './json.ts'
import { sendMetadataPrefix } from './messenger-message.ts'
import { classifyError } from './meta-errors.ts'
import { appSecretProof } from './meta-signature.ts'
import type { SendOutcome } from './send-outcome.ts'
import { idText, isObject, type JsonObject, objectAt } from './wire.ts'

/** Longer texts are refused by the Send API (protocols.md §3); counted in UTF-16 units, the stricter reading. */
export const messengerTextCharactersMax = 2_000
/** When a limit names no time of its own: "minutes" (protocols.md §5). */
export const defaultThrottleSeconds = 300
/** A limit never stops an account longer than a day without another look. */
const throttleSecondsMax = 86_400

export type MessengerSend = {
  /** With version: `https://graph.facebook.com/v25.0`. */
  graphBaseUrl: string
  pageId: string
  accessToken: string
  /** Where the app requires proof of its secret. */
  appSecret?: string
  /** Page-scoped id of the person. */
  recipient: string
  text: string
  /** Our id of this send; comes back in the echo as `send:<id>`. */
  sendId: string
  /** `RESPONSE` answers inside the 24-hour window, `UPDATE` is unprompted inside it. */
  messagingType: 'RESPONSE' | 'UPDATE'
}

/** Sends once, never again by itself, and never throws for what the network or the provider does. */
export async function sendMessenger(
  send: MessengerSend,
  http: HttpClient = undiciHttp,
  timeoutMs = 10_000,
): Promise<SendOutcome> {
  if (send.text.length === 0 || send.text.length > messengerTextCharactersMax) {
    return { outcome: 'rejected', class: 'bad_request', scope: 'message', code: null, subcode: null, traceId: '' }
  }
  let response: HttpResponse
  try {
    response = await http({
      url: urlOf(send),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        recipient: { id: send.recipient },
        messaging_type: send.messagingType,
        message: { text: send.text, metadata: `${sendMetadataPrefix}${send.sendId}` },
      }),
      timeoutMs,
    })
  } catch (error) {
    const { neverLeft, reason } = callFailure(error)
    return neverLeft ? { outcome: 'notSent', reason } : { outcome: 'unknown', reason }
  }
  return outcomeOf(response)
}

function urlOf({ graphBaseUrl, pageId, accessToken, appSecret }: MessengerSend): string {
  const query = new URLSearchParams({ access_token: accessToken })
  if (appSecret) query.set('appsecret_proof', appSecretProof(accessToken, appSecret))
  return `${graphBaseUrl.replace(/\/+$/, '')}/${encodeURIComponent(pageId)}/messages?${query}`
}

function outcomeOf(response: HttpResponse): SendOutcome {
  const { status } = response
  const body = bodyOf(response.text)
  // An error beside a 5xx, or a request that timed out on their side, does not prove that nothing was sent.
  if (status >= 500 || status === 408) return { outcome: 'unknown', reason: `http_${status}` }
  const error = body && isObject(body.error) ? body.error : null
  if (status >= 400 || error) return refusal(response, error ?? {})
  const messageId = body ? idText(body.message_id) : ''
  if (status >= 200 && status <= 299 && messageId) return { outcome: 'accepted', messageId }
  return { outcome: 'unknown', reason: status <= 299 ? 'unreadable_answer' : `http_${status}` }
}

function refusal(response: HttpResponse, error: JsonObject): SendOutcome {
  const code = numberOf(error.code)
  const subcode = numberOf(error.error_subcode)
  const verdict = classifyError(response.status, code, subcode)
  // "Temporary trouble" is no promise that the message was not taken: at most once comes first.
  if (verdict.class === 'retry') return { outcome: 'unknown', reason: `code_${code ?? response.status}` }
  if (verdict.class === 'slow_down') {
    const retryAfterSeconds = retryAfterSecondsOf(response, error)
    return { outcome: 'throttled', scope: verdict.scope, retryAfterSeconds, code, subcode }
  }
  return { outcome: 'rejected', ...verdict, code, subcode, traceId: idText(error.fbtrace_id) }
}

function bodyOf(text: string): JsonObject | null {
  try {
    const body = parseJson(text)
    return isObject(body) ? body : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

/** The longest wait anyone names: the usage header (minutes), `Retry-After` (seconds), the error's own data. */
function retryAfterSecondsOf(response: HttpResponse, error: JsonObject): number {
  const retryAfter = numberOf(textHeader(response, 'retry-after')) ?? 0
  const remaining = numberOf(objectAt(error, 'error_data').remaining_seconds) ?? 0
  const named = Math.max(retryAfter, remaining, regainSeconds(response))
  return Math.min(named > 0 ? named : defaultThrottleSeconds, throttleSecondsMax)
}

/** `X-Business-Use-Case-Usage: {"<id>":[{…,"estimated_time_to_regain_access":<minutes>}]}` (protocols.md §6). */
function regainSeconds(response: HttpResponse): number {
  const usage = bodyOf(textHeader(response, 'x-business-use-case-usage') ?? '') ?? {}
  const minutes = Object.values(usage)
    .flatMap((cases) => (Array.isArray(cases) ? cases : []))
    .filter(isObject)
    .map((useCase) => numberOf(useCase.estimated_time_to_regain_access) ?? 0)
  return Math.max(0, ...minutes) * 60
}

function textHeader(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name]
  return typeof value === 'string' ? value : value?.[0]
}
