import { useCommon } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'

export function SettingsPage() {
  const t = useCommon()
  return <PageHeader title={t.nav.settings} />
}
