/** `set param_a = …, param_b = …`: bound values for the statements that follow on the same connection. */
export function setParams(params: Record<string, unknown>): string {
  const assignments = Object.entries(params).map(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new TypeError(`Not a parameter name: ${name}`)
    return `param_${name} = ${literal(paramText(value))}`
  })
  return `set ${assignments.join(', ')}`
}

/** The text the engine parses as the declared type, in the same form as over HTTP (`param_name=…`). */
function paramText(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'string') return escaped(value)
  return nestedText(value)
}

function nestedText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return `'${escaped(value)}'`
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(nestedText).join(',')}]`
  throw new TypeError('A query parameter must be a text, number, boolean, null, or an array of these.')
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

function escaped(text: string): string {
  return text.replaceAll(/[\\'\n\r\t\0]/g, (character) => escapes[character] ?? character)
}

/**
 * A text as a literal made of letters, digits, a few harmless signs and `\\xHH` only. No other character of a value
 * appears in the statement as itself, so none can end the literal.
 */
function literal(text: string): string {
  if (/^[A-Za-z0-9 _.:,-]*$/.test(text)) return `'${text}'`
  let out = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte)
    out += /[A-Za-z0-9 _.:,-]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return `'${out}'`
}
