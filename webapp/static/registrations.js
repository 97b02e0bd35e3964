// Adds to the list of registrations, which works without it: one box for all of the page, and how many are ticked.
const form = document.querySelector('form[data-choose]')
if (form) choose(form)

function choose (form) {
  const boxes = [...form.querySelectorAll('input[name="row"]')]
  const panel = form.querySelector('#several')
  const ticked = form.querySelector('#who-ticked')
  const label = form.querySelector('label[for="who-ticked"]')
  const words = label.textContent
  const line = document.createElement('p')
  line.className = 'govuk-body wm-noprint'
  line.innerHTML = '<label><input type="checkbox" class="wm-tick"> <span></span></label>'
  line.querySelector('span').textContent = `Tick all ${boxes.length} on this page`
  form.prepend(line)
  const all = line.querySelector('input')

  function show () {
    const number = boxes.filter(box => box.checked).length
    all.checked = number === boxes.length
    all.indeterminate = number > 0 && number < boxes.length
    label.textContent = number ? `${words}: ${number}` : words
  }
  all.addEventListener('change', () => {
    boxes.forEach(box => { box.checked = all.checked })
    ticked.checked = true
    show()
  })
  form.addEventListener('change', event => {
    if (event.target.name === 'row') {
      ticked.checked = true
      show()
    }
  })
  if (panel) show()
  // The browser may bring ticks back when somebody returns to the page.
  window.addEventListener('pageshow', show)
}
