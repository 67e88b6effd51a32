// What a visitor of the hotel's own site sees, drawn small: enough of a page for the chat to stand on.

import { texts } from '../../texts'
import classes from './Hotel.module.css'

const t = texts.demo.site

export function Hotel({ onAsk }: { onAsk: (text: string) => void }) {
  return (
    <section className={classes.site} aria-label={t.label}>
      <div className={classes.bar} aria-hidden>
        <i />
        <i />
        <i />
        <span>{t.address}</span>
      </div>
      <div className={classes.hero}>
        <svg className={classes.river} viewBox="0 0 800 300" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
          <circle cx="620" cy="92" r="38" fill="#ffd58a" />
          <path d="M0 178 Q140 128 290 166 T560 150 T800 172 V300 H0z" fill="#2d5b57" />
          <path d="M0 204 Q200 176 400 200 T800 196 V300 H0z" fill="#1f4664" />
          <path d="M0 240 Q200 222 400 240 T800 234 V300 H0z" fill="#183a55" />
        </svg>
        <div className={classes.words}>
          <strong>{texts.demo.hotel}</strong>
          <p>{t.tagline}</p>
          <button type="button" className={classes.ask} onClick={() => onAsk(t.askSays)}>
            {t.ask}
          </button>
        </div>
      </div>
      <ul className={classes.rooms}>
        {t.rooms.map(room => (
          <li key={room.name}>
            <strong>{room.name}</strong>
            <span>{room.what}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
