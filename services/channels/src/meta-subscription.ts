/** Whether Meta still sends a Page's events to our app: `GET /{page-id}/subscribed_apps`. Sheet: protocols.md §1.4. */
import { type HttpClient, type HttpResponse, undiciHttp } from './http.ts'
import { parseJson } from './json.ts'
import { appSecretProof } from './meta-signature.ts'
import { idText, isObject, objectAt } from './wire.ts'

/**
 * `missing`: Meta answered, and our app is not among the subscribed ones (after an hour of failed deliveries Meta ends the
 * subscription by itself). `unavailable`: no answer that says either.
 */
export type SubscriptionOutcome = 'subscribed' | 'missing' | 'token_broken' | 'unavailable'

export type SubscriptionQuestion = {
  /** With version: `https://graph.facebook.com/v25.0`. */
  graphBaseUrl: string
  pageId: string
  /** Meta's id of our app. */
  appId: string
  accessToken: string
  appSecret?: string
}

/** "Access token has expired or was revoked." A missing permission says nothing about sending. */
const tokenErrorCode = '190'

/** Asks once, and never throws for what the network or the provider does. */
export async function checkSubscription(
  question: SubscriptionQuestion,
  http: HttpClient = undiciHttp,
  timeoutMs = 10_000,
): Promise<SubscriptionOutcome> {
  const { graphBaseUrl, pageId, appId, accessToken, appSecret } = question
  const query = new URLSearchParams({ access_token: accessToken })
  if (appSecret) query.set('appsecret_proof', appSecretProof(accessToken, appSecret))
  const url = `${graphBaseUrl.replace(/\/+$/, '')}/${encodeURIComponent(pageId)}/subscribed_apps?${query}`
  const response = await http({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    body: '',
    timeoutMs,
  }).catch(
    () => null, // No answer is one of the outcomes.
  )
  return response === null ? 'unavailable' : outcomeOf(response, appId)
}

function outcomeOf({ status, text }: HttpResponse, appId: string): SubscriptionOutcome {
  const body = bodyOf(text)
  if (!isObject(body)) return 'unavailable'
  if (isObject(body.error))
    return idText(objectAt(body, 'error').code) === tokenErrorCode ? 'token_broken' : 'unavailable'
  if (status < 200 || status > 299 || !Array.isArray(body.data)) return 'unavailable'
  return body.data.some((app) => isObject(app) && idText(app.id) === appId) ? 'subscribed' : 'missing'
}

function bodyOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
