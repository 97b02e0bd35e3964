// Reads check-in codes with the camera, where the browser can; the field on the page does the same without.
const box = document.querySelector('[data-scan]')
if (box && await readsCodes()) offer(box)

async function readsCodes () {
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices) return false
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => [])
  return formats.includes('qr_code')
}

function offer (box) {
  const part = name => box.querySelector(`[data-scan-${name}]`)
  const [start, stop, picture, status] = ['start', 'stop', 'picture', 'status'].map(part)
  const field = document.querySelector('#code')
  let stream = null
  box.hidden = false

  start.addEventListener('click', async () => {
    status.textContent = ''
    try {
      // Asked for only now, so that nobody is asked who would rather type.
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    } catch {
      status.textContent = 'The camera cannot be used. Allow it in your browser, or type the code below.'
      return
    }
    picture.srcObject = stream
    show(true)
    stop.focus()
    status.textContent = 'Hold the code before the camera.'
    // Not waited for: a picture that does not move yet is looked at all the same.
    picture.play().catch(() => {})
    look(new window.BarcodeDetector({ formats: ['qr_code'] }))
  })
  stop.addEventListener('click', () => { end(); start.focus() })
  window.addEventListener('pagehide', end)

  async function look (detector) {
    if (!stream) return
    const found = await detector.detect(picture).catch(() => [])
    if (stream && found.length) {
      field.value = found[0].rawValue.slice(0, 500)
      status.textContent = 'Found. One moment.'
      end()
      field.form.requestSubmit()
      return
    }
    setTimeout(() => look(detector), 200)
  }

  function show (on) {
    picture.hidden = stop.hidden = !on
    start.hidden = on
  }

  function end () {
    if (stream) stream.getTracks().forEach(track => track.stop())
    stream = null
    show(false)
  }
}
