/** Errors of the WhatsApp Cloud API as data: decided by code alone. Sheet: protocols.md §8.6. */
import type { ErrorVerdict } from './meta-errors.ts'

const rows: readonly (readonly [codes: string, ...verdict: [ErrorVerdict['class'], ErrorVerdict['scope']]])[] = [
  ['1 2 131000 131016 133016 131053 131057', 'retry', 'message'],
  ['4', 'slow_down', 'app'],
  ['80007 130429', 'slow_down', 'account'],
  ['131056', 'slow_down', 'recipient'],
  ['131048 131031 368 131042 130497', 'abuse', 'account'],
  // Too many offers from everybody, experiments and people who cannot be reached just now: nothing to do but wait.
  ['131049 130472 131026 131021 131030', 'too_soon', 'recipient'],
  ['131050', 'opted_out', 'recipient'],
  ['131047', 'window_closed', 'recipient'],
  ['131062 100 33 131005 131008 131009 131037 131045 131051 131052', 'bad_request', 'message'],
  [
    '132000 132001 132005 132007 132008 132012 132015 132016 132018 132068 132069 135000 137000',
    'bad_request',
    'message',
  ],
  ['0 3 10 190', 'token', 'account'],
]

const table: ReadonlyMap<string, ErrorVerdict> = new Map(
  rows.flatMap(([codes, errorClass, scope]) =>
    codes.split(' ').map((code): [string, ErrorVerdict] => [code, { class: errorClass, scope }]),
  ),
)

/** The person said stop to the platform, not to us: the same wish (protocols.md §8.4). */
export const stoppedByPersonCode = '131050'

/** What an error means. An unknown code is permanent for its message and stays visible as `unrecognised`. */
export function classifyWhatsappError(code: string): ErrorVerdict {
  if (/^2\d\d$/.test(code)) return { class: 'token', scope: 'account' }
  return table.get(code) ?? { class: 'unrecognised', scope: 'message' }
}
