/** What a person chose in this browser. The address bar wins over it; see frame/search.ts. */
export type PreferenceKey = 'theme' | 'lang' | 'business' | 'density'

/** The kept choice, or null when there is none or storage is forbidden. */
export function readPreference(key: PreferenceKey): string | null {
  try {
    return localStorage.getItem(`fidelio.${key}`)
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

/** Keeps a choice; where storage is forbidden it lasts as long as the page. */
export function writePreference(key: PreferenceKey, value: string): void {
  try {
    localStorage.setItem(`fidelio.${key}`, value)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}
