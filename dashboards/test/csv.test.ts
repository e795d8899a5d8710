import { describe, expect, it } from 'vitest'
import { toCsv } from '../src/lib/csv.ts'

const lines = (csv: string) => csv.replace('\ufeff', '').trimEnd().split('\r\n')

describe('CSV', () => {
  it('never hands a spreadsheet a formula', () => {
    const rows = ['=1+1', '+33612345678', '-2', '@sum', '\tx', 'plain'].map((name) => [name])
    expect(lines(toCsv(['name'], rows))).toEqual(['name', "'=1+1", "'+33612345678", "'-2", "'@sum", "'\tx", 'plain'])
  })

  it('quotes what would break a line or a cell, and leaves numbers alone', () => {
    expect(lines(toCsv(['a', 'b', 'c'], [['x,"y"', -3.5, null]]))[1]).toBe('"x,""y""",-3.5,')
    expect(toCsv(['a'], [['one\ntwo']])).toBe('\ufeffa\r\n"one\ntwo"\r\n')
  })
})
