// Saves a form while it is typed in; without it the button does. What others saved meanwhile comes back with the answer.
const PAUSE = 2500
const MOST_KEPT_ALIVE = 60000
const form = document.querySelector('form[data-autosave]')
const status = document.querySelector('[data-autosave-status]')
let unsaved = false
let saving = false
let timer
// What the server holds by the names of the fields; not known where the page shows again what it refused.
let held

if (form && status) {
  if (form.dataset.autosave === 'all') {
    unsaved = true
    plan()
  } else {
    const asCame = form.cloneNode(true)
    asCame.reset()
    held = new FormData(asCame)
  }
  form.addEventListener('input', () => {
    unsaved = true
    plan()
  })
  form.addEventListener('submit', () => {
    unsaved = false
    clearTimeout(timer)
  })
  // The button sends the whole form, and says what of it is new.
  form.addEventListener('formdata', ({ formData }) => {
    if (held) formData.set('changed', changed(held, formData).join(' '))
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && unsaved) save()
  })
  window.addEventListener('beforeunload', (event) => {
    if (unsaved) event.preventDefault()
  })
}

function plan () {
  clearTimeout(timer)
  timer = setTimeout(save, PAUSE)
}

async function save () {
  if (saving) return plan()
  clearTimeout(timer)
  saving = true
  unsaved = false
  const sent = new FormData(form)
  const body = new URLSearchParams(sent).toString()
  try {
    // Where the form's own address would publish what is typed, another one keeps it.
    const answer = await fetch(form.dataset.autosaveTo || form.action, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      // It goes on though the page is left, where browsers allow that.
      keepalive: body.length < MOST_KEPT_ALIVE
    })
    if (answer.redirected || !(answer.headers.get('Content-Type') || '').includes('json')) {
      throw new Error('Not saved: you may be signed out. Sign in in another tab, then press the button here.')
    }
    const told = await answer.json()
    if (!answer.ok) throw new Error(`Not saved: ${told.problem}`)
    held = sent
    if (told.opened) take(told, sent)
    if (told.as_opened) form.elements.as_opened.value = told.as_opened
    document.querySelector('[data-unsaved]')?.remove()
    say(told.saved)
  } catch (problem) {
    unsaved = true
    say(problem instanceof TypeError ? 'Not saved: there is no connection. It is tried again as you type.' : problem.message)
  }
  saving = false
}

function changed (before, after) {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter(name => before.getAll(name).join('\n') !== after.getAll(name).join('\n'))
}

function take (told, sent) {
  const opened = JSON.parse(told.opened)
  const before = JSON.parse(sent.get('opened'))
  let version = told.version
  for (const [name, text] of Object.entries(told.fields)) {
    const field = form.elements[name]
    if (field.value.replace(/\r\n/g, '\n') === sent.get(name).replace(/\r\n/g, '\n')) {
      field.value = text
    } else {
      // Typed into meanwhile: the next saving sets both beside each other, so nobody's words are lost.
      opened[name] = before[name]
      version = 0
    }
  }
  form.elements.version.value = version
  form.elements.unfinished.value = told.unfinished
  form.elements.opened.value = JSON.stringify(opened)
}

function say (text) {
  if (status.textContent !== text) status.textContent = text
}
