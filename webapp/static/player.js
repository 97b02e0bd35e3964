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
    heard: (data) => (data.info && typeof data.info.currentTime === 'number' ? data.info.currentTime : null)
  },
  vimeo: {
    origin: 'https://player.vimeo.com',
    address: (video, start) => {
      const [id, secret] = video.split('/')
      return `https://player.vimeo.com/video/${encodeURIComponent(id)}?dnt=1` +
        (secret ? `&h=${encodeURIComponent(secret)}` : '') + `#t=${Math.floor(start)}s`
    },
    greetings: [{ method: 'addEventListener', value: 'timeupdate' }],
    seek: (seconds) => [{ method: 'setCurrentTime', value: seconds }, { method: 'play' }],
    heard: (data) => (data.event === 'timeupdate' && data.data ? Number(data.data.seconds) : null)
  }
}

if (box) start(box)

function start (box) {
  const words = document.getElementById('turns')
  const zero = Number(box.dataset.zero) / 1000
  const lasts = box.dataset.duration ? Number(box.dataset.duration) / 1000 : Infinity
  const along = words ? follow(words, box) : null
  // The transcript has its own time; the recording begins when that stands at `zero`.
  const tell = (seconds) => along && along.reached(seconds + zero)
  const film = box.querySelector('[data-film]')
  const asking = box.querySelector('[data-video]')
  const player = film ? own(film, tell) : asking ? embedded(box, asking, tell) : null
  if (!player) return
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
  film.addEventListener('timeupdate', () => tell(film.currentTime))
  film.addEventListener('seeked', () => tell(film.currentTime))
  return {
    seek (seconds) {
      film.currentTime = seconds
      film.play().catch(() => {})
    }
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
  const back = button(`Take the video from ${name} away, and ask me again`, 'wm-act')
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
    asking.hidden = false
    load.focus()
  })
  window.addEventListener('message', (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== provider.origin) return
    const seconds = provider.heard(read(event.data))
    if (seconds !== null) {
      window.clearInterval(timer)
      tell(seconds)
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
    }
  }
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
    turn.scrollIntoView({ behavior: still.matches ? 'auto' : 'smooth', block: 'nearest' })
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

  return { reached }
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
