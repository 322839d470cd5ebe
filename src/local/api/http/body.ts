/**
 * Reading the body of a request: bounded, JSON or YAML.
 * Never here: what it means.
 */
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { badRequest, failure, Refused } from '../status';
import { bodyTypeOf } from './negotiate';
import { decodeProtobuf } from './protobuf/decode';

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

/** undefined: there is none. @throws Refused */
export function parsedBody(request: IncomingMessage, bytes: Buffer, what: string): unknown {
  if (bytes.length === 0) return undefined;
  switch (bodyTypeOf(request.headers['content-type'])) {
    case 'yaml':
      return yamlBody(bytes.toString('utf8'));
    case 'protobuf':
      return protobufBody(bytes, what);
    default:
      return jsonBody(bytes.toString('utf8'), what);
  }
}

function protobufBody(bytes: Buffer, what: string): unknown {
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(
      badRequest(`the object provided is unrecognized (must be of type ${what}): ${why}`),
    );
  }
}

function jsonBody(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(
      badRequest(
        `the object provided is unrecognized (must be of type ${what}): couldn't get version/kind; json parse error: ${why}`,
      ),
    );
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
export function patchBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(badRequest(`error decoding patch: ${why}`));
  }
}
