// Recordings: a video at a provider is loaded once the reader asks for it, and a transcript runs along with its
// recording. Without scripts the film plays by itself, each time leads to its moment, and a video is a link away.
const box = document.querySelector('[data-player]')
const still = window.matchMedia('(prefers-reduced-motion: reduce)')

// What we send to a provider's frame and hear from it, without any script of theirs: seconds go in and out.
const PROVIDERS = {
  youtube: {
    origin: 'https://www.youtube-nocookie.com',
    address: (video, start) => `https://www.youtube-nocookie.com/embed/${encodeURIComponent(video)}?enablejsapi=1` +
      `&playsinline=1&rel=0&start=${Math.floor(start)}&origin=${encodeURIComponent(window.location.origin)}`,
    greetings: [{ event: 'listening', id: 1, channel: 'widget' }],
    seek: (seconds) => [
      { event: 'command', func: 'seekTo', args: [seconds, true], id: 1, channel: 'widget' },
      { event: 'command', func: 'playVideo', args: [], id: 1, channel: 'widget' }
    ],
    play: { event: 'command', func: 'playVideo', args: [], id: 1, channel: 'widget' },
    pause: { event: 'command', func: 'pauseVideo', args: [], id: 1, channel: 'widget' },
    heard: (data) => (data.info && typeof data.info.currentTime === 'number' ? data.info.currentTime : null),
    // 1 is playing, 2 paused, 0 ended; of the others it is in between.
    state: (data) => ({ 0: 'ended', 1: 'playing', 2: 'paused' })[data.info && data.info.playerState]
  },
  vimeo: {
    origin: 'https://player.vimeo.com',
    address: (video, start) => {
      const [id, secret] = video.split('/')
      return `https://player.vimeo.com/video/${encodeURIComponent(id)}?dnt=1` +
        (secret ? `&h=${encodeURIComponent(secret)}` : '') + `#t=${Math.floor(start)}s`
    },
    greetings: ['timeupdate', 'play', 'pause', 'ended'].map((value) => ({ method: 'addEventListener', value })),
    seek: (seconds) => [{ method: 'setCurrentTime', value: seconds }, { method: 'play' }],
    play: { method: 'play' },
    pause: { method: 'pause' },
    heard: (data) => (data.event === 'timeupdate' && data.data ? Number(data.data.seconds) : null),
    state: (data) => ({ ended: 'ended', play: 'playing', pause: 'paused' })[data.event]
  }
}

if (box) start(box)

function start (box) {
  const words = document.getElementById('turns')
  const zero = Number(box.dataset.zero) / 1000
  const lasts = box.dataset.duration ? Number(box.dataset.duration) / 1000 : Infinity
  const film = box.querySelector('[data-film]')
  const asking = box.querySelector('[data-video]')
  // Of a link we learn nothing, and nothing can run along with it.
  if (!film && !asking) return
  const along = words ? follow(words, box) : null
  const bar = passing(box, () => player, () => along && along.here())
  const tell = {
    time (seconds) {
      bar.time(seconds)
      // The transcript has its own time; the recording begins when that stands at `zero`.
      if (along) along.reached(seconds + zero)
    },
    state: bar.state
  }
  const player = film ? own(film, tell) : embedded(box, asking, tell)
  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-jump]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const seconds = Number(link.dataset.jump) / 1000 - zero
    // What another recording holds, the address leads to.
    if (seconds < 0 || seconds > lasts) return
    event.preventDefault()
    player.seek(seconds)
  })
}

function own (film, tell) {
  for (const event of ['timeupdate', 'seeked']) film.addEventListener(event, () => tell.time(film.currentTime))
  for (const state of ['playing', 'ended']) film.addEventListener(state, () => tell.state(state))
  film.addEventListener('pause', () => film.ended || tell.state('paused'))
  return {
    seek (seconds) {
      film.currentTime = seconds
      this.play()
    },
    play: () => film.play().catch(() => {}),
    pause: () => film.pause(),
    shown: () => film
  }
}

