import { UnstyledButton } from '@mantine/core'
import { useCommon, useLanguage } from '../i18n/use-text.ts'
import { writePreference } from '../lib/preferences.ts'
import style from './frame.module.css'
import { useFrameSearch } from './use-frame.ts'

/** English or French; kept in this browser and in the address. */
export function LanguageSwitch() {
  const t = useCommon()
  const language = useLanguage()
  const [, setSearch] = useFrameSearch()
  const other = language === 'en' ? 'fr' : 'en'
  return (
    <UnstyledButton
      className={`${style.control} ${style.square}`}
      aria-label={`${other.toUpperCase()} · ${t.frame.language}: ${other === 'fr' ? 'Français' : 'English'}`}
      onClick={() => {
        writePreference('lang', other)
        setSearch({ lang: other })
      }}
    >
      {other.toUpperCase()}
    </UnstyledButton>
  )
}
