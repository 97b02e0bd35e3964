// Lets a list be put in order by dragging, where there is a mouse. The buttons beside each entry do the same for
// everybody, and dropping presses them: it sends the same form with another place.
for (const list of document.querySelectorAll('[data-reorder]')) start(list)

function start (list) {
  let held = null
  let place = 0

  for (const item of list.children) {
    const handle = document.createElement('span')
    handle.className = 'wm-handle'
    handle.draggable = true
    handle.setAttribute('aria-hidden', 'true')
    handle.title = 'Drag to another place'
    handle.textContent = '⋮⋮'
    handle.addEventListener('dragstart', event => {
      held = item
      place = Number(item.dataset.place)
      item.classList.add('wm-dragged')
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', item.id)
      event.dataTransfer.setDragImage(item, 20, 20)
    })
    handle.addEventListener('dragend', () => {
      item.classList.remove('wm-dragged')
      mark(null)
      held = null
    })
    item.prepend(handle)
  }

  // A line shows where it would go. Nothing moves before it is dropped, or the list would slip away under the mouse.
  list.addEventListener('dragover', event => {
    if (!held) return
    event.preventDefault()
    const over = [...list.children].find(item => item.contains(event.target))
    if (!over) return
    const box = over.getBoundingClientRect()
    const before = event.clientY < box.top + box.height / 2
    const at = Number(over.dataset.place)
    const from = Number(held.dataset.place)
    place = before ? (at > from ? at - 1 : at) : (at < from ? at + 1 : at)
    mark(place === from ? null : over, before)
  })

  list.addEventListener('drop', event => {
    if (!held) return
    event.preventDefault()
    if (place === Number(held.dataset.place)) return
    const form = held.querySelector('form[data-move]')
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name: 'place', value: String(place) })
    form.append(field)
    form.submit()
  })

  function mark (over, before) {
    for (const item of list.children) {
      item.classList.toggle('wm-drop-before', item === over && before)
      item.classList.toggle('wm-drop-after', item === over && !before)
    }
  }
}
