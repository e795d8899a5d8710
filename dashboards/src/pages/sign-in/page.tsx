import { Button, TextInput } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { sendSignInLink } from '../../api/auth.ts'
import { isApiError } from '../../api/errors.ts'
import { LanguageSwitch } from '../../frame/language-switch.tsx'
import { useText } from '../../i18n/use-text.ts'
import { Mark } from '../../ui/icons.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import style from './sign-in.module.css'
import { signInText } from './text.ts'

/** One field, one button. The link that comes by mail leads back to where the person wanted to go. */
export function SignInPage() {
  const t = useText(signInText)
  const [sentTo, setSentTo] = useState<string | null>(null)
  useEffect(() => {
    document.title = `${t.title} · Fidelio`
  }, [t.title])
  return (
    <div className={style.page}>
      <header className={style.top}>
        <span className={style.brand}>
          <Mark size={28} />
          Fidelio
        </span>
        <LanguageSwitch />
      </header>
      <main className={style.main} id="content">
        {sentTo === null ? <Ask onSent={setSentTo} /> : <Sent email={sentTo} onAgain={() => setSentTo(null)} />}
      </main>
    </div>
  )
}

function Ask(props: { onSent: (email: string) => void }) {
  const t = useText(signInText)
  const say = useErrorSentence()
  const search = useSearch({ from: '/sign-in' })
  const [email, setEmail] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(search.error === undefined ? null : t.linkFailed)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await sendSignInLink(email.trim(), search.next ?? '/overview')
      props.onSent(email.trim())
    } catch (error) {
      if (isApiError(error, 'RATE_LIMITED')) setProblem(t.limited)
      else setProblem(isApiError(error, 'VALIDATION') ? t.invalid : say(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} className={style.form}>
      <h1>{t.title}</h1>
      <p className={style.promise}>{t.promise}</p>
      {search.state === 'signed-out' && problem === null ? (
        <p className={style.note} role="status">
          {t.signedOut}
        </p>
      ) : null}
      {problem === null ? null : (
        <p className={style.problem} role="alert">
          {problem}
        </p>
      )}
      <TextInput
        type="email"
        name="email"
        label={t.email}
        autoComplete="email"
        size="md"
        required
        withAsterisk={false}
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Button type="submit" size="md" fullWidth loading={busy}>
        {t.send}
      </Button>
      <p className="secondary">{t.noPassword}</p>
    </form>
  )
}

function Sent(props: { email: string; onAgain: () => void }) {
  const t = useText(signInText)
  return (
    <div className={style.form} role="status">
      <h1>{t.sentTitle}</h1>
      <p className={style.promise}>{t.sent(props.email)}</p>
      <p className="secondary">{t.sentConsole}</p>
      <div>
        <Button variant="default" onClick={props.onAgain}>
          {t.again}
        </Button>
      </div>
    </div>
  )
}
