import { useNavigate } from '@tanstack/react-router'
import { useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import {
  ConnectAccountDocument,
  type ConnectAccountInput,
  ConnectMetaAppDocument,
  type ConnectMetaAppInput,
} from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import { rememberSecret } from './fresh-secret.ts'
import { guideText } from './guide-text.ts'

/** Connects an account, its Meta app first where one is given, and goes on to the account's page. */
export function useConnect() {
  const t = useText(guideText)
  const toast = useToast()
  const say = useErrorSentence()
  const navigate = useNavigate()
  const businessId = useBusiness().id
  const connectApp = useTell(ConnectMetaAppDocument)
  const connect = useTell(ConnectAccountDocument)
  const run = async (account: ConnectAccountInput, app?: ConnectMetaAppInput): Promise<void> => {
    try {
      const made = app === undefined ? null : await connectApp.mutateAsync({ input: { businessId, ...app } })
      const metaAppId = made?.connectMetaApp.id ?? account.metaAppId ?? null
      const { connectAccount } = await connect.mutateAsync({ input: { businessId, ...account, metaAppId } })
      if (connectAccount.secret !== null) rememberSecret(connectAccount.account.id, connectAccount.secret)
      toast({ text: t.connected(connectAccount.account.name) })
      const id = bareId(connectAccount.account.id)
      await navigate({ to: '/channels/$id', params: { id } })
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return { run, busy: connect.isPending || connectApp.isPending }
}
