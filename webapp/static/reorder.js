// Lets a list be put in order by dragging, where there is a mouse. The buttons beside each entry do the same for
// everybody, and dropping presses them: it sends the same form with another place.
const list = document.querySelector('[data-reorder]')
if (list) start(list)

function start (list) {
  let held = null

  for (const item of list.children) {
    if (!item.querySelector('form[data-move]')) continue
    const handle = document.createElement('span')
    handle.className = 'wm-handle'
    handle.draggable = true
    handle.setAttribute('aria-hidden', 'true')
    handle.title = 'Drag to another place'
    handle.textContent = '⋮⋮'
    handle.addEventListener('dragstart', event => {
      held = item
      item.classList.add('wm-dragged')
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', item.id)
      event.dataTransfer.setDragImage(item, 20, 20)
    })
    handle.addEventListener('dragend', () => {
      if (held) put(held, Number(held.dataset.place) - 1) // given up: back where it was
      item.classList.remove('wm-dragged')
      held = null
    })
    item.prepend(handle)
  }

  list.addEventListener('dragover', event => {
    if (!held) return
    event.preventDefault()
    const over = event.target.closest('[data-reorder] > *')
    if (!over || over === held) return
    const box = over.getBoundingClientRect()
    over[event.clientY < box.top + box.height / 2 ? 'before' : 'after'](held)
  })

  list.addEventListener('drop', event => {
    if (!held) return
    event.preventDefault()
    const dropped = held
    held = null
    const place = [...list.children].indexOf(dropped) + 1
    if (place === Number(dropped.dataset.place)) return
    const form = dropped.querySelector('form[data-move]')
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name: 'place', value: String(place) })
    form.append(field)
    form.submit()
  })

  function put (item, index) {
    item.remove()
    list.insertBefore(item, list.children[index] || null)
  }
}
