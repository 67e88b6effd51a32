import type { ChangeOffer } from '../../api/schema'
import { texts } from '../../texts'
import { money } from '../../ui/format'
import classes from './Parts.module.css'
import { difference } from './stay'

const t = texts.booking.change

export function OfferView({ offer }: { offer: ChangeOffer }) {
  const { kind, money: amount } = difference(offer)
  return (
    <div className={classes.offer} role="status">
      <div>
        <span>
          {t.before} <b className="tabular">{money(offer.before)}</b>
        </span>
        <span>
          {t.after} <b className="tabular">{money(offer.after)}</b>
        </span>
      </div>
      <strong>{kind === 'same' ? t.same : kind === 'more' ? t.more(money(amount)) : t.less(money(amount))}</strong>
      {offer.policy && <p>{offer.policy}</p>}
    </div>
  )
}
