export type SignInSearch = {
  /** where to go after signing in: a path of ours */
  next?: string
  state?: 'signed-out'
  /** what the sign-in library says when a link does not work */
  error?: string
}

export function readSignInSearch(raw: Record<string, unknown>): SignInSearch {
  return {
    ...(isOwnPath(raw.next) ? { next: raw.next } : {}),
    ...(raw.state === 'signed-out' ? { state: 'signed-out' as const } : {}),
    ...(typeof raw.error === 'string' && raw.error !== '' ? { error: raw.error } : {}),
  }
}

/** Only paths of this site: a link must not carry people elsewhere. */
function isOwnPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value)
}
