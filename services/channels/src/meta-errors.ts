/** Errors of the Messenger and Instagram APIs as data: decided by code and subcode, never by text. Sheet: protocols.md §5. */
import type { ErrorClass, ErrorScope } from './send-outcome.ts'

export type ErrorVerdict = { class: ErrorClass; scope: ErrorScope }

type Row = readonly [keys: string, errorClass: ErrorClass, scope: ErrorScope]

/**
 * Keys: `code/subcode`; `code` alone for any other subcode; an asterisk for the code where the sheet names a subcode under no code.
 * A key that names a subcode wins over one that does not.
 */
const rows: readonly Row[] = [
  ['1 2 1200', 'retry', 'message'],
  // The two exceptions of code 1 and the one of code 2 are not the provider's own trouble.
  ['1/99 1/1357046 2/2018344', 'bad_request', 'message'],
  ['4', 'slow_down', 'app'],
  ['17 32 341 613 613/1996 613/2534040 80001 80002 80006 80007 80008', 'slow_down', 'account'],
  ['613/2018338 10/1893063 368', 'abuse', 'account'],
  ['10/2018278 10/2534022 10/2018065', 'window_closed', 'recipient'],
  ['10/1893015 200/1545041 551 551/1545041 10/2018108', 'opted_out', 'recipient'],
  ['100/2018001 100/33', 'no_such_person', 'recipient'],
  ['4/2018354 9/2018352 613/1893016', 'too_soon', 'recipient'],
  ['*/2018300 2018300 100/2534037', 'thread_owned', 'recipient'],
  ['190 102 10 10/2018336 10/1404170', 'token', 'account'],
  ['100 100/2018008 */2018047 */2018074 */2018109 */2018294', 'bad_request', 'message'],
  ['2018047 2018074 2018109 2018294', 'bad_request', 'message'],
  ['100/2018014 */2018164 */2018320 */2018328 2018164 2018320 2018328', 'bad_request', 'message'],
  ['100/2534013 100/2534014 100/2534015 100/2534025 100/2534029', 'bad_request', 'message'],
  ['9000001 */9000001 */2018218 */2018247 */36103 2018218 2018247 36103', 'gone', 'message'],
]

const table: ReadonlyMap<string, ErrorVerdict> = new Map(
  rows.flatMap(([keys, errorClass, scope]) =>
    keys.split(' ').map((key): [string, ErrorVerdict] => [key, { class: errorClass, scope }]),
  ),
)

/**
 * What an error means. `code` and `subcode` null when the body held none; then the HTTP status decides. An unknown code
 * is permanent for its message and stays visible as `unrecognised`.
 */
export function classifyError(httpStatus: number, code: number | null, subcode: number | null): ErrorVerdict {
  const verdict =
    (subcode !== null && (table.get(`${code}/${subcode}`) ?? table.get(`*/${subcode}`))) ||
    (code !== null && (table.get(String(code)) ?? permissionError(code)))
  if (verdict) return verdict
  if (httpStatus === 429) return { class: 'slow_down', scope: 'account' }
  if (httpStatus >= 500) return { class: 'retry', scope: 'message' }
  return { class: 'unrecognised', scope: 'message' }
}

function permissionError(code: number): ErrorVerdict | undefined {
  return code >= 200 && code <= 299 ? { class: 'token', scope: 'account' } : undefined
}
