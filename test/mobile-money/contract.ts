/**
 * Holds answers against the published contract, GSMA Mobile Money API 1.2.0. The YAML is not part of this
 * repository: without `../shared/specs` beside it, shapes go unchecked and tests made from it are skipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv, { type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

const file = join(
  import.meta.dirname,
  '../../../shared/specs/gsma-mobile-money-1.2/mobile-money-api-specification-1.2.0-master_0.yaml',
)
export const contractFound = existsSync(file)

interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, { readonly content?: object }>>
}

interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: { readonly errorObject: { properties: { errorCode: { enum: string[] } } } }
  }
}

const spec: Spec | undefined = contractFound
  ? (asJsonSchema(parse(readFileSync(file, 'utf8'))) as Spec)
  : undefined
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
if (spec) ajv.addSchema(spec, 'gsma')

/** OpenAPI 3.0 says `exclusiveMinimum: true` beside a minimum; JSON Schema has a number there. */
function asJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asJsonSchema)
  if (typeof node !== 'object' || node === null) return node
  const { exclusiveMinimum, minimum, ...rest } = node as Readonly<Record<string, unknown>>
  const least = exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum }
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, asJsonSchema(one)])),
    ...(minimum !== undefined && least),
  }
}

const compiled = new Map<string, ValidateFunction>()
function complaintsOf(pointer: string, value: unknown): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer })
  compiled.set(pointer, validate)
  const errors = validate(value) ? [] : (validate.errors ?? [])
  return errors.map((one) => `${one.instancePath} ${one.message}`)
}

/** What is wrong with an answer by the operation's `responses`. `path` is the YAML's. */
export function againstOperation(
  { method, path }: { readonly method: string; readonly path: string },
  status: number,
  body: unknown,
): string[] {
  if (!spec) return []
  const verb = method.toLowerCase()
  const response = spec.paths[path]?.[verb]?.responses[String(status)]
  if (!response) return [`${method} ${path} knows no ${status}`]
  if (!response.content) return body === undefined ? [] : ['no body expected']
  const list = verb === 'get' && lists.find(([end]) => path.endsWith(end))
  if (list)
    return status === 200 ? complaintsOfList(list[1], body) : againstSchema('errorObject', body)
  const pointer = path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B')
  const place = `${pointer.replaceAll('}', '%7D')}/${verb}/responses/${status}`
  return complaintsOf(`gsma#/paths/${place}/content/application~1json/schema`, body)
}

/** The YAML has one object here, beside a limit, an offset and headers that count records: it is a list. */
const lists = [
  ['/authorisationcodes', 'responseAuthorisationCode'],
  ['/bills/payments', 'responseBillPayment2'],
  ['/{billReference}/payments', 'responseBillPayment'],
] as const

const complaintsOfList = (name: string, body: unknown): string[] =>
  Array.isArray(body) ? body.flatMap((one) => againstSchema(name, one)) : ['no list']

/** What is wrong with a value by `#/components/schemas/<name>`. */
export const againstSchema = (name: string, value: unknown): string[] =>
  spec ? complaintsOf(`gsma#/components/schemas/${name}`, value) : []

/** `GET /accounts/{accountId}/status`, for all that the contract has. */
export const publishedOperations = (): string[] =>
  Object.entries(spec?.paths ?? {}).flatMap(([path, verbs]) =>
    Object.keys(verbs)
      .filter((verb) => ['get', 'post', 'patch', 'put', 'delete'].includes(verb))
      .map((verb) => `${verb.toUpperCase()} ${path}`),
  )

export const publishedErrorCodes = (): readonly string[] =>
  spec?.components.schemas.errorObject.properties.errorCode.enum ?? []
