import { createContext, useContext, useMemo } from 'react'
import { type Catalogue, catalogue, type Language, type Texts, type Wording } from './catalogue.ts'
import { en } from './en.ts'
import { createFormat, type Format } from './format.ts'
import { fr } from './fr.ts'

/** Texts shared between pages; read them with `useCommon()`. */
export const common = catalogue({ en, fr })

export const LanguageContext = createContext<Language>('en')
/** The zone and currency of the business that is looked at; the browser's own before one is known. */
export const PlaceContext = createContext<{ timeZone: string; currency: string }>({ timeZone: 'UTC', currency: 'EUR' })

export function useLanguage(): Language {
  return useContext(LanguageContext)
}

/** A page's texts in the chosen language. */
export function useText<T extends Texts>(texts: Catalogue<T>): Wording<T> {
  return texts[useLanguage()] as Wording<T>
}

export function useCommon(): Wording<typeof en> {
  return useText(common)
}

/** Numbers, durations, money and dates as said in the chosen language, on the business's clock. */
export function useFormat(): Format {
  const language = useLanguage()
  const { timeZone, currency } = useContext(PlaceContext)
  return useMemo(() => createFormat(language, timeZone, currency), [language, timeZone, currency])
}