function embedded (box, asking, tell) {
  const provider = PROVIDERS[box.dataset.player]
  const { video, provider: name, title } = asking.dataset
  const agreed = `waymark-video-${box.dataset.player}`
  let from = Number(box.dataset.starts || 0) / 1000
  let frame = null
  let timer = 0
  const load = button(`Load the video from ${name}`, 'govuk-button')
  const back = button('Remove the video and ask again', 'govuk-button govuk-button--secondary wm-player__back')
  asking.append(load)
  load.addEventListener('click', () => {
    remember(agreed, '1')
    show()
    frame.focus()
  })
  back.addEventListener('click', () => {
    remember(agreed, null)
    window.clearInterval(timer)
    frame.remove()
    back.remove()
    frame = null
    tell.state('ended')
    asking.hidden = false
    load.focus()
  })
  window.addEventListener('message', (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== provider.origin) return
    const data = read(event.data)
    const seconds = provider.heard(data)
    const state = provider.state(data)
    if (state) tell.state(state)
    if (seconds !== null) {
      window.clearInterval(timer)
      tell.time(seconds)
    }
  })
  if (remembered(agreed)) show()

  function show () {
    frame = document.createElement('iframe')
    frame.className = 'wm-player__film'
    frame.title = title
    frame.allow = 'autoplay; fullscreen; picture-in-picture; encrypted-media'
    // A provider plays only where it is told which website shows the video; of the page it learns nothing.
    frame.referrerPolicy = 'strict-origin-when-cross-origin'
    frame.src = provider.address(video, from)
    asking.hidden = true
    box.append(frame, back)
    // A frame that is still being made hears nothing: it is greeted until it has answered, for a minute at most.
    let left = 120
    timer = window.setInterval(() => {
      provider.greetings.forEach(send)
      left -= 1
      if (!left) window.clearInterval(timer)
    }, 500)
  }

  function send (message) {
    frame.contentWindow.postMessage(JSON.stringify(message), provider.origin)
  }

  return {
    seek (seconds) {
      if (frame) {
        provider.seek(seconds).forEach(send)
        return
      }
      from = seconds
      load.focus()
    },
    play: () => frame && send(provider.play),
    pause: () => frame && send(provider.pause),
    shown: () => frame || load
  }
}

// Whoever reads on while the recording plays above, out of sight, keeps at the top of the window what stops it. It goes
// when the player is seen again, when the recording is over, or at a press.
function passing (box, player, here) {
  const line = document.createElement('div')
  const turn = button('Pause', 'wm-act')
  const back = button('Player', 'wm-act')
  const close = button('Close', 'wm-act')
  const clock = document.createElement('span')
  let begun = false
  let above = false
  let playing = false
  line.className = 'wm-playing wm-noprint'
  line.setAttribute('role', 'group')
  line.setAttribute('aria-label', 'Recording, out of sight')
  line.hidden = true
  clock.className = 'wm-playing__time'
  back.setAttribute('aria-label', 'Back to the player')
  close.setAttribute('aria-label', 'Close, and stop the recording')
  line.append(turn, clock, back, close)
  box.parentElement.append(line)
  turn.addEventListener('click', () => playing ? player().pause() : player().play())
  back.addEventListener('click', () => {
    const shown = player().shown()
    shown.focus({ preventScroll: true })
    shown.scrollIntoView({ behavior: still.matches ? 'auto' : 'smooth', block: 'center' })
  })
  close.addEventListener('click', () => {
    player().pause()
    end()
  })
  // Of a leap from below the window to above it no observer tells: it is looked for while the recording plays as well.
  new window.IntersectionObserver(show, { rootMargin: '-60px 0px 0px 0px' }).observe(box)

  function show () {
    above = box.getBoundingClientRect().bottom <= 60
    begun = begun && (above || playing)
    const hidden = !begun || !above
    if (hidden && line.contains(document.activeElement)) {
      const target = here() || box
      target.tabIndex = -1
      target.focus({ preventScroll: true })
    }
    line.hidden = hidden
  }

  function end () {
    begun = false
    show()
  }

  return {
    time (seconds) {
      const text = spoken(seconds)
      if (clock.textContent === text) return
      clock.textContent = text
      show()
    },
    state (state) {
      playing = state === 'playing'
      begun = playing || (begun && above && state !== 'ended')
      turn.textContent = playing ? 'Pause' : 'Play'
      show()
    }
  }
}

function spoken (seconds) {
  const parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(Math.floor)
  return [parts[0], ...parts.slice(1).map((one) => String(one).padStart(2, '0'))].join(':')
}

