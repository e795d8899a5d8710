/**
 * A store that hangs must not hold requests: providers wait a few seconds for their answer and come back by themselves.
 * The work itself is not cancelled. When it ends after all, it has done nothing that the next try may not do again.
 */

/** The work has not answered in time; whether it happens is unknown. */
export class Overdue extends Error {
  override name = 'Overdue'
}

/** The result of `work`, or a rejection with `Overdue` after so many seconds. */
export async function within<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Overdue(`no answer within ${seconds} s`)), seconds * 1000)
  })
  try {
    return await Promise.race([work, overdue])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * `run` with a deadline, and refused at once while an earlier call is still hanging: what it holds in memory is bounded
 * by one call, however long the store stays silent.
 */
export function oneHangingAtMost<A, T>(run: (argument: A) => Promise<T>, seconds: number): (argument: A) => Promise<T> {
  let hanging = false
  return async (argument) => {
    if (hanging) throw new Overdue('an earlier call has not been answered yet')
    const work = run(argument)
    try {
      return await within(work, seconds)
    } catch (error) {
      if (error instanceof Overdue) {
        hanging = true
        const settled = () => {
          hanging = false
        }
        work.then(settled, settled)
      }
      throw error
    }
  }
}
