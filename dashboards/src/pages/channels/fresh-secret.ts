import { useEffect, useState } from 'react'

/** Secrets made a moment ago, on their way from the form to the account's page. They live in this tab's memory alone. */
const fresh = new Map<string, string>()

export function rememberSecret(accountId: string, secret: string): void {
  fresh.set(accountId, secret)
}

/** The secret that was made for this account just now, until its page is left; null for every other visit. */
export function useFreshSecret(accountId: string): [string | null, (secret: string) => void] {
  const [secret, setSecret] = useState(() => fresh.get(accountId) ?? null)
  useEffect(
    () => () => {
      fresh.delete(accountId)
    },
    [accountId],
  )
  return [secret, setSecret]
}
