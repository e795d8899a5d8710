// Runs before anything is painted, so that a dark page never flashes white. Keep the keys equal to src/lib/preferences.ts.
;(() => {
  const asked = new URLSearchParams(location.search).get('theme')
  let kept = null
  try {
    kept = localStorage.getItem('fidelio.theme')
  } catch (error) {
    // Storage may be forbidden; then the system decides.
    console.debug(error)
  }
  const clean = (value) => (value ?? '').replaceAll('"', '')
  const choice = clean(asked) || clean(kept)
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
