import { useText } from '../../i18n/use-text.ts'
import { campaignsText } from './text.ts'

/** A reason in the language of the screen: the API labels stored reasons in the business's. Unlisted ones keep its label. */
export function useReasonWords(): (reason: { reason: string; label: string }) => string {
  const words: Record<string, string> = useText(campaignsText).notSent
  return ({ reason, label }) => words[reason] ?? label
}