// Marks the turn that is being said, and goes along with it if the reader wishes.
function follow (words, box) {
  let turns = timed(words)
  let now = null
  let fetching = false
  const wish = document.createElement('input')
  const label = document.createElement('label')
  const line = document.createElement('div')
  const elsewhere = document.createElement('p')
  wish.type = 'checkbox'
  wish.id = 'along'
  wish.className = 'govuk-checkboxes__input'
  label.className = 'govuk-label govuk-checkboxes__label'
  label.htmlFor = 'along'
  label.textContent = 'Move the transcript along with the recording'
  line.className = 'govuk-checkboxes govuk-checkboxes--small wm-player__along'
  // Until there is a time of the recording to move to, and of the transcript, it is not offered.
  line.hidden = true
  const item = document.createElement('div')
  item.className = 'govuk-checkboxes__item'
  item.append(wish, label)
  line.append(item)
  elsewhere.className = 'govuk-body wm-player__elsewhere'
  elsewhere.setAttribute('role', 'status')
  box.after(line, elsewhere)
  wish.addEventListener('change', () => wish.checked && now && show(now))

  function mark (turn) {
    if (turn === now) return
    if (now) now.removeAttribute('aria-current')
    now = turn
    if (!turn) return
    turn.setAttribute('aria-current', 'true')
    if (wish.checked) show(turn)
  }

  function show (turn) {
    // In the middle, so that what comes next is seen as well; what fills the window begins at its top.
    const block = turn.offsetHeight < window.innerHeight / 2 ? 'center' : 'start'
    turn.scrollIntoView({ behavior: still.matches ? 'auto' : 'smooth', block })
  }

  // A long transcript has pages. Where the recording goes on to another one, the reader is told and led there by a
  // press, or at once when the transcript is to move along; the recording plays on meanwhile.
  function other (seconds) {
    if (wish.checked) {
      turn(seconds)
    } else if (!elsewhere.firstChild) {
      const link = document.createElement('a')
      link.className = 'govuk-link'
      link.textContent = 'Show that page'
      link.addEventListener('click', (event) => {
        event.preventDefault()
        turn(Number(link.dataset.seconds))
      })
      elsewhere.append('The recording is at a place on another page of the transcript. ', link)
    }
    const link = elsewhere.querySelector('a')
    if (link) {
      link.href = `?t=${Math.floor(seconds)}`
      link.dataset.seconds = seconds
    }
  }

  async function turn (seconds) {
    if (fetching) return
    fetching = true
    try {
      const answer = await window.fetch(`${window.location.pathname}?t=${Math.floor(seconds)}`)
      const page = new window.DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page.getElementById('turns')
      if (!answer.ok || !fresh) return
      const had = words.contains(document.activeElement)
      words.replaceWith(fresh)
      words = fresh
      turns = timed(words)
      window.history.replaceState(null, '', answer.url.split('#')[0])
      now = null
      elsewhere.replaceChildren()
      reached(seconds)
      const target = now || words
      if (had) {
        target.tabIndex = -1
        target.focus({ preventScroll: true })
      }
      show(target)
    } catch {
      // The connection is gone for the moment; the recording goes on, and the next change of time tries again.
    } finally {
      fetching = false
    }
  }

  function reached (seconds) {
    line.hidden = !turns.length
    const { since, until } = words.dataset
    const moment = seconds * 1000
    if ((since !== undefined && moment < Number(since)) || (until !== undefined && moment >= Number(until))) {
      mark(null)
      other(seconds)
      return
    }
    elsewhere.replaceChildren()
    let found = null
    for (const one of turns) {
      if (one.starts > moment) break
      found = one.turn
    }
    mark(found)
  }

  if (box.querySelector('[data-film]')) line.hidden = !turns.length
  return { reached, here: () => now }
}

function timed (words) {
  return [...words.querySelectorAll('[data-starts]')].map((turn) => ({ turn, starts: Number(turn.dataset.starts) }))
}

function button (text, look) {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = look
  made.textContent = text
  return made
}

function read (data) {
  try {
    return (typeof data === 'string' ? JSON.parse(data) : data) || {}
  } catch {
    return {}
  }
}

// What a reader agreed to is kept for this visit alone; where nothing may be kept, they are asked each time.
function remember (name, value) {
  try {
    if (value === null) window.sessionStorage.removeItem(name)
    else window.sessionStorage.setItem(name, value)
  } catch {}
}

function remembered (name) {
  try {
    return window.sessionStorage.getItem(name) === '1'
  } catch {
    return false
  }
}
