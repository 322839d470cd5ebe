/**
 * Questions that are asked by creating an object which is never stored: who am I, may I, is this token
 * good; and TokenRequest, which answers one with a token.
 * Never here: how access is decided (rbac.ts), how a token is signed (http/).
 */
import { isObject, listAt, numberAt, objectAt, textAt } from '../json';
import { timeText } from '../metadata';
import type { Json, JsonObject, Request, User } from '../port';
import { type Authorizer, askedBy } from '../rbac';
import { badRequest, conflict, invalid, invalidValue, notFound, quote, Refused } from '../status';
import type { Cause } from '../typing';
import { type Call, existing, managerOf, type Server } from './server';

export interface Review {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly scope: 'namespaced' | 'cluster';
  readonly answer: (asking: Asking) => JsonObject;
}

interface Asking {
  readonly server: Server;
  readonly authorizer: Authorizer;
  readonly user: User;
  readonly namespace: string | undefined;
  readonly spec: JsonObject;
}

const access = 'authorization.k8s.io';
const identity = 'authentication.k8s.io';

export const reviews: readonly Review[] = [
  {
    group: identity,
    resource: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    scope: 'cluster',
    answer: ({ user }) => ({ userInfo: userInfo(user) }),
  },
  {
    group: identity,
    resource: 'tokenreviews',
    kind: 'TokenReview',
    scope: 'cluster',
    answer: ({ server, spec }) => tokenStatus(server, spec),
  },
  {
    group: access,
    resource: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    scope: 'namespaced',
    answer: ({ authorizer, spec }) => decided(authorizer, subjectOf(spec), spec),
  },
  {
    group: access,
    resource: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    scope: 'cluster',
    answer: ({ authorizer, user, spec }) => decided(authorizer, user, spec),
  },
  {
    group: access,
    resource: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    scope: 'cluster',
    answer: ({ authorizer, user, spec }) => {
      const namespace = textAt(spec, 'namespace');
      if (namespace === '') throw new Refused(badRequest('no namespace on request'));
      return rulesStatus(authorizer.rulesOf(user, namespace));
    },
  },
  {
    group: access,
    resource: 'subjectaccessreviews',
    kind: 'SubjectAccessReview',
    scope: 'cluster',
    answer: ({ authorizer, spec }) => decided(authorizer, subjectOf(spec), spec),
  },
];

export function answerReview(
  review: Review,
  asking: Omit<Asking, 'spec'>,
  request: Request,
): JsonObject {
  const object = isObject(request.body) ? request.body : {};
  const spec = objectAt(object, 'spec');
  const { kind, group } = review;
  const faults = questionFaults(kind, spec);
  if (faults.length > 0) throw new Refused(invalid({ group, kind: '' }, '', faults));
  const status = review.answer({ ...asking, spec });
  const metadata = objectAt(object, 'metadata');
  if (kind === 'SelfSubjectReview') {
    const created = { ...metadata, creationTimestamp: timeText(asking.server.nowMs()) };
    return { kind, apiVersion: `${group}/v1`, metadata: created, status };
  }
  const asked = { kind, apiVersion: `${group}/v1`, metadata, spec };
  if (kind === 'SelfSubjectRulesReview') return { ...asked, spec: {}, status };
  return { ...tracked(review, asking.server, request, asked), status };
}

/** Of a review that asks what somebody may. */
function questionFaults(kind: string, spec: JsonObject): readonly Cause[] {
  if (!kind.endsWith('SubjectAccessReview')) return [];
  const faults: Cause[] = [];
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (isObject(resource) && isObject(path)) {
    const said = { Path: textAt(path, 'path'), Verb: textAt(path, 'verb') };
    const why = 'cannot be specified in combination with resourceAttributes';
    faults.push(invalidValue('spec.nonResourceAttributes', said, why));
  } else if (!isObject(resource) && !isObject(path)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    faults.push(invalidValue('spec.resourceAttributes', null, why));
  }
  const isOfOther = kind !== 'SelfSubjectAccessReview';
  if (isOfOther && textAt(spec, 'user') === '' && listAt(spec, 'groups').length === 0) {
    const why = 'at least one of user or group must be specified';
    faults.push(invalidValue('spec.user', '', why));
  }
  return faults;
}

