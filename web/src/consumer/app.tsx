// Who is there, and which screen they are on. The first screen is in this bundle, the others come when asked for.
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Router, Switch } from 'wouter'
import { onSignedOut } from './consumer-api.ts'
import { forgetCodes } from './forget-codes.ts'
import { forgetKept } from './offline/kept.ts'
import { Frame } from './parts/frame.tsx'
import { Skeleton } from './parts/skeleton.tsx'
import { queryClient, Refused, useMe } from './queries.ts'
import { HomeScreen } from './screens/home-screen.tsx'
import { SignInScreen } from './screens/sign-in-screen.tsx'

const StatementScreen = lazy(async () => ({
  default: (await import('./screens/statement-screen.tsx')).StatementScreen,
}))
const ReceiptScreen = lazy(async () => ({
  default: (await import('./screens/receipt-screen.tsx')).ReceiptScreen,
}))
const MovementScreen = lazy(async () => ({
  default: (await import('./screens/movement-screen.tsx')).MovementScreen,
}))
const TransferredScreen = lazy(async () => ({
  default: (await import('./screens/transferred-screen.tsx')).TransferredScreen,
}))
const TransferScreen = lazy(async () => ({
  default: (await import('./screens/transfer-screen.tsx')).TransferScreen,
}))
const CardTransferScreen = lazy(async () => ({
  default: (await import('./screens/card-transfer-screen.tsx')).CardTransferScreen,
}))
const CardsScreen = lazy(async () => ({
  default: (await import('./screens/cards-screen.tsx')).CardsScreen,
}))
const CardBillScreen = lazy(async () => ({
  default: (await import('./card-bills/card-bill-screen.tsx')).CardBillScreen,
}))
const CashScreen = lazy(async () => ({
  default: (await import('./screens/cash-screen.tsx')).CashScreen,
}))
const CodeRoutes = lazy(async () => ({
  default: (await import('./code/code-routes.tsx')).CodeRoutes,
}))
const PeopleRoutes = lazy(async () => ({
  default: (await import('./people/people-routes.tsx')).PeopleRoutes,
}))
const BillsRoutes = lazy(async () => ({
  default: (await import('./bills/bills-routes.tsx')).BillsRoutes,
}))
const PointsRoutes = lazy(async () => ({
  default: (await import('./points/points-routes.tsx')).PointsRoutes,
}))
const MeScreen = lazy(async () => ({ default: (await import('./screens/me-screen.tsx')).MeScreen }))
const SourcesScreen = lazy(async () => ({
  default: (await import('./screens/sources-screen.tsx')).SourcesScreen,
}))
const DevicesScreen = lazy(async () => ({
  default: (await import('./devices/devices-screen.tsx')).DevicesScreen,
}))
const ClosingScreen = lazy(async () => ({
  default: (await import('./screens/closing-screen.tsx')).ClosingScreen,
}))
const PinScreen = lazy(async () => ({
  default: (await import('./screens/pin-screen.tsx')).PinScreen,
}))

export function App() {
  const { t } = useTranslation('app')
  const me = useMe()
  const [isOut, setOut] = useState(false)
  const leave = useCallback(() => {
    forgetKept()
    forgetCodes()
    queryClient.clear()
    setOut(true)
  }, [])
  useEffect(() => onSignedOut(leave), [leave])
  useEffect(() => {
    document.title = t('title')
  }, [t])

  if (isOut || (me.error instanceof Refused && isUnauthorised(me.error))) {
    const enter = () => {
      setOut(false)
      void queryClient.invalidateQueries()
    }
    return <SignInScreen onSignedIn={enter} />
  }
  return (
    <Router base="/app">
      <Frame>
        <Suspense fallback={<Skeleton rows={6} />}>
          <Switch>
            <Route path="/" component={HomeScreen} />
            <Route path="/statement" component={StatementScreen} />
            <Route path="/receipts/:id">{({ id }) => <ReceiptScreen id={id} />}</Route>
            <Route path="/movements/:id">{({ id }) => <MovementScreen id={id} />}</Route>
            <Route path="/transfers/:id">{({ id }) => <TransferredScreen id={id} />}</Route>
            <Route path="/transfer" component={TransferScreen} />
            <Route path="/transfer/card" component={CardTransferScreen} />
            <Route path="/code/*?" component={CodeRoutes} />
            <Route path="/people/*" component={PeopleRoutes} />
            <Route path="/bills/*" component={BillsRoutes} />
            <Route path="/points/*?" component={PointsRoutes} />
            <Route path="/cards" component={CardsScreen} />
            <Route path="/cards/:id/bill">{({ id }) => <CardBillScreen cardId={id} />}</Route>
            <Route path="/top-up">{() => <CashScreen kind="top_up" />}</Route>
            <Route path="/withdraw">{() => <CashScreen kind="withdrawal" />}</Route>
            <Route path="/me">{() => <MeScreen onSignedOut={leave} />}</Route>
            <Route path="/sources" component={SourcesScreen} />
            <Route path="/devices" component={DevicesScreen} />
            <Route path="/pin" component={PinScreen} />
            <Route path="/close">{() => <ClosingScreen />}</Route>
            <Route>{() => <Redirect to="/" />}</Route>
          </Switch>
        </Suspense>
      </Frame>
    </Router>
  )
}

const isUnauthorised = ({ problem }: Refused) =>
  problem.kind === 'refused' && problem.status === 401
