import { expect, test } from 'vitest'
import { phoneDigits } from './phone.ts'

test.each([
  ['15551110002', '15551110002'],
  ['+1 (555) 111-0002', '15551110002'],
  ['0033 6.12.34.56.78', '33612345678'],
  [' +33\u202f6\u00a012 34 56 78 ', '33612345678'],
  ['0612345678', '0612345678'],
  ['1234', null],
  ['1234567890123456', null],
  ['+', null],
  ['US.1349', null],
  ['', null],
  ['++15551110002', null],
])('%j is %j', (text, expected) => expect(phoneDigits(text)).toBe(expected))
