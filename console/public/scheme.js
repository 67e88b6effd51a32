// Runs before the first paint so that the page never flashes the wrong colours and says its language from the start; a
// separate file because of the CSP.
;(() => {
  let wanted = 'auto'
  try {
    wanted = localStorage.getItem('mantine-color-scheme-value') || 'auto'
    if (localStorage.getItem('relevo.language') === 'en') document.documentElement.lang = 'en'
  } catch {
    wanted = 'auto'
  }
  const dark = wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
