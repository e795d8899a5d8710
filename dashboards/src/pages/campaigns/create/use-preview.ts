import { useDebouncedValue } from '@mantine/hooks'
import { useAsk } from '../../../api/hooks.ts'
import { useBusiness } from '../../../frame/viewer.ts'
import { AudiencePreviewDocument, type AudiencePreviewQuery } from '../../../generated/graphql.ts'
import { useLanguage } from '../../../i18n/use-text.ts'
import { audienceOf, type Form, scheduledAt } from './form.ts'

export type Preview = AudiencePreviewQuery['business']['audiencePreview']

const settleMs = 400

/** Who would get it, asked again a moment after the last change. */
export function usePreview(form: Form) {
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const at = scheduledAt(form, business.timeZone)?.at ?? null
  const wanted = JSON.stringify({
    ...audienceOf(form),
    // Windows are judged as they will stand then; a moment that has passed is judged now.
    ...(at === null || at.getTime() < Date.now() ? {} : { at: at.toISOString() }),
  })
  const [settled] = useDebouncedValue(wanted, settleMs)
  const audience = JSON.parse(settled) as ReturnType<typeof audienceOf>
  const asked = useAsk(
    AudiencePreviewDocument,
    { business: business.id, input: audience, locale },
    { enabled: form.accountId !== '' && form.topic !== '' },
  )
  return {
    asked,
    preview: asked.data?.business.audiencePreview,
    /** what the preview was asked with */
    audience,
    /** what is shown answers an older question */
    stale: settled !== wanted || asked.isPlaceholderData,
  }
}
