import { useCommon } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'

export function CampaignsPage() {
  const t = useCommon()
  return <PageHeader title={t.nav.campaigns} />
}
