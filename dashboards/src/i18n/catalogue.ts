/** Texts are strings, functions of what they mention, or lists of them; catalogues may be nested. */
export type Entry = string | ((...args: never[]) => string) | readonly string[]
export type Texts = { readonly [key: string]: Entry | Texts }

/** The same keys and the same arguments, with any wording: a language that forgets one does not compile. */
export type Wording<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Wording<T[K]> }

export type Language = 'en' | 'fr'
export type Catalogue<T extends Texts> = { readonly en: T; readonly fr: Wording<T> }

/**
 * A page's texts in every language. English sets the keys; French must have exactly those.
 *
 * ```ts
 * export const text = catalogue({ en: { title: 'Live' }, fr: { title: 'En direct' } })
 * const t = useText(text)
 * ```
 */
export function catalogue<const T extends Texts>(texts: { en: T; fr: NoInfer<Wording<T>> }): Catalogue<T> {
  return texts as Catalogue<T>
}

/** English takes the plural for everything but one (0 people, 1 person). */
export function pluralEn(count: number, one: string, other: string): string {
  return Math.abs(count) === 1 ? one : other
}

/** French keeps the singular below two (0 personne, 1,5 jour). */
export function pluralFr(count: number, one: string, other: string): string {
  return Math.abs(count) < 2 ? one : other
}
