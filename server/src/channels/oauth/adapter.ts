/**
 * Where the protocol library keeps its records: PostgreSQL. Clients are not kept here, they come from
 * the catalogue. Authorization codes and refresh tokens are bearer values, so only their SHA-256 is
 * stored, and the value is put back when it is presented.
 */
import { createHash } from 'node:crypto'
import { type Adapter, errors, type Payload } from 'oidc-provider'
import type { Database } from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { ApiClient, Catalogue } from '../../merchants/index.ts'
import { consumeRecord, deleteGrant, deleteRecord, findRecord, upsertRecord } from './store.ts'

interface Dependencies {
  readonly db: Database
  readonly catalogue: Catalogue
  readonly clock: Clock
}

const bearerModels = new Set(['AuthorizationCode', 'RefreshToken'])

export function adapterOf({ db, catalogue, clock }: Dependencies) {
  return (model: string): Adapter => {
    if (model === 'Client') return clientAdapter(catalogue)
    const keyOf = bearerModels.has(model) ? sha256 : (id: string) => id
    const find = async (by: 'id' | 'uid' | 'user_code', value: string) => {
      const row = await findRecord(db, model, by, value)
      if (!row) return undefined
      const used = row.consumed_at === null ? {} : { consumed: Number(row.consumed_at) / 1_000 }
      return { ...row.payload, ...used }
    }
    return {
      async upsert(id, { jti: _, ...payload }, expiresIn) {
        const text = (name: string) => (typeof payload[name] === 'string' ? payload[name] : null)
        const record = {
          model,
          id: keyOf(id),
          payload: bearerModels.has(model) ? payload : { ...payload, jti: id },
          grantId: text('grantId'),
          userCode: text('userCode'),
          uid: text('uid'),
          expiresAt: expiresIn === undefined ? null : clock.now() + expiresIn * 1_000,
        }
        await db.transact((tx) => upsertRecord(tx, record))
      },
      async find(id) {
        const payload = await find('id', keyOf(id))
        return payload && { ...payload, jti: id }
      },
      findByUserCode: (userCode) => find('user_code', userCode),
      findByUid: (uid) => find('uid', uid),
      async consume(id) {
        const first = await db.transact((tx) => consumeRecord(tx, model, keyOf(id), clock.now()))
        // Two requests with one code at the same instant both saw it unused: only one may go on.
        if (!first) throw new errors.InvalidGrant(`${model} already consumed`)
      },
      destroy: (id) => db.transact((tx) => deleteRecord(tx, model, keyOf(id))),
      revokeByGrantId: (grantId) => db.transact((tx) => deleteGrant(tx, grantId)),
    }
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

function clientAdapter(catalogue: Catalogue): Adapter {
  const never = () => Promise.reject(new Error('clients are kept by the catalogue'))
  return {
    async find(id) {
      const client = catalogue.client(id)
      return client && client.revokedAt === null ? metadataOf(client) : undefined
    },
    upsert: never,
    findByUserCode: never,
    findByUid: never,
    consume: never,
    destroy: never,
    revokeByGrantId: never,
  }
}

/** Client metadata of RFC 7591. The "secret" is its hash: `compareClientSecret` knows. */
function metadataOf(client: ApiClient): Payload {
  const signsIn = client.grantTypes.includes('authorization_code')
  return {
    client_id: client.id,
    client_name: client.name,
    client_secret: client.secretHash,
    grant_types: client.grantTypes,
    response_types: signsIn ? ['code'] : [],
    redirect_uris: signsIn ? client.redirectUris : [],
    token_endpoint_auth_method: 'client_secret_basic',
  }
}
