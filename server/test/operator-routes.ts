/** The operator's API beside a hall's, over the same people; there are no bills, and the movements that are given. */
import { createGuesses, operatorGuesses, staffGuesses } from '../src/channels/http/index.ts'
import { operatorRoutes } from '../src/channels/operator/index.ts'
import { refuse, Secret } from '../src/kernel/index.ts'
import { createCatalogue } from '../src/merchants/index.ts'
import { createPolicy } from '../src/risk/index.ts'
import type { Wallet } from '../src/wallet/index.ts'
import type { openCounter } from './counter-stage.ts'
import { operatorToken } from './operator-people.ts'

type MovementPort = Pick<Wallet, 'movement' | 'unknownMovements' | 'resolvable' | 'resolve'>

const none: MovementPort = {
  ...{ movement: async () => undefined, unknownMovements: async () => [] },
  resolvable: async () => refuse('movement_not_found'),
  resolve: async () => refuse('movement_not_found'),
}

export const operatorToo =
  (movements = none): NonNullable<Parameters<typeof openCounter>[1]> =>
  async (app, tools) => {
    const { db, clock } = tools
    await app.register(operatorRoutes, {
      ...{ ...tools, token: new Secret(operatorToken), https: false },
      wrongTokens: createGuesses(operatorGuesses, clock),
      wrongSignIns: createGuesses(staffGuesses, clock),
      catalogue: await createCatalogue(db, clock),
      policy: await createPolicy(db, clock),
      billers: { findOut: async () => refuse('bill_not_paid') },
      wallet: {
        ...{ account: async () => undefined, restrict: async () => refuse('wallet_not_found') },
        ...movements,
      },
      ...{ release: async () => {}, signOut: async () => {} },
    })
  }
