// Shows what is asked only after certain answers once one of them is given. Without this, all of it is shown with a
// line that says when to answer it, and the server goes by the answers in both cases.
const parts = [...document.querySelectorAll('[data-asked-if]')]

for (const part of parts) {
  for (const hint of part.querySelectorAll('[data-asked-hint]')) hint.hidden = true
}

// In the order of the page: what is hidden decides nothing about what comes after it.
function settle () {
  for (const part of parts) {
    const wanted = JSON.parse(part.dataset.askedValues)
    const deciding = document.querySelectorAll(`[name="${CSS.escape(part.dataset.askedIf)}"]`)
    const within = part.parentElement.closest('[data-asked-if][hidden]')
    const asked = !within && [...deciding].some(one => !one.disabled && one.checked && wanted.includes(one.value))
    part.hidden = !asked
    // What is not shown is not sent, and comes back as it was when it is asked again.
    for (const field of part.querySelectorAll('input, textarea, select')) field.disabled = !asked
  }
}

document.addEventListener('change', settle)
// A browser that goes back puts the answers in again by itself, after this has run.
window.addEventListener('pageshow', settle)
settle()
