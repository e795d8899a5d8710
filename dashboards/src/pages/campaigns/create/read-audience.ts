export type AudienceRules = {
  wroteWithinDays?: number
  orderedWithinDays?: number
  minOrders?: number
  notOrderedWithinDays?: number
}

/** The rules stored with a campaign; the API hands them over as plain JSON. */
export function readAudience(audience: unknown): AudienceRules {
  if (typeof audience !== 'object' || audience === null) return {}
  const rules: AudienceRules = {}
  const given = audience as Record<string, unknown>
  for (const name of ['wroteWithinDays', 'orderedWithinDays', 'minOrders', 'notOrderedWithinDays'] as const) {
    const value = given[name]
    if (typeof value === 'number') rules[name] = value
  }
  return rules
}
