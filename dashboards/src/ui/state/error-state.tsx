import { Button } from '@mantine/core'
import { ApiError } from '../../api/errors.ts'
import { useCommon } from '../../i18n/use-text.ts'
import style from './state.module.css'

/** What happened, what was kept, what to do, and the reference to pass on. */
export function ErrorState(props: { error: unknown; onRetry?: () => void; compact?: boolean }) {
  const t = useCommon()
  const error = props.error instanceof ApiError ? props.error : new ApiError('INTERNAL', String(props.error))
  const lost = error.code === 'INTERNAL' || error.code === 'UNAVAILABLE' || error.code === 'UNREACHABLE'
  return (
    <div className={style.error} data-compact={props.compact ?? false} role="alert">
      <p className={style.title}>{t.error.title}</p>
      <p className={style.text}>
        {t.error[error.code]}
        {error.code === 'VALIDATION' ? ` ${error.message}` : ''}
        {lost ? ` ${t.error.kept}` : ''}
      </p>
      <div className={style.action}>
        {props.onRetry === undefined ? null : (
          <Button variant="default" onClick={props.onRetry}>
            {t.error.retry}
          </Button>
        )}
        {error.reference === null ? null : (
          <code className={style.reference}>{t.error.reference(error.reference)}</code>
        )}
      </div>
    </div>
  )
}

/** The same sentence for a toast or a form: short, with the reference. */
export function useErrorSentence(): (error: unknown) => string {
  const t = useCommon()
  return (error) => {
    if (!(error instanceof ApiError)) return t.error.INTERNAL
    const sentence = error.code === 'VALIDATION' || error.code === 'CONFLICT' ? error.message : t.error[error.code]
    return error.reference === null ? sentence : `${sentence} (${t.error.reference(error.reference)})`
  }
}
