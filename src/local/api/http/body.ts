/**
 * Reading the body of a request: bounded, JSON or YAML.
 * Never here: what it means.
 */
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { membersOfDoubled } from '../doubled-fields';
import { isObject } from '../json';
import { JsonFault, parseJson } from '../json-text';
import type { Json } from '../port';
import { badRequest, failure, Refused } from '../status';
import { decode } from '../typed/decode';
import { builtinShape } from '../typed/shape';
import { bodyTypeOf } from './negotiate';
import { decodeObject, type Envelope, isDecodable, openEnvelope } from './protobuf/decode';
import { WireFault } from './protobuf/wire';

/** As the real server: 3 MiB. */
const bytesMax = 3 * 1024 * 1024;

/** @throws Refused 413 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else {
        const message = `Request entity too large: limit is ${bytesMax}`;
        reject(new Refused(failure(413, 'RequestEntityTooLarge', message)));
      }
    });
    request.on('error', reject);
    request.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

export interface ParsedBody {
  /** undefined: there is none. */
  readonly body?: unknown;
  readonly members?: readonly string[];
}

/** What the path asks for. */
export interface Expected {
  readonly apiVersion: string;
  readonly kind: string;
}

/** @throws Refused */
export function parsedBody(
  request: IncomingMessage,
  bytes: Buffer,
  expected: Expected,
): ParsedBody {
  switch (bodyTypeOf(request.headers['content-type'])) {
    case 'yaml':
      return { body: yamlBody(bytes.toString('utf8')) };
    case 'protobuf':
      return { body: protobufBody(bytes, expected) };
    default:
      return withDoubled(jsonBody(bytes.toString('utf8'), expected.kind), bytes);
  }
}

function withDoubled(body: unknown, bytes: Buffer): ParsedBody {
  const members = membersOfDoubled(bytes.toString('utf8'), body as Json);
  return members === undefined ? { body } : { body, members };
}

function protobufBody(bytes: Buffer, expected: Expected): unknown {
  const what = expected.kind;
  const said = opened(bytes, what);
  // Go takes what names none for what is expected.
  const kind = said.kind === '' ? what : said.kind;
  const apiVersion = said.apiVersion === '' ? expected.apiVersion : said.apiVersion;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const head = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${what}:`;
  if (!isDecodable({ apiVersion, kind })) {
    // It is refused for being another, in the same words as JSON.
    if (kind !== what) return { apiVersion, kind };
    throw new Refused(
      badRequest(`${head} it is not taken as protobuf here. To fix: send it as JSON`),
    );
  }
  try {
    return decodeObject({ apiVersion, kind, object: said.object });
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    throw new Refused(badRequest(`${head} ${error.message}`));
  }
}

function opened(bytes: Buffer, what: string): Envelope {
  try {
    return openEnvelope(bytes);
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    const why = `${error.message} (${summaryOf(bytes)})`;
    throw new Refused(
      badRequest(`the object provided is unrecognized (must be of type ${what}): ${why}`),
    );
  }
}

function jsonBody(text: string, what: string): unknown {
  try {
    const value = parseJson(text);
    // Go reads null as an object without members.
    return value === null ? {} : objectOf(value, text);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const tail = error.message.startsWith('json:') ? '' : ` (${summaryOf(Buffer.from(text))})`;
    throw new Refused(
      badRequest(
        `the object provided is unrecognized (must be of type ${what}): couldn't get version/kind; json parse error: ${error.message}${tail}`,
      ),
    );
  }
}

const shownMax = 30;

/** An object is shown as it begins, anything else in hexadecimal digits. */
function summaryOf(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  const begin = bytes.subarray(0, shownMax);
  const shown = begin.toString().startsWith('{') ? begin.toString() : begin.toString('hex');
  return bytes.length > shownMax ? `${shown} ...` : shown;
}

function objectOf(value: unknown, text: string): unknown {
  if (isObject(value)) return value;
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const into =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const hex = Buffer.from(text).toString('hex');
  throw new JsonFault(`json: cannot unmarshal ${type} into Go value of type ${into} (${hex})`);
}

const DELETE_OPTIONS: Expected = { apiVersion: 'v1', kind: 'DeleteOptions' };

/** Of a deletion; '' is none. @throws Refused */
export function optionsBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (bytes.subarray(0, 4).toString() === 'k8s\0') return protobufBody(bytes, DELETE_OPTIONS);
  const options = optionsOf(bytes.toString('utf8'));
  if (!isObject(options)) return options;
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = options;
  if (kind !== 'DeleteOptions') {
    const why = `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`;
    throw new Refused(failure(500, '', why));
  }
  const { fault } = decode(builtinShape(deleteOptions), options);
  if (fault !== undefined) throw new Refused(failure(500, '', fault));
  return options;
}

const deleteOptions = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

function optionsOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(failure(500, '', `couldn't get version/kind; json parse error: ${why}`));
  }
}

/** @throws Refused */
export function yamlBody(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Refused(badRequest(`error decoding YAML: ${why}`));
  }
}

/** @throws Refused */
export function patchBody(bytes: Buffer): ParsedBody {
  try {
    return withDoubled(parseJson(bytes.toString('utf8')), bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(badRequest(`error decoding patch: ${why}`));
  }
}