interface Tracked {
  readonly group: string;
  readonly kind: string;
  readonly subresource?: string;
}

/** A question too says who asked it. */
function tracked(review: Tracked, server: Server, request: Request, asked: JsonObject): JsonObject {
  const typing = server.typings.builtin(review.group, 'v1', review.kind);
  if (typing === undefined) return asked;
  return typing.trackUpdate(undefined, asked, {
    manager: managerOf(request),
    operation: 'Update',
    apiVersion: `${review.group}/v1`,
    subresource: review.subresource ?? '',
    now: timeText(server.nowMs()),
    reset: [],
  });
}

function userInfo(user: User): JsonObject {
  return { username: user.name, groups: user.groups };
}

function subjectOf(spec: JsonObject): User {
  const groups = listAt(spec, 'groups').map(String);
  return { name: textAt(spec, 'user'), groups };
}

function decided(authorizer: Authorizer, user: User, spec: JsonObject): JsonObject {
  const decision = authorizer.decide(user, askedBy(spec));
  return {
    allowed: decision.kind === 'allowed',
    ...(decision.reason === '' ? {} : { reason: decision.reason }),
  };
}

function rulesStatus(rules: readonly JsonObject[]): JsonObject {
  const paths = rules.filter((rule) => rule.nonResourceURLs !== undefined);
  const resources = rules.filter((rule) => rule.resources !== undefined);
  return {
    resourceRules: resources.map(({ verbs, apiGroups, resources: names, resourceNames }) => ({
      verbs: verbs ?? [],
      apiGroups: apiGroups ?? [],
      resources: names ?? [],
      ...(resourceNames === undefined ? {} : { resourceNames }),
    })),
    nonResourceRules: paths.map(({ verbs, nonResourceURLs }) => ({
      verbs: verbs ?? [],
      nonResourceURLs: nonResourceURLs ?? [],
    })),
    incomplete: false,
  };
}

function tokenStatus(server: Server, spec: JsonObject): JsonObject {
  const token = textAt(spec, 'token');
  if (token === '') {
    throw new Refused(badRequest('token is required for TokenReview in authentication'));
  }
  const user = userOfToken(server, token);
  if (user === undefined) {
    return { user: {}, error: 'invalid bearer token' };
  }
  const { issuer } = server.tokens;
  const asked = listAt(spec, 'audiences').map(String);
  if (asked.length > 0 && !asked.includes(issuer)) {
    const [own, wanted] = [[issuer], asked].map((all) => `[${all.map(quote).join(' ')}]`);
    const why = `token audiences ${own} is invalid for the target audiences ${wanted}`;
    return { user: {}, error: `[invalid bearer token, ${why}]` };
  }
  return { authenticated: true, user: userInfo(user), audiences: [server.tokens.issuer] };
}

/** undefined: the token is not ours, is over, or what it was bound to is gone. */
export function userOfToken(server: Server, token: string): User | undefined {
  const claims = server.tokens.verify(token);
  if (claims === undefined) return undefined;
  const own = objectAt(claims, 'kubernetes.io');
  const namespace = textAt(own, 'namespace');
  const name = textAt(own, 'serviceaccount', 'name');
  const account = server.store.get('serviceaccounts', `${namespace}/${name}`);
  if (textAt(account, 'metadata', 'uid') !== textAt(own, 'serviceaccount', 'uid')) return undefined;
  const pod = objectAt(own, 'pod');
  if (Object.keys(pod).length > 0) {
    const bound = server.store.get('pods', `${namespace}/${textAt(pod, 'name')}`);
    if (bound === undefined || textAt(bound, 'metadata', 'uid') !== textAt(pod, 'uid')) {
      return undefined;
    }
  }
  return serviceAccountUser(namespace, name);
}

