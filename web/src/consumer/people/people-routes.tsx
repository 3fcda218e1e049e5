// The screens of money between people, in a bundle of their own with their words.
import { Redirect, Route, Switch } from 'wouter'
import { PacketNewScreen } from './packet-new-screen.tsx'
import { PacketScreen } from './packet-screen.tsx'
import { PacketsScreen } from './packets-screen.tsx'
import { RequestNewScreen } from './request-new-screen.tsx'
import { RequestScreen } from './request-screen.tsx'
import { RequestsScreen } from './requests-screen.tsx'
import { SplitNewScreen } from './split-new-screen.tsx'
import { SplitScreen } from './split-screen.tsx'
import { SplitsScreen } from './splits-screen.tsx'
import { StandingNewScreen } from './standing-new-screen.tsx'
import { StandingScreen } from './standing-screen.tsx'
import './add-words.ts'
import './people.css'

export function PeopleRoutes() {
  return (
    <Switch>
      <Route path="/people/splits" component={SplitsScreen} />
      <Route path="/people/splits/new" component={SplitNewScreen} />
      <Route path="/people/splits/:id">{({ id }) => <SplitScreen id={id} />}</Route>
      <Route path="/people/packets" component={PacketsScreen} />
      <Route path="/people/packets/new" component={PacketNewScreen} />
      <Route path="/people/packets/:id">{({ id }) => <PacketScreen id={id} />}</Route>
      <Route path="/people/requests" component={RequestsScreen} />
      <Route path="/people/requests/new" component={RequestNewScreen} />
      <Route path="/people/requests/:id">{({ id }) => <RequestScreen id={id} />}</Route>
      <Route path="/people/standing" component={StandingScreen} />
      <Route path="/people/standing/new" component={StandingNewScreen} />
      <Route>{() => <Redirect to="/" />}</Route>
    </Switch>
  )
}
