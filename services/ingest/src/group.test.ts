import { describe, expect, it } from 'vitest'
import { createGroup } from './group.ts'

/** Items below zero are content the store refuses; `down` stands for a store that is away. */
function groupOf(state: { down: boolean; rounds: number[][] }) {
  return createGroup<number, string>({
    itemsPerRoundMax: 100,
    itemsWaitingMax: 1000,
    run: async (items) => {
      state.rounds.push(items)
      await Promise.resolve()
      if (state.down) throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
      if (items.some((item) => item < 0)) throw Object.assign(new Error('unreadable'), { code: '22P05' })
      return items.map(String)
    },
  })
}

describe('a round that fails', () => {
  it('costs only the caller whose content was refused', async () => {
    const state = { down: false, rounds: [] as number[][] }
    const group = groupOf(state)
    const answers = await Promise.allSettled([group.add([1]), group.add([2, 3]), group.add([-1]), group.add([4])])
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(answers[1]).toMatchObject({ value: ['2', '3'] })
  })

  it('is not repeated caller by caller while the store is away', async () => {
    const state = { down: true, rounds: [] as number[][] }
    const group = groupOf(state)
    const answers = await Promise.allSettled([group.add([1]), group.add([2]), group.add([3])])
    expect(answers.every((answer) => answer.status === 'rejected')).toBe(true)
    expect(state.rounds.flat()).toHaveLength(3)
  })
})