export function serviceAccountUser(namespace: string, name: string): User {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ],
  };
}

const secondsMin = 600;
const kind = { group: identity, kind: 'TokenRequest' };

/** serviceaccounts/token. @throws Refused */
export function requestToken(call: Call, name: string): JsonObject {
  const account = existing(call, name);
  const body = isObject(call.request.body) ? call.request.body : {};
  const namespace = textAt(account, 'metadata', 'namespace');
  const seconds = numberAt(body, 'spec', 'expirationSeconds') ?? 3_600;
  const why =
    seconds < secondsMin
      ? 'may not specify a duration less than 10 minutes'
      : seconds > 2 ** 32
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (why !== undefined) {
    throw new Refused(invalid(kind, '', [invalidValue('spec.expirationSeconds', seconds, why)]));
  }
  const asked = listAt(body, 'spec', 'audiences');
  const audiences = asked.length === 0 ? [call.server.tokens.issuer] : asked;
  const bound = boundTo(call, account, objectAt(body, 'spec', 'boundObjectRef'));
  const nowMs = call.server.nowMs();
  const nowSeconds = Math.floor(nowMs / 1_000);
  const token = call.server.tokens.sign({
    aud: audiences,
    exp: nowSeconds + seconds,
    iat: nowSeconds,
    iss: call.server.tokens.issuer,
    jti: call.server.uuid(),
    nbf: nowSeconds,
    sub: `system:serviceaccount:${namespace}:${name}`,
    'kubernetes.io': {
      namespace,
      ...bound,
      serviceaccount: { name, uid: textAt(account, 'metadata', 'uid') },
    },
  });
  const asking = {
    kind: 'TokenRequest',
    apiVersion: `${identity}/v1`,
    metadata: { name, namespace, uid: call.server.uuid(), creationTimestamp: timeText(nowMs) },
    spec: objectAt(body, 'spec'),
  };
  const tracking = { group: identity, kind: 'TokenRequest', subresource: 'token' };
  return {
    ...tracked(tracking, call.server, call.request, asking),
    spec: { ...asking.spec, audiences, expirationSeconds: seconds },
    status: { token, expirationTimestamp: timeText(nowMs + seconds * 1_000) },
  };
}

function boundTo(call: Call, account: JsonObject, ref: JsonObject): JsonObject {
  const kindName = textAt(ref, 'kind');
  if (kindName === '') return {};
  const name = textAt(ref, 'name');
  const namespace = textAt(account, 'metadata', 'namespace');
  const collection = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }[kindName];
  if (collection === undefined) {
    const version = textAt(ref, 'apiVersion');
    throw new Refused(
      badRequest(`cannot bind token to object of type /${version}, Kind=${kindName}`),
    );
  }
  const key = kindName === 'Node' ? name : `${namespace}/${name}`;
  const found = call.server.store.get(collection, key);
  if (found === undefined) throw new Refused(notFound({ group: '', resource: collection }, name));
  const uid = textAt(found, 'metadata', 'uid');
  const asked = textAt(ref, 'uid');
  if (asked !== '' && asked !== uid) {
    const why = `the UID in the bound object reference (${asked}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw new Refused(conflict({ group: '', resource: kindName }, name, why));
  }
  if (kindName === 'Pod') checkPod(account, found);
  const member: Json = { name, uid };
  return { [kindName.toLowerCase()]: member };
}

function checkPod(account: JsonObject, pod: JsonObject): void {
  const name = textAt(account, 'metadata', 'name');
  if (textAt(pod, 'spec', 'serviceAccountName') === name) return;
  throw new Refused(
    badRequest(
      `cannot bind token for serviceaccount "${name}" to pod running with different serviceaccount name.`,
    ),
  );
}
