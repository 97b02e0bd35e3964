// Sessions of the draft agenda, drawn to scale, to be dragged and stretched by mouse or pen.
// Everything done here can be done by the links and buttons on each session too.
const PER_MINUTE = 2
const STEP = 5
const SHORT = 25
// So near the edge of the window the page rolls on under what is dragged, by so many pixels at a time.
const EDGE = 60
const ROLL = 12
// A day without hours and sessions is drawn from 9am to 5pm, so that there is something to drop a session on.
const NOTHING_YET = [540, 1020]
const wide = window.matchMedia('(min-width: 62em)')

start()
keep()

function start () {
  const board = document.querySelector('#board[data-drag]')
  if (!board || !wide.matches) return
  for (const day of board.querySelectorAll('.wm-board')) draw(day)
  board.addEventListener('pointerdown', take)
  board.addEventListener('dragstart', event => event.preventDefault())
}

// “Earlier” and “Later” leave the focus on the one that was pressed, ready for the next press, or on what somebody
// who was quicker than the answer has gone on to meanwhile.
function keep () {
  const nudge = document.getElementById('nudge')
  if (!nudge) return
  nudge.addEventListener('submit', event => {
    const pressed = event.submitter
    if (!pressed || !pressed.name) return
    event.preventDefault()
    const values = new URLSearchParams(new FormData(nudge))
    values.append(pressed.name, pressed.value)
    exchange(nudge.action, values, focused => {
      const fresh = drawnAnew(focused) || drawnAnew(pressed)
      if (fresh) fresh.focus({ preventScroll: true })
    })
  })
}

// A button or link of the page that was, in the page that came.
function drawnAnew (control) {
  const controls = [...document.querySelectorAll(`#main-content ${control.localName}`)]
  if (control.localName === 'button') return controls.find(one => one.name === control.name && one.value === control.value)
  return control.localName === 'a' && controls.find(one => one.href === control.href)
}

// Lays the sessions of a day out by time; those whose time is not known stay as they are.
function draw (day) {
  const cards = [...day.querySelectorAll('[data-session]')].filter(card => card.dataset.starts)
  let begins = Math.min(Number(day.dataset.from || 1440), ...cards.map(card => Number(card.dataset.starts)))
  let ends = Math.max(Number(day.dataset.to || 0), ...cards.map(card => Number(card.dataset.ends)))
  if (begins >= ends) [begins, ends] = NOTHING_YET
  const streams = day.dataset.columns ? day.dataset.columns.split(' ') : []
  const names = day.dataset.names ? day.dataset.names.split('\n') : []
  const from = Math.floor(begins / 30) * 30
  const to = Math.ceil(ends / 30) * 30
  const canvas = document.createElement('div')
  canvas.className = 'wm-canvas'
  canvas.style.height = `${(to - from) * PER_MINUTE}px`
  canvas.dataset.from = from
  canvas.dataset.to = to
  canvas.dataset.streams = streams.join(' ')
  const head = document.createElement('div')
  head.className = 'wm-canvas__head'
  head.setAttribute('aria-hidden', 'true')
  const width = 100 / Math.max(streams.length, 1)
  for (const [place, name] of names.entries()) {
    const title = document.createElement('span')
    title.textContent = name
    title.style.left = `${place * width}%`
    title.style.width = `${width}%`
    head.append(title)
  }
  for (let minute = from; minute <= to; minute += 30) {
    const line = document.createElement('div')
    line.className = 'wm-canvas__line'
    line.style.top = `${(minute - from) * PER_MINUTE}px`
    line.textContent = clock(minute)
    line.setAttribute('aria-hidden', 'true')
    canvas.append(line)
  }
  const list = document.createElement('ul')
  list.className = 'wm-canvas__list'
  for (const card of cards) {
    list.append(card)
    put(card, canvas, Number(card.dataset.starts), Number(card.dataset.ends), card.dataset.stream)
    const grip = document.createElement('span')
    grip.className = 'wm-grip'
    grip.setAttribute('aria-hidden', 'true')
    // At the end of its time, where it stays while the box grows below it to what it says.
    grip.style.top = `${parseFloat(card.style.height) - 8}px`
    card.append(grip)
  }
  canvas.append(list)
  for (const row of day.querySelectorAll('.wm-row')) if (!row.querySelector('[data-session]')) row.remove()
  if (names.length) day.prepend(head, canvas)
  else day.prepend(canvas)
  beside(list)
}

