/**
 * Who somebody is and what he may: tokens, and the questions that are asked by creating a review.
 * Never here: what a right lets somebody do (access.ts).
 */
import { core, type Group, get, post, remove, silently } from '../row';
import { asAccount, grant, rule } from './accounts';

const cm = core('configmaps');
const review = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
export const tokens: Group['rows'] = [
  {
    why: 'a token is asked for, and is its account',
    steps: [
      post(
        core('serviceaccounts', 'default/token'),
        { spec: { expirationSeconds: 3600 } },
        {
          keep: { token: 'status.token' },
          only: ['kind', 'apiVersion', 'metadata', 'spec.expirationSeconds', 'spec.boundObjectRef'],
        },
      ),
      get(`${cm}/a`, { certificate: 'none', headers: { authorization: 'Bearer $token' } }),
    ],
  },
  {
    why: 'a token lives ten minutes at least',
    steps: [
      post(core('serviceaccounts', 'default/token'), { spec: { expirationSeconds: 60 } }),
      post(core('serviceaccounts', 'default/token'), { spec: { expirationSeconds: 2 ** 33 } }),
    ],
  },
  {
    why: 'an account that is not there has no token',
    steps: [post(core('serviceaccounts', 'nobody/token'), { spec: {} })],
  },
  {
    why: 'a token is bound to what is there',
    steps: [
      post(core('serviceaccounts', 'default/token'), {
        spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'none' } },
      }),
      post(core('serviceaccounts', 'default/token'), {
        spec: { boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'none' } },
      }),
    ],
  },
  {
    why: 'a token ends with its account',
    steps: [
      silently(post(core('serviceaccounts'), { metadata: { name: 'brief' } })),
      silently(
        post(
          core('serviceaccounts', 'brief/token'),
          { spec: {} },
          { keep: { token: 'status.token' } },
        ),
      ),
      silently(remove(core('serviceaccounts', 'brief'))),
      get(`${cm}/a`, {
        certificate: 'none',
        headers: { authorization: 'Bearer $token' },
        until: (_body, status) => status === 401,
      }),
    ],
  },
  {
    why: 'may I: allowed with a reason, or not',
    steps: [
      post(review, {
        spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'NS' } },
      }),
      asAccount(
        post(review, {
          spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'NS' } },
        }),
      ),
      ...grant(rule(['get'], ['pods'])),
      asAccount(
        post(review, {
          spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'NS' } },
        }),
      ),
      asAccount(post(review, { spec: { nonResourceAttributes: { verb: 'get', path: '/apis' } } })),
    ],
  },
  {
    why: 'a question that asks nothing, or two things, is refused',
    steps: [
      post(review, { spec: {} }),
      post(review, {
        spec: { resourceAttributes: { verb: 'get' }, nonResourceAttributes: { verb: 'get' } },
      }),
    ],
  },
  {
    why: 'whose rights: of somebody else',
    steps: [
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: {
          user: 'system:serviceaccount:NS:default',
          resourceAttributes: { verb: 'get', resource: 'pods' },
        },
      }),
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        spec: { resourceAttributes: { verb: 'get' } },
      }),
    ],
  },
  {
    why: 'who am I',
    steps: [
      asAccount(
        post(
          '/apis/authentication.k8s.io/v1/selfsubjectreviews',
          {},
          { only: ['kind', 'status.userInfo.username', 'status.userInfo.groups'] },
        ),
      ),
    ],
  },
];
