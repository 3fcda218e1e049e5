/** Hosted checkout: the payment page and what stands behind it. */
export { type AppOrders, createAppOrders } from './app-orders.ts'
export { type Checkout, forgetQuestions } from './checkout-store.ts'
export { type CheckoutOptions, type Checkouts, createCheckouts } from './checkouts.ts'
export { type CheckoutRoutes, checkoutRoutes } from './routes.ts'
