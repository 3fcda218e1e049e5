// The screens of points, in a bundle of their own with their words.
import { Redirect, Route, Switch } from 'wouter'
import { PointsScreen } from './points-screen.tsx'
import { RedemptionsScreen } from './redemptions-screen.tsx'
import './add-words.ts'
import './points.css'

export function PointsRoutes() {
  return (
    <Switch>
      <Route path="/points" component={PointsScreen} />
      <Route path="/points/redemptions" component={RedemptionsScreen} />
      <Route>{() => <Redirect to="/points" />}</Route>
    </Switch>
  )
}
