// Copies an address by a button. Without this it stands there to be marked and copied.
for (const button of document.querySelectorAll('[data-copy]')) {
  const address = document.getElementById(button.dataset.copy)
  const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`)
  button.hidden = false
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(address.textContent)
      said.textContent = 'Copied.'
    } catch {
      // Where the clipboard is closed to pages, the address is marked, ready for the keyboard.
      getSelection().selectAllChildren(address)
      said.textContent = 'The address is marked. Copy it with your keyboard or menu.'
    }
  })
}
