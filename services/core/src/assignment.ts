/**
 * Who is kept back as control (measures.md §9): a keyed hash of (campaign, contact), so that the answer is the same
 * whoever asks, whenever, on whichever replica, and nobody outside can predict or choose it.
 */
import { createHmac } from 'node:crypto'

export type Arm = 'treatment' | 'holdout'

export type AssignmentInput = {
  /** Secret of this campaign, made when it is created and kept with it. Without a key of its own, the same people would be held back every time. */
  key: string | Uint8Array
  campaignId: string
  contactId: number | string
}

/** Kept back by default: one in ten (measures.md §9). */
export const holdoutShareDefault = 0.1

const two53 = 2 ** 53

/**
 * The contact's draw in this campaign, uniform on [0, 1): the first 53 bits of HMAC-SHA256(key, `campaignId:contactId`),
 * read as a big-endian integer, over 2^53. Never changes for the same input: sends already made depend on it.
 */
export function assignmentDraw({ key, campaignId, contactId }: AssignmentInput): number {
  const digest = createHmac('sha256', key).update(`${campaignId}:${contactId}`, 'utf8').digest()
  const high = digest.readUInt32BE(0)
  const low = digest.readUInt32BE(4) >>> 11
  return (high * 2 ** 21 + low) / two53
}

/**
 * The arm of a contact who passed every gate: holdout when the draw is below `holdoutShare`, so that a larger share only
 * ever moves people from treatment to holdout. 0 holds nobody back, 1 everybody; other values throw a RangeError.
 */
export function assignArm(input: AssignmentInput, holdoutShare: number = holdoutShareDefault): Arm {
  if (!(holdoutShare >= 0 && holdoutShare <= 1)) throw new RangeError(`not a share: ${holdoutShare}`)
  return assignmentDraw(input) < holdoutShare ? 'holdout' : 'treatment'
}
