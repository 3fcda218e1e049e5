/** How staff comes in and stays in, at the counter as at the operator's page. */
export { type Door, type DoorRefusal, enter, foundSession, personOf, sessionOf } from './door.ts'
export { loginName, personView, role, sessionView, viewOfPerson, viewOfSession } from './fields.ts'
export { sessionRoutes } from './session-routes.ts'
