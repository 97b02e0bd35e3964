// Whoever selects words of a turn quotes just those; on the page of a quotation a button copies it. Without scripts the
// whole turn is quoted, and the text is there to be copied by hand.
const quoting = new Map()

document.addEventListener('selectionchange', () => {
  for (const [link, plain] of quoting) link.setAttribute('href', plain.href)
  for (const [link, plain] of quoting) link.firstChild.nodeValue = plain.text
  quoting.clear()
  const selection = document.getSelection()
  if (!selection || selection.isCollapsed || !selection.rangeCount) return
  const range = selection.getRangeAt(0)
  const turn = turnOf(range.startContainer)
  if (!turn || turn !== turnOf(range.endContainer)) return
  const from = place(range.startContainer, range.startOffset)
  const to = place(range.endContainer, range.endOffset)
  const link = turn.querySelector('[data-quote]')
  if (from === null || to === null || from >= to || !link) return
  quoting.set(link, { href: link.getAttribute('href'), text: link.firstChild.nodeValue })
  link.setAttribute('href', `${link.getAttribute('href')}?v=${turn.dataset.version}&from=${from}&to=${to}`)
  link.firstChild.nodeValue = 'Quote the selection from'
})

function turnOf (node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement
  return element && element.closest('.wm-turn')
}

// Python counts a letter beyond the first plane once, a browser twice.
function place (node, offset) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement
  const paragraph = element && element.closest('[data-at]')
  if (!paragraph) return null
  const range = document.createRange()
  range.setStart(paragraph, 0)
  range.setEnd(node, offset)
  return Number(paragraph.dataset.at) + [...range.toString()].length
}

const text = document.querySelector('[data-copy]')
if (text && navigator.clipboard) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'govuk-button govuk-button--secondary'
  button.textContent = 'Copy the quotation'
  const said = document.createElement('p')
  said.className = 'govuk-body'
  said.setAttribute('role', 'status')
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.value)
      said.textContent = 'It is copied.'
    } catch {
      text.select()
      said.textContent = 'It is selected: copy it with your keyboard.'
    }
  })
  text.after(button, said)
}
