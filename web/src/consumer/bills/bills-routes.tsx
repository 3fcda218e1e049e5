// The screens of bills, in a bundle of their own with their words.
import { Redirect, Route, Switch } from 'wouter'
import { BillScreen } from './bill-screen.tsx'
import { BillersScreen } from './billers-screen.tsx'
import { PayBillScreen } from './pay-bill-screen.tsx'
import './add-words.ts'

export function BillsRoutes() {
  return (
    <Switch>
      <Route path="/bills/billers" component={BillersScreen} />
      <Route path="/bills/pay/:code">{({ code }) => <PayBillScreen code={code} />}</Route>
      <Route path="/bills/pay/:code/:account">
        {({ code, account }) => <PayBillScreen code={code} account={account} />}
      </Route>
      <Route path="/bills/:id">{({ id }) => <BillScreen id={id} />}</Route>
      <Route>{() => <Redirect to="/bills/billers" />}</Route>
    </Switch>
  )
}
