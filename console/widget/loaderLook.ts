// How the button and the panel look on somebody else's page, whatever that page's own style is.

export const BADGE = 'badge'

export const STYLE = `
:host { all: initial; --c: var(--relevo-colour, #35206e); --on: var(--relevo-on, #fff); position: fixed; z-index: 2147483000; }
.button {
  position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
  z-index: 2147483000; display: flex; align-items: center; justify-content: center; gap: 10px; box-sizing: border-box;
  width: 60px; height: 60px; padding: 0; border: 0; border-radius: 30px; background: var(--c); color: var(--on);
  box-shadow: 0 0 0 1px rgb(255 255 255 / .2), 0 1px 3px rgb(0 0 0 / .2), 0 8px 24px rgb(16 24 40 / .28); cursor: pointer;
  font: 600 15px/1 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  transition: transform .15s ease, box-shadow .15s ease;
}
.button.wide { width: auto; max-width: calc(100vw - 40px); padding: 0 24px 0 19px; }
.button:hover { transform: translateY(-2px); }
.button:focus-visible { outline: 3px solid var(--c); outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
.button svg { flex: none; width: 28px; height: 28px; }
.badge {
  position: absolute; top: -3px; right: -3px; box-sizing: border-box; min-width: 22px; height: 22px; padding: 0 6px;
  border: 2px solid #fff; border-radius: 11px; background: #b3261e; color: #fff; font-size: 12px; line-height: 18px;
  text-align: center;
}
[hidden] { display: none !important; }
.panel {
  position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: 94px; z-index: 2147483000; width: 392px;
  height: min(680px, calc(100vh - 114px)); height: min(680px, calc(100dvh - 114px)); border: 0; border-radius: 20px;
  background: transparent; color-scheme: normal;
  box-shadow: 0 0 0 1px rgb(16 24 40 / .08), 0 16px 56px rgb(16 24 40 / .28); animation: rise .18s ease-out;
}
:host([data-side=left]) .button, :host([data-side=left]) .panel { right: auto; left: max(20px, env(safe-area-inset-left)); }
:host([open]) .button.wide { width: 60px; padding: 0; font-size: 0; gap: 0; }
.open { display: block } .shut { display: none }
:host([open]) .open { display: none } :host([open]) .shut { display: block }
@keyframes rise { from { opacity: 0; transform: translateY(10px) } }
@media (max-width: 480px), (max-height: 480px) {
  .panel, :host([data-side=left]) .panel { inset: 0; width: 100%; height: 100vh; height: 100dvh; border-radius: 0; box-shadow: none; }
  :host([open][ready]) .button { display: none; }
}
@media (prefers-reduced-motion: reduce) { .button, .panel { transition: none; animation: none; } .button:hover { transform: none } }
@media print { :host { display: none } }
`

const SVG = 'http://www.w3.org/2000/svg'
const TALK =
  'M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.2 4.4 3.1 5.8L5.4 21l4.4-2.3c.7.1 1.4.2 2.2.2 5 0 9-3.4 9-7.7s-4-7.7-9-7.7z'
const CROSS = 'M6 6l12 12M18 6L6 18'

function drawing(name: string, path: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', name)
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  line.setAttribute('fill', name === 'open' ? 'currentColor' : 'none')
  line.setAttribute('stroke', name === 'open' ? 'none' : 'currentColor')
  line.setAttribute('stroke-width', '2.2')
  line.setAttribute('stroke-linecap', 'round')
  svg.append(line)
  return svg
}

export function buttonIcon(): DocumentFragment {
  const both = document.createDocumentFragment()
  both.append(drawing('open', TALK), drawing('shut', CROSS))
  return both
}
