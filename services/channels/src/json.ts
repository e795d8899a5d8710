/**
 * JSON from outside, without losing digits, and with the provider's own text of every element.
 *
 * `JSON.parse` rounds integers above 2^53, and ids of that size arrive as numbers (protocols.md §0, §11). The whole text
 * is therefore looked over once: without a long number token plain `JSON.parse` is right and fast; with one, exactly the
 * tokens it would round are read as strings.
 */

/** A stretch of a text: `text.slice(start, end)`. */
export type Span = { start: number; end: number }

/** A number token of 16 characters or more outside a string. A hit inside a string only costs the slower way. */
const longNumber = /(?:^|[:,[\s-])\d[\d.]{15}/
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/**
 * Parses JSON. A number whose digits a double cannot hold becomes a string with the same digits; every other value is
 * what `JSON.parse` gives. Throws a SyntaxError on text that is not JSON.
 */
export function parseJson(text: string): unknown {
  const plain: unknown = JSON.parse(text)
  return longNumber.test(text) ? JSON.parse(quoteLongNumbers(text)) : plain
}

/** Puts quotation marks around the number tokens that a double would change. Expects text that is valid JSON. */
function quoteLongNumbers(text: string): string {
  let out = ''
  let copiedTo = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
    } else if (code === minus || isDigit(code)) {
      numberToken.lastIndex = at
      const token = numberToken.exec(text)?.[0] ?? text[at] ?? ''
      if (losesDigits(token)) {
        out += `${text.slice(copiedTo, at)}"${token}"`
        copiedTo = at + token.length
      }
      at += token.length
    } else {
      at++
    }
  }
  return out + text.slice(copiedTo)
}

function losesDigits(token: string): boolean {
  if (token.length < 16 || /[eE]/.test(token)) return false
  if (!token.includes('.')) return !Number.isSafeInteger(Number(token))
  return token.replace(/[-.]/g, '').replace(/^0+/, '').length > 15
}

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const comma = 0x2c

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** The spans of the elements of the array that starts at `start`. Empty when no array starts there. Valid JSON only. */
export function elementSpans(text: string, start: number): Span[] {
  const first = skipSpace(text, start)
  const spans: Span[] = []
  if (text.charCodeAt(first) !== openBracket) return spans
  let at = skipSpace(text, first + 1)
  while (at < text.length && text.charCodeAt(at) !== closeBracket) {
    const end = endOfValue(text, at)
    spans.push({ start: at, end })
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1)
  }
  return spans
}

/**
 * The span of a member's value in the object that starts at `start`; null when the object has no such key. Of repeated
 * keys the last one counts, as in `JSON.parse`. Valid JSON only.
 */
export function memberSpan(text: string, start: number, key: string): Span | null {
  const first = skipSpace(text, start)
  if (text.charCodeAt(first) !== openBrace) return null
  let found: Span | null = null
  let at = skipSpace(text, first + 1)
  while (at < text.length && text.charCodeAt(at) !== closeBrace) {
    const keyEnd = endOfString(text, at)
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = endOfValue(text, valueStart)
    if (isKey(text, at, keyEnd, key)) found = { start: valueStart, end }
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1)
  }
  return found
}

function isKey(text: string, start: number, end: number, key: string): boolean {
  if (end - start === key.length + 2 && text.startsWith(key, start + 1)) return true
  const written = text.slice(start, end)
  // A key may be written with escapes; only then does it have to be read.
  return written.includes('\\') && JSON.parse(written) === key
}

function skipSpace(text: string, start: number): number {
  let at = start
  let code = text.charCodeAt(at)
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++at)
  return at
}

/** Position after the string that starts at `start`. Always moves forward, so that no text can make a caller stand still. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes++
    if (backslashes % 2 === 0) return end + 1
    end = text.indexOf('"', end + 1)
  }
  return text.length
}

function endOfValue(text: string, start: number): number {
  const code = text.charCodeAt(start)
  if (code === quote) return endOfString(text, start)
  if (code === openBrace || code === openBracket) return endOfContainer(text, start)
  let at = start + 1
  while (at < text.length && isScalarPart(text.charCodeAt(at))) at++
  return at
}

function isScalarPart(code: number): boolean {
  return code > 0x20 && code !== comma && code !== closeBrace && code !== closeBracket
}

function endOfContainer(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      continue
    }
    at++
    if (code === openBrace || code === openBracket) depth++
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return at
  }
  return text.length
}

/** The same JSON value always as the same text: keys sorted, no spaces. For identities made from content. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
