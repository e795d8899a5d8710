import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../api/auth.ts'
import { useCommon } from '../i18n/use-text.ts'
import { useErrorSentence } from '../ui/state/error-state.tsx'
import { useToast } from '../ui/toast.tsx'

/** Ends the session and forgets what was loaded; should that fail, the person stays and is told. */
export function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  const say = useErrorSentence()
  return () => {
    signOut()
      .then(() => {
        client.clear()
        return navigate({ to: '/sign-in', search: { state: 'signed-out' } })
      })
      .catch((error: unknown) => toast({ text: say(error), tone: 'failed' }))
  }
}

export function SignOutButton() {
  const t = useCommon()
  return (
    <Button variant="default" onClick={useSignOut()}>
      {t.frame.signOut}
    </Button>
  )
}
