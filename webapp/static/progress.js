// Looks by itself how far a piece of work is; without it a link does.
const PAUSE = 2000

setTimeout(look, PAUSE)

async function look () {
  const shown = document.querySelector('[data-progress]')
  if (!shown) return
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page.querySelector('[data-progress]')
      if (!fresh) return location.reload()
      if (fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML
    }
  } catch {
    // The network may be away for a moment; the next look will tell.
  }
  setTimeout(look, PAUSE)
}
