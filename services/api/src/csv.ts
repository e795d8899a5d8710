/**
 * Comma-separated lists as spreadsheets write them (RFC 4180): quotes, doubled quotes, line breaks inside quotes, a byte order
 * mark, and the semicolon that French spreadsheets use. A cell that a spreadsheet would run as a formula is not data.
 */

/** `line`: where the row begins in the text, the header being 1. */
export type CsvRow = { line: number; cells: string[] }

/** Null when a quote is never closed: the rest of the text would be one cell. */
export function parseCsv(text: string): CsvRow[] | null {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const firstLine = body.slice(0, body.search(/[\r\n]|$/))
  const separator = firstLine.includes(';') && !firstLine.includes(',') ? ';' : ','
  const rows: CsvRow[] = []
  let cells: string[] = []
  let cell = ''
  let quoted = false
  let line = 1
  let startLine = 1
  const endRow = () => {
    cells.push(cell)
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: startLine, cells })
    cells = []
    cell = ''
  }
  for (let at = 0; at < body.length; at++) {
    const char = body.charAt(at)
    if (char === '\n') line++
    if (quoted) {
      if (char !== '"') cell += char
      else if (body.charAt(at + 1) === '"') {
        cell += '"'
        at++
      } else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === separator) {
      cells.push(cell)
      cell = ''
    } else if (char === '\n') {
      endRow()
      startLine = line
    } else if (char !== '\r') cell += char
  }
  if (quoted) return null
  endRow()
  return rows
}

/** Starts like something a spreadsheet computes; a phone number with its + is none. */
export function isFormula(cell: string): boolean {
  if (/^\+[\d\s().-]{5,}$/.test(cell)) return false
  return /^[=+\-@\t\r]/.test(cell)
}
