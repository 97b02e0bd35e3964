// Marks by buttons and keys, and people offered while a mention is typed. Without it marks are typed, and the hint says how.
const BULLET = /^(\s*)[-*+] /
const QUOTED = /^(\s*)> ?/
const BEGUN = /(^|[^\w@./+=&?#])@([a-z0-9][a-z0-9-]{1,39})$/i
const PAUSE = 150

for (const editor of document.querySelectorAll('[data-editor]')) {
  const field = editor.querySelector('textarea')
  if (!field) continue
  const tools = editor.querySelector('[role="toolbar"]')
  if (tools) startTools(tools, field)
  if (editor.dataset.people) startPeople(editor, field)
}

function startTools (tools, field) {
  const buttons = [...tools.querySelectorAll('button')]
  const marks = {
    bold: () => wrap(field, '**', 'words in bold'),
    italic: () => wrap(field, '*', 'words in italic'),
    link: () => link(field),
    list: () => begin(field, BULLET, '- '),
    quote: () => begin(field, QUOTED, '> ')
  }
  tools.hidden = false
  // One stop for the Tab key; the arrows lead from button to button.
  const go = (to) => {
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1
    to.focus()
  }
  tools.addEventListener('keydown', event => {
    const at = buttons.indexOf(event.target)
    const to = {
      ArrowRight: (at + 1) % buttons.length,
      ArrowLeft: (at + buttons.length - 1) % buttons.length,
      Home: 0,
      End: buttons.length - 1
    }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    go(buttons[to])
  })
  for (const button of buttons) {
    button.addEventListener('click', () => {
      for (const other of buttons) other.tabIndex = other === button ? 0 : -1
      marks[button.dataset.mark]()
    })
  }
  field.addEventListener('keydown', event => {
    const mark = { b: 'bold', i: 'italic' }[event.key.toLowerCase()]
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    marks[mark]()
  })
}

// Put text in place of what stands between two places, so that it can be undone, and mark a part of what there is then.
function put (field, start, end, text, from, to) {
  field.focus()
  field.setSelectionRange(start, end)
  // The only way that browsers remember as one step to undo; where they have it no more, the text changes all the same.
  if (!(text ? document.execCommand('insertText', false, text) : document.execCommand('delete'))) {
    field.setRangeText(text, start, end, 'end')
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  field.setSelectionRange(from, to)
}

function wrap (field, mark, words) {
  const { value } = field
  let { selectionStart: start, selectionEnd: end } = field
  // Marks stand close to words, or they are none.
  while (start < end && /\s/.test(value[start])) start++
  while (end > start && /\s/.test(value[end - 1])) end--
  const chosen = value.slice(start, end)
  const before = value.slice(0, start)
  const behind = value.slice(end)
  if (chosen && isWrapped(before, behind, mark)) {
    return put(field, start - mark.length, end + mark.length, chosen, start - mark.length, end - mark.length)
  }
  if (!chosen) {
    return put(field, start, end, mark + words + mark, start + mark.length, start + mark.length + words.length)
  }
  // A mark does not reach beyond a paragraph or point: each line has its own.
  const text = chosen.split('\n').map((line, no) => {
    const [, opening, rest] = line.match(no || /(^|\n)$/.test(before) ? /^(\s*(?:(?:[-*+>]|\d+[.)])\s+)*)(.*?)\s*$/ : /^()(.*)$/)
    return rest ? opening + mark + rest + mark : line
  }).join('\n')
  if (chosen.includes('\n')) return put(field, start, end, text, start, start + text.length)
  const inner = start + text.indexOf(mark) + mark.length
  put(field, start, end, text, inner, start + text.length - mark.length)
}

function isWrapped (before, behind, mark) {
  const left = before.match(/\**$/)[0].length
  const right = behind.match(/^\**/)[0].length
  const stars = Math.min(left, right)
  // One star is italic, two are bold, three are both.
  return mark === '*' ? stars === 1 || stars === 3 : stars === 2 || stars === 3
}

function link (field) {
  const { value, selectionStart: start, selectionEnd: end } = field
  const chosen = value.slice(start, end).trim().replace(/\s+/g, ' ')
  const isAddress = /^(https:\/\/|mailto:)\S+$/i.test(chosen)
  const words = isAddress || !chosen ? 'words' : chosen
  const address = isAddress ? chosen : 'https://'
  const from = isAddress || !chosen ? start + 1 : start + words.length + 3
  const marked = isAddress || !chosen ? words : address
  put(field, start, end, `[${words}](${address})`, from, from + marked.length)
}

// Begin each line that is chosen with a mark, or take it away where all of them have it.
function begin (field, has, mark) {
  const { value, selectionStart, selectionEnd } = field
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1
  const at = value.indexOf('\n', Math.max(selectionEnd - (selectionEnd > selectionStart && value[selectionEnd - 1] === '\n' ? 1 : 0), start))
  const end = at < 0 ? value.length : at
  const lines = value.slice(start, end).split('\n')
  const full = lines.filter(line => line.trim())
  const isMarked = full.length > 0 && full.every(line => has.test(line))
  let text = lines.map(line => isMarked ? line.replace(has, '$1') : line.trim() || full.length === 0 ? mark + line : mark.trim() === '>' ? '>' : line).join('\n')
  let ahead = 0
  const above = value.slice(value.lastIndexOf('\n', start - 2) + 1, Math.max(start - 1, 0))
  if (!isMarked && above.trim() && !has.test(above)) {
    text = '\n' + text
    ahead = 1
  }
  const caret = start + text.length
  put(field, start, end, text, selectionStart === selectionEnd ? caret : start + ahead, caret)
}

function startPeople (editor, field) {
  const place = editor.querySelector('[data-offered]')
  const list = place.querySelector('ul')
  const status = editor.querySelector('[data-found]')
  let latest = 0
  let timer

  field.addEventListener('input', look)
  field.addEventListener('click', look)
  field.addEventListener('keyup', event => {
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') look()
  })
  editor.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || place.hidden) return
    event.preventDefault()
    close()
    field.focus()
  })
  // Some browsers give no button the focus that a mouse presses: it stays in the field.
  place.addEventListener('mousedown', event => event.preventDefault())
  editor.addEventListener('focusout', event => {
    if (!place.hidden && !editor.contains(event.relatedTarget)) close()
  })

  function begun () {
    if (field.selectionStart !== field.selectionEnd) return null
    const found = field.value.slice(0, field.selectionStart).match(BEGUN)
    return found && { text: found[2], start: field.selectionStart - found[2].length - 1, end: field.selectionStart }
  }

  function look () {
    clearTimeout(timer)
    const mine = ++latest
    const typed = begun()
    if (!typed) return close()
    timer = setTimeout(async () => {
      const answer = await fetch(`${editor.dataset.people}?q=${encodeURIComponent(typed.text)}`, { headers: { Accept: 'application/json' } }).catch(() => null)
      const isJson = answer && answer.ok && (answer.headers.get('Content-Type') || '').includes('json')
      const people = isJson ? await answer.json() : []
      if (mine === latest) offer(people, typed)
    }, PAUSE)
  }

  function offer (people, typed) {
    if (!people.length) return close()
    list.replaceChildren(...people.map(person => {
      const item = document.createElement('li')
      const button = document.createElement('button')
      const detail = document.createElement('span')
      button.type = 'button'
      button.className = 'wm-editor__person'
      button.textContent = person.name
      detail.className = 'wm-editor__detail'
      detail.textContent = [`@${person.handle}`, person.detail].filter(Boolean).join(', ')
      button.append(' ', detail)
      button.addEventListener('click', () => {
        const text = `@${person.handle} `
        const caret = typed.start + text.length
        close()
        put(field, typed.start, typed.end, text, caret, caret)
      })
      item.append(button)
      return item
    }))
    place.hidden = false
    const found = people.length === 1 ? 'One person' : `${people.length} people`
    status.textContent = `${found} to mention. Press Tab to choose, Escape to go on typing.`
  }

  function close () {
    latest++
    clearTimeout(timer)
    place.hidden = true
    list.replaceChildren()
    status.textContent = ''
  }
}
