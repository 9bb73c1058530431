// Optional comforts. Every page can be finished without this file: what needs it bears the class `scripted`.
(() => {
'use strict';
const root = document.documentElement;
const all = (what, act) => document.querySelectorAll(what).forEach(act);
root.classList.add('js');

// A form came back with things to correct: they are read first.
const first = document.querySelector('[autofocus]');
if (first) first.focus();

// Text size and colours: at once, and kept by the server in the background.
function show(button) {
  root.dataset[button.name] = button.value;
  all(`button[name="${button.name}"]`, (other) => other.setAttribute('aria-pressed', other === button));
  all('canvas', (canvas) => canvas.dispatchEvent(new Event('redraw')));
  fetch('/affichage', { method: 'POST', body: new URLSearchParams([[button.name, button.value]]) }).catch(() => {});
}

// The voice of the device: nothing leaves it.
function listen(button) {
  const speech = window.speechSynthesis;
  const word = button.querySelector('span');
  if (button.dataset.word) return speech.cancel();
  const text = new SpeechSynthesisUtterance(document.getElementById(button.dataset.listen).innerText);
  text.lang = root.lang === 'fr' ? 'fr-FR' : root.lang;
  text.voice = speech.getVoices().find((voice) => voice.localService && voice.lang.startsWith(root.lang)) || null;
  text.rate = 0.9;
  text.onend = text.onerror = () => { word.textContent = button.dataset.word; delete button.dataset.word; };
  button.dataset.word = word.textContent;
  word.textContent = button.dataset.stop;
  speech.cancel();
  speech.speak(text);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.name === 'size' || button.name === 'colours') { event.preventDefault(); show(button); }
  if ('print' in button.dataset) print();
  if (button.dataset.listen) listen(button);
});
if (!window.speechSynthesis) all('[data-listen]', (button) => button.remove());

// A form is sent once, however many times its button is pressed; coming back to the page arms it again.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 5000);
});

// What one writes is kept as one goes. A button pressed meanwhile waits for what is on its way.
all('form[data-keep]', (form) => {
  let timer = 0;
  let busy = null;
  async function keep() {
    clearTimeout(timer);
    timer = 0;
    // Outliving the page has a price: a browser then carries no more than 64 KB.
    const fields = [...new FormData(form)].filter((field) => typeof field[1] === 'string');
    const answer = await fetch(form.dataset.keep, { method: 'POST', body: new URLSearchParams(fields), keepalive: document.hidden });
    if (!answer.ok || answer.redirected) throw answer;
    const [draft, version, sentence] = (await answer.text()).split('\n');
    form.elements.brouillon.value = draft;
    form.elements.version.value = version;
    form.querySelector('[data-kept]').textContent = sentence;
    document.dispatchEvent(new Event('seen'));
  }
  const soon = () => {
    // What is not kept is not said to be.
    const lost = () => { form.querySelector('[data-kept]').textContent = ''; };
    const mine = (busy || Promise.resolve()).then(keep).catch(lost).finally(() => { if (busy === mine) busy = null; });
    busy = mine;
  };
  form.addEventListener('input', (event) => {
    if (event.target.type === 'file') return;
    clearTimeout(timer);
    timer = setTimeout(soon, 2000);
  });
  document.addEventListener('visibilitychange', () => { if (document.hidden && timer && !form.dataset.sent) soon(); });
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    busy.then(() => form.requestSubmit(event.submitter));
  });
});

