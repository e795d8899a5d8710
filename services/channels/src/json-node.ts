/** Walking a body with the provider's own text of every part at hand. */
import { elementSpans, memberSpan, parseJson, type Span } from './json.ts'

/** A value and where its text stands in the body. */
export type Node = { value: unknown; span: Span }

/** The whole body; null when it is not JSON. */
export function rootNode(text: string): Node | null {
  try {
    return { value: parseJson(text), span: { start: 0, end: text.length } }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** A member's value; null when the node is no object or has no such key. */
export function memberNode(text: string, parent: Node, key: string): Node | null {
  const { value } = parent
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return null
  const span = memberSpan(text, parent.span.start, key)
  return span && { value: (value as Record<string, unknown>)[key], span }
}

/** The elements of an array; none when the node is something else. */
export function elementNodes(text: string, array: Node | null): Node[] {
  if (!array || !Array.isArray(array.value)) return []
  const { value } = array
  return elementSpans(text, array.span.start).map((span, index) => ({ value: value[index], span }))
}

export function nodeText(text: string, { span }: Node): string {
  return text.slice(span.start, span.end)
}
