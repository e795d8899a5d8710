const largeNumber = /:\s*-?\d{16,}/

/** Indented JSON. With integers beyond 2^53 the text stays as it came, because parsing would change their digits. */
export function pretty(raw: string): string {
  if (largeNumber.test(raw)) return raw
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch (error) {
    if (error instanceof SyntaxError) return raw
    throw error
  }
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
