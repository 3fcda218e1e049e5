// Codes that are shown and read, and what was paid with them, in a bundle of their own with their words.
import { Redirect, Route, Switch } from 'wouter'
import { CodeScreen } from './code-screen.tsx'
import { PaymentScreen } from './payment-screen.tsx'
import { ScanScreen } from './scan-screen.tsx'
import './add-words.ts'
import './code.css'

export function CodeRoutes() {
  return (
    <Switch>
      <Route path="/code" component={CodeScreen} />
      <Route path="/code/scan">{() => <ScanScreen />}</Route>
      <Route path="/code/orders/:id">{({ id }) => <ScanScreen key={id} order={id} />}</Route>
      <Route path="/code/payments/:id">{({ id }) => <PaymentScreen key={id} id={id} />}</Route>
      <Route>{() => <Redirect to="/" />}</Route>
    </Switch>
  )
}
