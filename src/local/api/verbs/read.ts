/**
 * list: pages of one state, and states of a given version.
 * Never here: watches, selection.
 */
import { isObject, textAt } from '../json';
import { parseJson } from '../json-text';
import { apiVersionOf } from '../kinds/kind';
import type { JsonObject, Query } from '../port';
import {
  badRequest,
  expired,
  failure,
  forbiddenValue,
  invalid,
  invalidValue,
  Refused,
} from '../status';
import type { KeyedObject } from '../store';
import type { Cause } from '../typing';
import { unsupported } from './options';
import { selectionOf } from './select';
import { type Call, shown } from './server';

const tooOldList = 'The resourceVersion for the provided list is too old.';
const tooOldContinue =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
const VERSION_OF_TOKENS = 'meta.k8s.io/v1';
const twoVersions = 'specifying resource version is not allowed when using continue';
const inconsistent =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** @throws Refused */
export function list(call: Call): JsonObject {
  const { kind, request } = call;
  checkListOptions(call);
  const selection = selectionOf(kind, request.namespace, request.query);
  const page = pageOf(call, selection.prefix);
  const { limit: asked = 0, resourceVersion } = request.query ?? {};
  // From its cache a real server lists all there is.
  const limit = resourceVersion === '0' ? 0 : asked;
  const items: JsonObject[] = [];
  let last = '';
  let i = page.from;
  for (; i < page.entries.length; i += 1) {
    const { key, object } = page.entries[i] as KeyedObject;
    const form = shown(kind, object);
    if (!selection.matches(form)) continue;
    if (limit > 0 && items.length === limit) break;
    items.push(form);
    last = key;
  }
  const more = i < page.entries.length;
  const left = page.entries.length - i;
  return {
    kind: kind.listKind,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion: String(page.revision),
      ...(more
        ? { continue: tokenOf(page.revision, `${last.slice(selection.prefix.length)}\0`) }
        : kind.origin === 'crd'
          ? { continue: '' }
          : {}),
      ...(more && selection.scope === 'all' ? { remainingItemCount: left } : {}),
    },
    items,
  };
}

interface Page {
  readonly revision: number;
  readonly entries: readonly KeyedObject[];
  /** Index of the first one of this page. */
  readonly from: number;
}

function pageOf(call: Call, prefix: string): Page {
  const { store } = call.server;
  const { collection } = call.kind;
  const { continue: token, resourceVersion = '', resourceVersionMatch } = call.request.query ?? {};
  if (token !== undefined && token !== '') {
    if (resourceVersion !== '' && resourceVersion !== '0')
      throw new Refused(badRequest(twoVersions));
    return continued(call, prefix, token);
  }
  const present = store.revision();
  const asked = revisionOf(resourceVersion);
  if (asked > present) throw new Refused(tooLarge(asked, present));
  if (resourceVersionMatch === 'Exact' && asked > 0) {
    const entries = store.listAt(collection, prefix, asked);
    if (entries === undefined) throw new Refused(expired(tooOldList));
    return { revision: asked, entries, from: 0 };
  }
  return { revision: present, entries: store.list(collection, prefix), from: 0 };
}

/** The rest of a list: of the same state as long as that can be told. */
function continued(call: Call, prefix: string, token: string): Page {
  const { store } = call.server;
  const { revision, start } = readToken(token);
  // -1: the client was told that the list is no longer of one state.
  const entries =
    revision < 0
      ? store.list(call.kind.collection, prefix)
      : store.listAt(call.kind.collection, prefix, revision);
  if (entries === undefined) {
    const next = tokenOf(-1, start);
    throw new Refused({ ...expired(inconsistent), metadata: { continue: next } });
  }
  const after = `${prefix}${start}`;
  const from = entries.findIndex(({ key }) => key >= after);
  return {
    revision: revision < 0 ? store.revision() : revision,
    entries,
    from: from < 0 ? entries.length : from,
  };
}

/** As the real server's: opaque, but readable in a debugger. */
function tokenOf(revision: number, start: string): string {
  const token = { v: VERSION_OF_TOKENS, rv: revision, start };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(text: string): { readonly revision: number; readonly start: string } {
  let token: unknown;
  try {
    // Byte by byte, as Go's decoder reads: keys of the store are ASCII.
    token = parseJson(Buffer.from(text, 'base64url').toString('latin1'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(badRequest(`invalid continue token: continue key is not valid: ${why}`));
  }
  const revision = isObject(token) ? token.rv : undefined;
  if (textAt(token, 'v') !== VERSION_OF_TOKENS) {
    const why = `continue key is not valid: server does not recognize this encoded version ${textAt(token, 'v')}`;
    throw new Refused(badRequest(`invalid continue token: ${why}`));
  }
  if (typeof revision !== 'number' || textAt(token, 'start') === '') {
    throw new Refused(badRequest(`invalid continue token: ${tooOldContinue}`));
  }
  return { revision, start: textAt(token, 'start') };
}

/** '' and '0' are 0. @throws Refused */
export function revisionOf(text: string): number {
  if (text === '') return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Refused(badRequest(`invalid resource version: ${versionFault(text)}`));
}

export function versionFault(text: string): string {
  const why = `strconv.ParseUint: parsing "${text}": invalid syntax`;
  const { field, message } = invalidValue('resourceVersion', text, why);
  return `${field}: ${message}`;
}

export function tooLarge(asked: number, present: number) {
  const message = `Timeout: Too large resource version: ${asked}, current: ${present}`;
  return failure(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** A version that nobody has written yet is not waited for. @throws Refused */
export function checkVersion(call: Call): void {
  const asked = revisionOf(call.request.query?.resourceVersion ?? '');
  const present = call.server.store.revision();
  if (asked > present) throw new Refused(tooLarge(asked, present));
}

function checkListOptions(call: Call): void {
  const { query } = call.request;
  const causes = [...matchFaults(query)];
  if (query?.sendInitialEvents !== undefined) {
    causes.push(forbiddenValue('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (causes.length === 0) return;
  throw new Refused(invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes));
}

function matchFaults(query: Query = {}): readonly Cause[] {
  const { resourceVersion, resourceVersionMatch, continue: token } = query;
  if (resourceVersionMatch === undefined) return [];
  const causes: Cause[] = [];
  const field = 'resourceVersionMatch';
  if (!['Exact', 'NotOlderThan'].includes(resourceVersionMatch)) {
    causes.push(unsupported(field, resourceVersionMatch, ['Exact', 'NotOlderThan', '']));
  } else if ((resourceVersion ?? '') === '') {
    const text = 'resourceVersionMatch is forbidden unless resourceVersion is provided';
    causes.push(forbiddenValue(field, text));
  } else if ((token ?? '') !== '') {
    causes.push(
      forbiddenValue(field, 'resourceVersionMatch is forbidden when continue is provided'),
    );
  } else if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
    const text = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
    causes.push(forbiddenValue(field, text));
  }
  return causes;
}
