import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import { usePageSearch } from '../../frame/use-frame.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { CampaignDraftDocument, CampaignPlacesDocument, type CampaignPlacesQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { PageSkeleton } from '../../ui/state/skeletons.tsx'
import { Builder } from './create/builder.tsx'
import { emptyForm, type Form, formOf, readCreateSearch } from './create/form.ts'
import { createText } from './create/text.ts'

export type Places = CampaignPlacesQuery['business']

/** Making a campaign in four steps: who, what, when, check. A draft is kept by the server and named in the address. */
export function NewCampaignPage() {
  const t = useText(createText)
  const business = useBusiness()
  const mayWrite = useCan('campaign.write')
  const [search] = usePageSearch(readCreateSearch)
  // Named at the start only: saving a new draft puts its id into the address and must not load it over what is typed.
  const [draftId] = useState(search.draft)
  const places = useAsk(CampaignPlacesDocument, { business: business.id })
  const draft = useAsk(
    CampaignDraftDocument,
    { business: business.id, id: draftId ?? '' },
    { enabled: draftId !== undefined },
  )
  if (!mayWrite) return <Stop title={t.forbidden} text={t.forbiddenText} />
  const failed = places.error ?? draft.error
  if (failed !== null && (places.data === undefined || (draftId !== undefined && draft.data === undefined))) {
    return <ErrorState error={failed} onRetry={() => void Promise.all([places.refetch(), draft.refetch()])} />
  }
  if (places.data === undefined || (draftId !== undefined && draft.data === undefined)) return <PageSkeleton />
  const accounts = places.data.business.accounts.filter((account) => account.channel !== 'WEBHOOK')
  if (accounts.length === 0) return <NoAccount />
  const plan = draft.data?.business.campaign
  if (plan !== undefined && plan.status !== 'DRAFT') {
    return (
      <Stop
        title={t.notDraft}
        text={t.notDraftText}
        action={
          <Link to="/campaigns/$id" params={{ id: draftId ?? '' }}>
            {t.openIt}
          </Link>
        }
      />
    )
  }
  const start =
    plan === undefined ? firstForm(places.data.business, business.timeZone) : formOf(plan, business.timeZone)
  return <Builder places={{ ...places.data.business, accounts }} start={start} />
}

/** The account with most opt-ins and its largest topic: what a first campaign is nearly always about. */
function firstForm(places: Places, timeZone: string): Form {
  const form = emptyForm(timeZone)
  const largest = places.topics.toSorted((a, b) => b.optedIn - a.optedIn)
  for (const topic of largest) {
    const account = places.accounts.find((each) => each.channel === topic.channel)
    if (account !== undefined && account.channel !== 'WEBHOOK') {
      return { ...form, accountId: account.id, topic: topic.topic }
    }
  }
  return { ...form, accountId: places.accounts.find((each) => each.channel !== 'WEBHOOK')?.id ?? '' }
}

function Stop(props: { title: string; text: string; action?: ReactNode }) {
  const t = useText(createText)
  return (
    <>
      <PageHeader title={t.title} />
      <EmptyState {...props} />
    </>
  )
}

function NoAccount() {
  const t = useText(createText)
  return (
    <Stop
      title={t.noAccount}
      text={t.noAccountText}
      action={
        <Button component={Link} to="/channels/connect">
          {t.noAccountAction}
        </Button>
      }
    />
  )
}
