// Says that a file is too large before it is sent; the server says so, too, but only once much of it has gone.
const file = document.querySelector('input[type=file][data-most]')

if (file) {
  const line = document.getElementById('file-error')
  const problem = line.querySelector('[data-problem]')

  const check = () => {
    const most = Number(file.dataset.most)
    const chosen = file.files[0]
    const large = Boolean(chosen) && chosen.size > most
    if (large) {
      const size = Math.ceil(chosen.size / 1024 / 1024).toLocaleString('en-GB')
      problem.textContent = `This file has ${size} MB; a recording may have up to ${(most / 1024 / 1024).toLocaleString('en-GB')} MB`
    } else {
      problem.textContent = ''
    }
    line.hidden = !large
    file.classList.toggle('govuk-file-upload--error', large)
    return !large
  }

  file.addEventListener('change', check)
  file.form.addEventListener('submit', (event) => {
    if (check()) return
    event.preventDefault()
    event.stopImmediatePropagation()
    file.focus()
  })
}
