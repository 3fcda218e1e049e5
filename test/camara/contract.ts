/**
 * Holds answers and events against the published contracts, CAMARA Carrier Billing r3.2. The YAML
 * files are not part of this repository: without `../shared/specs` beside it, shapes go unchecked.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv, { type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

const folder = join(import.meta.dirname, '../../../shared/specs/camara-carrier-billing-r3.2')
const files = { payments: 'carrier-billing.yaml', refunds: 'carrier-billing-refund.yaml' } as const
export type Contract = keyof typeof files

export const contractsFound = existsSync(folder)

interface Spec {
  readonly paths: Record<string, Record<string, { responses: Record<string, object> }>>
  readonly components: { readonly schemas: Record<string, object> }
}

const ajv = new Ajv.default({ strict: false, allErrors: true, multipleOfPrecision: 6 })
addFormats.default(ajv)
const specs = new Map<Contract, Spec>()
if (contractsFound)
  for (const [name, file] of Object.entries(files) as [Contract, string][]) {
    const spec = parse(readFileSync(join(folder, file), 'utf8')) as Spec
    specs.set(name, spec)
    ajv.addSchema(spec, name)
  }

const compiled = new Map<string, ValidateFunction>()
function complaintsOf(pointer: string, value: unknown): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer })
  compiled.set(pointer, validate)
  return validate(value)
    ? []
    : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`)
}

/** What is wrong with a value by `#/components/schemas/<name>`. */
export const againstSchema = (contract: Contract, name: string, value: unknown): string[] =>
  contractsFound ? complaintsOf(`${contract}#/components/schemas/${name}`, value) : []

/** Statuses of CAMARA's common errors that these YAML files leave out. */
const undocumented = new Set([415, 500, 503])

/** What is wrong with an answer by the operation's `responses`. `path` is the YAML's. */
export function againstOperation(
  contract: Contract,
  path: string,
  method: string,
  status: number,
  body: unknown,
): string[] {
  const spec = specs.get(contract)
  if (!spec || undocumented.has(status)) return []
  const responses = spec.paths[path]?.[method.toLowerCase()]?.responses
  const response = responses?.[String(status)]
  if (!response) return [`${method} ${path} knows no ${status}`]
  const pointerOf = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
  const own = `#/paths/${pointerOf(path)}/${method.toLowerCase()}/responses/${status}`
  const base = '$ref' in response ? String(response.$ref) : own
  const described = '$ref' in response ? find(spec, String(response.$ref)) : response
  if (!described || !('content' in described)) return body === undefined ? [] : ['no body expected']
  return complaintsOf(`${contract}${base}/content/application~1json/schema`, body)
}

const find = (spec: object, pointer: string): object | undefined =>
  pointer
    .slice(2)
    .split('/')
    .reduce<object | undefined>(
      (node, name) => node && (Reflect.get(node, name) as object | undefined),
      spec,
    )
