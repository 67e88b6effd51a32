// The day at a glance: what there is to do, what needs a person, and whether everything works.

import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { NoPermission } from '../../ui/StatePages'
import { Alerts } from './Alerts'
import { Channels } from './Channels'
import { Comings } from './Comings'
import { Discrepancies } from './Discrepancies'
import { Figures } from './Figures'
import { HouseMode } from './HouseMode'
import { Requests } from './Requests'
import classes from './TodayPage.module.css'

export function TodayPage() {
  const maySeeGuests = useMay('see_conversations')
  if (!useMay('see_alerts')) return <NoPermission />
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{texts.house.title}</h1>
        <Figures />
        <div className={classes.columns}>
          <div className={classes.column}>
            <Alerts />
            {maySeeGuests && <Requests />}
            <Discrepancies />
            <Comings />
          </div>
          <div className={classes.column}>
            <HouseMode />
            <Channels />
          </div>
        </div>
      </div>
    </div>
  )
}
