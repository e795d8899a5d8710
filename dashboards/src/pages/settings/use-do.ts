import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'

/** Runs a change and says how it went. Gives whether it was done. */
export function useDo(): (change: () => Promise<unknown>, done: string) => Promise<boolean> {
  const toast = useToast()
  const say = useErrorSentence()
  return async (change, done) => {
    try {
      await change()
      toast({ text: done })
      return true
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
      return false
    }
  }
}
