import { csrfHeaders } from './client.ts'
import { ApiError } from './errors.ts'

/**
 * Asks for a sign-in link. The answer is the same whether or not the address is known, so that nobody can find out
 * who has an account.
 *
 * @throws ApiError RATE_LIMITED, VALIDATION or UNREACHABLE
 */
export async function sendSignInLink(email: string, callbackURL: string): Promise<void> {
  await callAuth('/api/auth/sign-in/magic-link', {
    email,
    callbackURL,
    errorCallbackURL: '/sign-in',
  })
}

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  await callAuth('/api/auth/sign-out', {})
}

async function callAuth(path: string, body: unknown): Promise<void> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: csrfHeaders,
      // The server asks browsers to keep addresses to themselves (no-referrer), and Chromium then leaves out `Origin`
      // too; without it the sign-in library takes the request for another site's.
      referrerPolicy: 'same-origin',
      body: JSON.stringify(body),
    })
  } catch (error) {
    throw new ApiError('UNREACHABLE', error instanceof Error ? error.message : 'The server could not be reached.')
  }
  if (response.ok) return
  const reference = response.headers.get('x-request-id')
  if (response.status === 429) throw new ApiError('RATE_LIMITED', 'Too many requests.', { reference })
  if (response.status >= 500)
    throw new ApiError('UNAVAILABLE', `The server answered ${response.status}.`, { reference })
  throw new ApiError('VALIDATION', `The server answered ${response.status}.`, { reference })
}