// Soon signed out: said two minutes before, on every page of this session that is open; asking for one of them serves all. Whoever
// goes away leaves nothing to be read: only what was typed and is kept nowhere holds the page, and is kept when it is sent.
all('[data-still]', (notice) => {
  const { still, home, session } = notice.dataset;
  const pages = new BroadcastChannel(session);
  let end = 0;
  let typed = false;
  function lasts(seconds) {
    end = Date.now() + seconds * 1000;
    notice.hidden = true;
  }
  function seen(seconds) {
    lasts(seconds);
    pages.postMessage(seconds);
  }
  async function stay() {
    const answer = await fetch(home);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-still]');
    if (page) seen(Number(page.dataset.still));
    else if (!typed) leave();
  }
  // Once: the entrance says why to who comes first.
  function leave() {
    clearInterval(watch);
    location.assign(home);
  }
  function look() {
    const left = end - Date.now();
    notice.hidden = left > 120000 || left <= 0;
    if (left <= 0 && !typed) leave();
  }
  pages.onmessage = (event) => lasts(event.data);
  seen(Number(still));
  const watch = setInterval(look, 2000);
  document.addEventListener('seen', () => seen(Number(still)));
  document.addEventListener('input', ({ target: { form } }) => { typed ||= form && form.method === 'post' && !('keep' in form.dataset); });
  notice.querySelector('button').addEventListener('click', () => stay().catch(() => {}));
});

// A browser may keep this page whole for "back": secrets and codes do not stay in it.
window.addEventListener('pagehide', () => all('[name="password"], [name="code"]', (field) => { field.value = ''; }));
window.addEventListener('pageshow', () => all('form[data-sent]', (form) => delete form.dataset.sent));

all('[data-reveal]', (box) => box.addEventListener('change', () => {
  document.getElementById(box.dataset.reveal).type = box.checked ? 'text' : 'password';
}));

// A signature drawn with a finger, a pen or a mouse. The hidden field holds {"h":357,"s":[[x,y,x,y,…],…]}:
// whole numbers, thousandths of the width of the frame; h is its height in the same measure.
all('canvas[data-strokes]', (canvas) => {
  const field = document.getElementById(canvas.dataset.strokes);
  const pen = canvas.getContext('2d');
  let strokes = [];
  let now = null;
  // The form came back because of something else: nobody draws twice.
  if (field.value) strokes = JSON.parse(field.value).s;

  function line(stroke, from) {
    const unit = canvas.width / 1000;
    pen.lineWidth = 7 * unit;
    pen.lineCap = pen.lineJoin = 'round';
    pen.strokeStyle = '#211c15';
    pen.beginPath();
    pen.moveTo(stroke[from] * unit, stroke[from + 1] * unit);
    for (let i = from; i < stroke.length; i += 2) pen.lineTo(stroke[i] * unit, stroke[i + 1] * unit);
    pen.stroke();
  }
  function draw() {
    const scale = window.devicePixelRatio || 1;
    canvas.width = canvas.clientWidth * scale;
    canvas.height = canvas.clientHeight * scale;
    strokes.forEach((stroke) => line(stroke, 0));
  }
  function keep() {
    const height = Math.round(1000 * canvas.clientHeight / canvas.clientWidth);
    field.value = strokes.length ? JSON.stringify({ h: height, s: strokes }) : '';
  }
  function point(event) {
    const box = canvas.getBoundingClientRect();
    const at = (where, start) => Math.max(0, Math.round(1000 * (where - start - canvas.clientLeft) / canvas.clientWidth));
    return [at(event.clientX, box.left), at(event.clientY, box.top)];
  }

  canvas.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    now = point(event);
    strokes.push(now);
    line(now, 0);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!now || now.length > 4000) return;
    const [x, y] = point(event);
    const last = now.length - 2;
    if (Math.abs(x - now[last]) + Math.abs(y - now[last + 1]) < 3) return;
    now.push(x, y);
    line(now, last);
  });
  const stop = () => { now = null; keep(); };
  canvas.addEventListener('pointerup', stop);
  canvas.addEventListener('pointercancel', stop);
  canvas.addEventListener('redraw', draw);
  window.addEventListener('resize', draw);
  document.querySelector(`[data-erase="${field.id}"]`).addEventListener('click', () => { strokes = []; keep(); draw(); });
  draw();
});
})();
