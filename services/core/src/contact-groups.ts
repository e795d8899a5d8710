/**
 * What makes several contacts one person, as pure rules (features.md 2.2): which identities belong to one person and which
 * many may share, and the grouping that links hold together. The store applies them to rows (db/records/contact-merges).
 */
import type { IdentityRef } from './event.ts'

/**
 * Namespaces that any number of people may share: told beside a stronger identity they are only mentioned. A plugin's
 * `user_ref` and the code of a sign-in are made by the business's own pages; one that is the same for everybody by
 * mistake must not make everybody one person.
 */
const shareable: ReadonlySet<string> = new Set(['email', 'phone', 'user_ref', 'account_link'])

export function isShareable(namespace: string): boolean {
  return shareable.has(namespace)
}

/**
 * An e-mail or phone told beside more different identities of one namespace (of one Page, of one shop) than this links
 * nobody: a family may share a phone and one person may have two accounts; a fourth one makes it an office's.
 */
export const sharedBeyond = 3

/** Which identities of one event belong to its contact, and which may be other people's too. The first is always its own. */
export function sortIdentities(identities: readonly IdentityRef[]): { own: IdentityRef[]; shared: IdentityRef[] } {
  const own = identities.filter((identity) => !isShareable(identity.namespace))
  if (own.length === 0) return { own: identities.slice(0, 1), shared: identities.slice(1) }
  return { own, shared: identities.filter((identity) => isShareable(identity.namespace)) }
}

/** The lowest number of each group that the links make of the contacts, by contact. Links to others are passed over. */
export function groupsOf(
  contactIds: readonly number[],
  links: readonly (readonly [number, number])[],
): Map<number, number> {
  const parent = new Map(contactIds.map((id) => [id, id]))
  const rootOf = (id: number): number => {
    let at = id
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) at = up
    // The whole way points at the root from now on, so that a long chain is walked once.
    for (let step = id; step !== at; ) {
      const next = parent.get(step) ?? at
      parent.set(step, at)
      step = next
    }
    return at
  }
  for (const [a, b] of links) {
    if (!parent.has(a) || !parent.has(b)) continue
    const [x, y] = [rootOf(a), rootOf(b)]
    if (x !== y) parent.set(Math.max(x, y), Math.min(x, y))
  }
  return new Map(contactIds.map((id) => [id, rootOf(id)]))
}
