// Offers names that are known already while somebody types; any other name may be typed too.
for (const input of document.querySelectorAll('[data-names]')) {
  const list = document.createElement('datalist')
  list.id = `${input.id}-names`
  input.after(list)
  input.setAttribute('list', list.id)
  let latest = 0
  input.addEventListener('input', async () => {
    const mine = ++latest
    const text = input.value.trim()
    if (text.length < 2) return
    const answer = await fetch(`${input.dataset.names}?q=${encodeURIComponent(text)}`).catch(() => null)
    const found = answer && answer.ok ? await answer.json() : []
    if (mine !== latest) return
    list.replaceChildren(...found.map(one => {
      const option = document.createElement('option')
      option.value = one.name || one
      if (one.organisation) option.label = `${one.name}, ${one.organisation}`
      return option
    }))
  })
}
