/**
 * Validates bodies that are sent to J.P. Morgan against the published OpenAPI file (test/vectors/jpm), as strictly as can be:
 * properties the file does not know are faults, and so are read-only ones. Fields that came after that file are taken out
 * first, by the connector's own list (later-fields.ts).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { LATER_FIELDS } from '../../src/connectors/jpm-online-payments/later-fields.ts';

const FILE = new URL('../vectors/jpm/online-payments-2.0.55.yaml', import.meta.url);

/** The schema of each request body. */
const SCHEMAS = {
  payment: 'payment',
  verification: 'verification',
  capture: 'captureRequest',
  change: 'paymentPatch',
  refund: 'refund',
} as const;
export type BodyKind = keyof typeof SCHEMAS;

/** Every way in which a body breaks the published schema, as `path: what`; later fields do not count. */
export function bodyFaults(kind: BodyKind, body: Readonly<Record<string, unknown>>): readonly string[] {
  const later: readonly string[] = LATER_FIELDS[kind];
  const published = Object.fromEntries(Object.entries(body).filter(([name]) => !later.includes(name)));
  const validate = validatorOf(kind);
  if (validate(published)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const name = typeof params.additionalProperty === 'string' ? ` (${params.additionalProperty})` : '';
    return `${instancePath === '' ? '/' : instancePath}: ${message}${name}`;
  });
}

const compiled = new Map<BodyKind, ValidateFunction>();
let reader: Ajv | undefined;

function validatorOf(kind: BodyKind): ValidateFunction {
  reader ??= openReader();
  const known = compiled.get(kind) ?? reader.compile({ $ref: `jpm#/components/schemas/${SCHEMAS[kind]}` });
  compiled.set(kind, known);
  return known;
}

type Node = Record<string, unknown>;

function openReader(): Ajv {
  const { components } = loadOpenApi();
  const formats = {
    int32: true,
    int64: true,
    base64: /^[A-Za-z0-9+/]*={0,2}$/,
    date: /^\d{4}-\d{2}-\d{2}$/,
    // The file has this pattern where a format belongs.
    '^[A-Za-z]*$': /^[A-Za-z]*$/,
  } as const;
  const ajv = new Ajv({ strict: false, allErrors: true, formats, logger: false });
  return ajv.addSchema({ $id: 'jpm', components: { schemas: forRequests(components.schemas) } });
}

interface OpenApi {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, Node>> };
}

/** The file with its known defect taken away: the examples of POST /refunds belong beside the schema, not into it. */
export function loadOpenApi(): OpenApi {
  const file = parse(readFileSync(FILE, 'utf8'));
  const answer = file.paths['/refunds'].post.responses['200'].content['application/json'];
  assert.ok('$ref' in answer.schema && 'examples' in answer.schema, 'the file has the defect that is taken away here');
  answer.examples = answer.schema.examples;
  delete answer.schema.examples;
  return file;
}

/** Schemas as a sender has to read them: nothing beside the named properties, and no read-only ones. */
function forRequests(schemas: Readonly<Record<string, Node>>): Node {
  const isReadOnly = (schema: Node): boolean => {
    const name = typeof schema.$ref === 'string' ? (schema.$ref.split('/').at(-1) ?? '') : '';
    return schema.readOnly === true || schemas[name]?.readOnly === true;
  };
  const strict = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strict);
    if (!isNode(value)) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strict(inner)]));
    if (value.type !== 'object' || !isNode(value.properties)) return copy;
    const writable = Object.entries(value.properties).filter(([, inner]) => isNode(inner) && !isReadOnly(inner));
    return { ...copy, properties: strict(Object.fromEntries(writable)), additionalProperties: false };
  };
  return strict(schemas) as Node; // an object in gives an object out
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