function put (card, canvas, starts, ends, stream) {
  const streams = canvas.dataset.streams.split(' ').filter(Boolean)
  const place = streams.indexOf(stream)
  const width = 100 / Math.max(streams.length, 1)
  card.style.position = 'absolute'
  card.style.top = `${(starts - Number(canvas.dataset.from)) * PER_MINUTE}px`
  card.style.height = `${Math.max((ends - starts) * PER_MINUTE - 2, 26)}px`
  // While the mouse is over it a box grows to what it says, and never shrinks from under the mouse.
  card.style.minHeight = card.style.height
  // The place in the grid says when it is, where there is no room for a second line.
  card.classList.toggle('wm-draft--short', ends - starts < SHORT)
  card.style.left = place < 0 ? '0' : `${place * width}%`
  card.style.width = place < 0 ? '100%' : `calc(${width}% - 4px)`
}

// Sessions that are at one time in one column share its width.
function beside (list) {
  // Read once, in order: a page of a thousand sessions would compare a million pairs.
  const spans = [...list.children].map((card, place) => ({
    card, place, stream: card.dataset.stream, starts: Number(card.dataset.starts), ends: Number(card.dataset.ends), same: []
  }))
  const running = new Map()
  for (const span of [...spans].sort((one, other) => one.starts - other.starts)) {
    const others = (running.get(span.stream) || []).filter(other => other.ends > span.starts)
    for (const other of others) {
      other.same.push(span.place)
      span.same.push(other.place)
    }
    running.set(span.stream, [...others, span])
  }
  for (const { card, place, same } of spans) {
    if (!same.length) continue
    const share = parseFloat(card.style.width.replace('calc(', '')) / (same.length + 1)
    card.style.left = `${parseFloat(card.style.left) + share * same.filter(other => other < place).length}%`
    card.style.width = `calc(${share}% - 4px)`
  }
}

// As the cards say it.
function clock (minute) {
  if (minute % 1440 === 0) return 'midnight'
  if (minute === 720) return 'midday'
  const hour = Math.floor(minute / 60)
  const rest = minute % 60 ? `:${String(minute % 60).padStart(2, '0')}` : ''
  return `${(hour + 11) % 12 + 1}${rest}${hour < 12 ? 'am' : 'pm'}`
}

function take (event) {
  const card = event.target.closest('[data-session]')
  if (!card || event.button !== 0 || event.pointerType === 'touch' || event.target.closest('button, .wm-draft__actions')) return
  if (card.classList.contains('wm-session--cancelled')) return
  event.preventDefault()
  const stretching = event.target.classList.contains('wm-grip')
  const box = card.getBoundingClientRect()
  const grabbed = { x: event.clientX - box.left, y: event.clientY - box.top }
  const pressed = { x: event.clientX, y: event.clientY, scrolled: window.scrollY }
  const length = Number(card.dataset.ends) - Number(card.dataset.starts) || Number(card.dataset.minutes)
  const ghost = document.createElement('div')
  ghost.className = 'wm-ghost'
  let target = null
  // A press without a move is a click, on the title as anywhere else.
  let dragging = false
  let last = event
  let rolling = 0
  const roll = () => {
    const by = last.clientY < EDGE ? -ROLL : last.clientY > window.innerHeight - EDGE ? ROLL : 0
    const before = window.scrollY
    // At once: the page may be set to scroll smoothly.
    if (by) window.scrollBy({ top: by, behavior: 'instant' })
    if (window.scrollY !== before) move(last)
    rolling = window.requestAnimationFrame(roll)
  }
  const move = now => {
    last = now
    if (!dragging && Math.hypot(now.clientX - pressed.x, now.clientY - pressed.y) < 5) return
    if (!dragging) rolling = window.requestAnimationFrame(roll)
    dragging = true
    card.classList.add('wm-draft--held')
    target = stretching ? stretched(card, now.clientY - pressed.y + window.scrollY - pressed.scrolled) : aimed(now, grabbed, length)
    if (!target) { ghost.remove(); return }
    target.canvas.append(ghost)
    put(ghost, target.canvas, target.starts, target.ends, target.stream)
    ghost.textContent = `${clock(target.starts)} to ${clock(target.ends)}`
  }
  const done = now => {
    window.cancelAnimationFrame(rolling)
    document.removeEventListener('pointermove', move)
    document.removeEventListener('pointerup', done)
    document.removeEventListener('pointercancel', stop)
    document.removeEventListener('keydown', escape)
    ghost.remove()
    card.classList.remove('wm-draft--held')
    if (dragging && now) document.addEventListener('click', swallow, { capture: true, once: true })
    window.setTimeout(() => document.removeEventListener('click', swallow, { capture: true }))
    if (target && now && changed(card, target)) send(card, target)
  }
  const stop = () => { target = null; done(null) }
  const escape = key => { if (key.key === 'Escape') stop() }
  document.addEventListener('pointermove', move)
  document.addEventListener('pointerup', done)
  document.addEventListener('pointercancel', stop)
  document.addEventListener('keydown', escape)
}

