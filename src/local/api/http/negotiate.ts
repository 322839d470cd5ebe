/**
 * What form of an answer a client accepts, and of what type a body is.
 * Never here: making the form (table.ts, discovery.ts).
 */
import { failure, Refused } from '../status';

export type Form =
  | { readonly kind: 'json' }
  | { readonly kind: 'yaml' }
  | { readonly kind: 'table' }
  /** PartialObjectMetadata, or a list of them. */
  | { readonly kind: 'metadata' }
  | { readonly kind: 'discovery'; readonly type: string };

/** The first one that can be served. @throws Refused 406 */
export function formOf(accept: string | undefined, of: 'list' | 'one' = 'one'): Form {
  if (accept === undefined || accept === '') return { kind: 'json' };
  for (const item of accept.split(',')) {
    const form = servable(item.trim());
    if (form !== undefined) return form;
  }
  const streams =
    of === 'one'
      ? ''
      : ', application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  const message = `406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf${streams}`;
  throw new Refused(failure(406, 'NotAcceptable', message, {}));
}

function servable(item: string): Form | undefined {
  const [type = '', ...parameters] = item.split(';').map((part) => part.trim());
  if (!['application/json', 'application/yaml', 'application/*', '*/*'].includes(type)) {
    return undefined;
  }
  const known = new Map(
    parameters.map((one): [string, string] => {
      const [name = '', value = ''] = one.split('=');
      return [name, value];
    }),
  );
  const as = known.get('as');
  if (as === undefined) return { kind: type === 'application/yaml' ? 'yaml' : 'json' };
  const isMeta = known.get('g') === 'meta.k8s.io' && known.get('v') === 'v1';
  if (as === 'Table' && isMeta) return { kind: 'table' };
  if (as.startsWith('PartialObjectMetadata') && isMeta) return { kind: 'metadata' };
  if (as === 'APIGroupDiscoveryList' && known.get('v') === 'v2') {
    return { kind: 'discovery', type: `application/json;g=apidiscovery.k8s.io;v=v2;as=${as}` };
  }
  return undefined;
}

export type PatchForm = 'json' | 'merge' | 'strategic' | 'apply';

const patchTypes: Readonly<Record<string, PatchForm>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim() ?? '';
}

/** @throws Refused 415 */
export function patchFormOf(header: string | undefined): PatchForm {
  const form = patchTypes[mediaType(header)];
  if (form !== undefined) return form;
  throw new Refused(failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}));
}

/** @throws Refused 415 */
export function bodyTypeOf(header: string | undefined): 'json' | 'yaml' | 'protobuf' {
  const type = mediaType(header);
  if (type === '' || type === 'application/json') return 'json';
  if (type === 'application/yaml') return 'yaml';
  if (type === 'application/vnd.kubernetes.protobuf') return 'protobuf';
  const message =
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf';
  throw new Refused(failure(415, 'UnsupportedMediaType', message));
}
