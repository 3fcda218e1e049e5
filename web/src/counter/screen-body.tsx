// What a screen shows when no act stands in its place.
import { ActsScreen } from './acts-screen.tsx'
import { ApprovalsScreen } from './approvals-screen.tsx'
import { BindScreen } from './bind-screen.tsx'
import { CardsScreen } from './cards-screen.tsx'
import { CashScreen } from './cash-screen.tsx'
import { CloseScreen } from './close-screen.tsx'
import { CustomerScreen } from './customer-screen.tsx'
import { OpenScreen } from './open-screen.tsx'
import { ReasonScreen } from './reason-screen.tsx'
import type { Screen } from './screens.ts'
import { TillScreen } from './till-screen.tsx'
import type { Listing } from './use-listing.ts'
import type { ApprovalView } from './views.ts'

type Properties = { screen: Screen; approvals: Listing<ApprovalView>; onLeave: () => void }

export function ScreenBody({ screen, approvals, onLeave }: Properties) {
  switch (screen) {
    case 'customer':
      return <CustomerScreen onLeave={onLeave} />
    case 'open':
      return <OpenScreen />
    case 'bind':
      return <BindScreen />
    case 'cards':
      return <CardsScreen />
    case 'cash':
      return <CashScreen />
    case 'pin':
      return <ReasonScreen key="pin" kind="pin_reset" />
    case 'sim':
      return <ReasonScreen key="sim" kind="sim_change" />
    case 'close':
      return <CloseScreen />
    case 'till':
      return <TillScreen />
    case 'approvals':
      return <ApprovalsScreen approvals={approvals} />
    case 'acts':
      return <ActsScreen />
  }
}
