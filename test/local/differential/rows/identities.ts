/**
 * Who a request is from, where it says it in an odd way: no scheme, two credentials, half an impersonation.
 * Never here: what an account may do (access.ts), tokens that are asked for (tokens.ts).
 */
import { core, type Group, get, post, type Step, silently } from '../row';
import { asAccount, grant, rule } from './accounts';

const cm = core('configmaps');
const self = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const reviews = '/apis/authentication.k8s.io/v1/tokenreviews';
const saying = (authorization: string): Step =>
  get(cm, { certificate: 'none', headers: { authorization } });
const asked = silently(
  post(core('serviceaccounts', 'default/token'), { spec: {} }, { keep: { token: 'status.token' } }),
);
const as = (headers: Readonly<Record<string, string>>): Step =>
  post(self, {}, { headers, only: ['status.userInfo.username', 'status.userInfo.groups'] });

export const identities: Group = {
  name: 'identities',
  rows: [
    {
      why: 'a token needs its scheme, in letters of any size',
      steps: [
        asked,
        ...['Bearer $token', 'bearer $token', 'BEARER $token'].map(saying),
        ...['Basic $token', '$token', 'Bearer', 'Bearer '].map(saying),
        ...['Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'Bearer $tokenx'].map(saying),
      ],
    },
    {
      why: 'a good certificate comes before a bad token',
      steps: [get(cm, { headers: { authorization: 'Bearer nonsense' }, only: ['kind'] })],
    },
    {
      why: 'who impersonates has the groups that he says, and those of everybody',
      steps: [
        as({ 'impersonate-user': 'bob' }),
        as({ 'impersonate-user': 'bob', 'impersonate-group': 'g' }),
        as({ 'impersonate-user': 'system:anonymous' }),
        as({ 'impersonate-user': 'system:serviceaccount:NS:default' }),
      ],
    },
    {
      why: 'groups, extras and a uid without a user are nobody at all',
      steps: [
        as({ 'impersonate-group': 'g' }),
        as({ 'impersonate-uid': 'u' }),
        as({ 'impersonate-extra-a': 'b' }),
        as({ 'impersonate-uid': 'u', 'impersonate-group': 'g' }),
      ],
    },
    {
      why: 'a uid and an extra are rights of their own',
      steps: [
        ...grant(rule(['impersonate'], ['serviceaccounts'])),
        asked,
        ...[
          {},
          { 'impersonate-uid': 'u' },
          { 'impersonate-extra-a': 'b' },
          { 'impersonate-extra-a%2fb': 'b' },
          { 'impersonate-extra-a%zz': 'b' },
        ].map((more) =>
          get(cm, {
            certificate: 'none',
            headers: {
              authorization: 'Bearer $token',
              'impersonate-user': 'system:serviceaccount:NS:other',
              ...more,
            },
          }),
        ),
      ],
    },
    {
      why: 'a token is reviewed for those whom it is for',
      steps: [
        asked,
        post(reviews, { spec: { token: '$token' } }, { only: ['status.authenticated'] }),
        post(
          reviews,
          { spec: { token: '$token', audiences: ['zz'] } },
          { only: ['status.authenticated', 'status.user'] },
        ),
        post(reviews, { spec: {} }),
      ],
    },
    {
      why: 'rules are asked for of one namespace',
      steps: [
        asAccount(post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { spec: {} })),
      ],
    },
  ],
};
