import { Button } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { useCommon } from '../i18n/use-text.ts'
import { Icon } from './icons.tsx'
import style from './toast.module.css'

export type Toast = {
  text: string
  /** offered as "Undo" for as long as the toast stays */
  undo?: () => void
  /** failures stay until closed */
  tone?: 'done' | 'failed'
}

const stayMs = 6_000
const ToastContext = createContext<(toast: Toast) => void>(() => undefined)

/** Says that something was done (or not), at the bottom of the screen. `const toast = useToast(); toast({ text, undo })` */
export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext)
}

export function ToastProvider(props: { children: ReactNode }) {
  const t = useCommon()
  const [shown, setShown] = useState<Toast | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const close = useCallback(() => {
    clearTimeout(timer.current)
    setShown(null)
  }, [])
  const show = useCallback((toast: Toast) => {
    clearTimeout(timer.current)
    setShown(toast)
    if (toast.tone !== 'failed') timer.current = setTimeout(() => setShown(null), stayMs)
  }, [])
  const value = useMemo(() => show, [show])
  return (
    <ToastContext.Provider value={value}>
      {props.children}
      <div className={style.place} role="status" aria-live="polite">
        {shown === null ? null : (
          <div className={style.toast} data-tone={shown.tone ?? 'done'}>
            <Icon name={shown.tone === 'failed' ? 'warn' : 'check'} size={18} />
            <span>{shown.text}</span>
            {shown.undo === undefined ? null : (
              <Button
                size="compact-sm"
                variant="transparent"
                className={style.undo}
                onClick={() => {
                  shown.undo?.()
                  close()
                }}
              >
                {t.common.undo}
              </Button>
            )}
            <button type="button" className={style.close} onClick={close} aria-label={t.common.close}>
              <Icon name="close" size={16} />
            </button>
          </div>
        )}
      </div>
    </ToastContext.Provider>
  )
}