// Where a session would stand if it were let go of here; nothing while it is over no day.
function aimed (event, grabbed, length) {
  for (const canvas of document.querySelectorAll('.wm-canvas')) {
    const box = canvas.getBoundingClientRect()
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) continue
    const streams = canvas.dataset.streams.split(' ').filter(Boolean)
    const place = Math.min(Math.floor((event.clientX - box.left) / box.width * streams.length), streams.length - 1)
    const from = Number(canvas.dataset.from)
    const starts = from + Math.round((event.clientY - grabbed.y - box.top) / PER_MINUTE / STEP) * STEP
    const fitted = Math.max(0, Math.min(starts, 1439 - length))
    return { canvas, starts: fitted, ends: fitted + length, stream: streams[place] || '' }
  }
  return null
}

// By how much the mouse has moved counts, not where the edge is drawn: a box grows while the mouse is over it.
function stretched (card, moved) {
  const starts = Number(card.dataset.starts)
  const at = Number(card.dataset.ends) + Math.round(moved / PER_MINUTE / STEP) * STEP
  const ends = Math.min(Math.max(at, starts + STEP), 1439)
  return { canvas: card.closest('.wm-canvas'), starts, ends, stream: card.dataset.stream, same: true }
}

function swallow (event) {
  event.preventDefault()
  event.stopPropagation()
}

function changed (card, target) {
  const day = target.canvas.closest('[data-day]').dataset.day
  const from = card.closest('[data-day]')
  const own = target.same ? card.dataset.stream : streamFor(card, target)
  return !from || from.dataset.day !== day || Number(card.dataset.starts) !== target.starts ||
    Number(card.dataset.ends) !== target.ends || own !== card.dataset.stream
}

// What is for all streams stays so wherever it is let go of; only its time and day change.
function streamFor (card, target) {
  return card.dataset.stream || !card.closest('[data-day]') ? target.stream : ''
}

function send (card, target) {
  const values = new URLSearchParams({
    csrf_token: document.querySelector('#nudge [name=csrf_token]').value,
    session: card.dataset.session,
    version: card.dataset.version,
    day: target.canvas.closest('[data-day]').dataset.day,
    starts: `${String(Math.floor(target.starts / 60)).padStart(2, '0')}:${String(target.starts % 60).padStart(2, '0')}`,
    minutes: target.ends - target.starts,
    stream: target.same ? card.dataset.stream : streamFor(card, target),
    room: card.dataset.room
  })
  exchange(document.getElementById('board').dataset.address, values, () => {})
}

// Sends a change, and puts the page that comes in the place of this one; then `after` is done with what had the focus,
// unless it was refused.
async function exchange (address, values, after) {
  const board = document.getElementById('board')
  board.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(address, { method: 'POST', body: values })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = page.querySelector('#main-content')
    if (!fresh || !page.querySelector('#board')) throw new Error('another page came')
    const top = window.scrollY
    const focused = document.activeElement
    document.title = page.title
    document.querySelector('#main-content').replaceWith(fresh)
    start()
    keep()
    window.scrollTo(0, top)
    const problem = document.querySelector('.govuk-error-summary')
    if (problem) {
      problem.tabIndex = -1
      problem.focus()
    } else after(focused)
  } catch {
    window.location.reload()
  }
}
