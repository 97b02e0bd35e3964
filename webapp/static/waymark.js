// Everything here only adds to pages that work without it.
import { initAll } from './vendor/govuk-frontend.min.js'

initAll()

const box = document.querySelector('[data-suggest]')
if (box) suggest(box)

// Suggests names of organisations while somebody types; any other name may be typed too.
async function suggest (box) {
  const input = box.querySelector('input')
  await load('vendor/accessible-autocomplete.min.js')
  const place = document.createElement('div')
  // Whoever typed while this was being fetched goes on typing, and is answered for what stands there already.
  const wasFocused = document.activeElement === input
  const typed = wasFocused && input.value !== input.defaultValue ? input.value : ''
  const described = input.getAttribute('aria-describedby')
  input.replaceWith(place)
  let latest = 0
  window.accessibleAutocomplete({
    element: place,
    id: input.id,
    name: input.name,
    defaultValue: typed ? '' : input.value,
    minLength: 2,
    confirmOnBlur: false,
    displayMenu: 'overlay',
    showNoOptionsFound: false,
    inputClasses: input.className,
    source (text, show) {
      const mine = ++latest
      fetch(`${box.dataset.suggest}?q=${encodeURIComponent(text)}`)
        .then(answer => (answer.ok ? answer.json() : []))
        .then(names => { if (mine === latest) show(names) })
        .catch(() => show([]))
    }
  })
  const made = box.querySelector('input')
  made.autocomplete = 'organization'
  if (wasFocused) made.focus()
  if (typed) {
    made.value = typed
    made.dispatchEvent(new Event('input', { bubbles: true }))
  }
  if (described) made.setAttribute('aria-describedby', `${described} ${made.getAttribute('aria-describedby') || ''}`.trim())
}

function load (path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = new URL(path, import.meta.url)
    script.onload = resolve
    script.onerror = reject
    document.head.append(script)
  })
}
