/**
 * Who may do what: RBAC, escalation, impersonation; with tokens.ts.
 * Never here: what a subresource does (parts.ts).
 */
import {
  configMap,
  core,
  type Group,
  get,
  named,
  parked,
  patch,
  post,
  put,
  remove,
  silently,
} from '../row';
import { asAccount, grant, rbac, rule } from './accounts';
import { tokens } from './tokens';

const cm = core('configmaps');

const denials: Group['rows'] = [
  {
    why: 'an account without rights is told what it may not',
    steps: [
      get(cm),
      get(`${cm}/a`),
      get('/api/v1/configmaps'),
      get('/api/v1/nodes'),
      get('/api/v1/nodes/x'),
      post(cm, configMap('a')),
      put(`${cm}/a`, configMap('a')),
      patch('merge', `${cm}/a`, {}),
      remove(`${cm}/a`),
      remove(cm),
      get(`${cm}?watch=true&timeoutSeconds=1`),
      get(core('pods', 'p/log')),
      post(core('pods', 'p/eviction'), {}),
      get(named('apps/v1', 'deployments', 'd/scale')),
      get('/metrics'),
      get('/api/v1/namespaces/NS'),
      get(core('nothings')),
    ].map(asAccount),
  },
  {
    why: 'what everybody may',
    steps: [
      asAccount(get('/version', { only: ['major', 'minor'] })),
      asAccount(get('/healthz')),
      asAccount(get('/apis/apps/v1', { only: ['kind'] })),
    ],
  },
  {
    why: 'a role allows what it says, and no more',
    steps: [
      ...grant(rule(['get', 'list'], ['configmaps'])),
      asAccount(get(`${cm}?fieldSelector=metadata.name%3Dx`, { only: ['items'] })),
      asAccount(post(cm, configMap('a'))),
      asAccount(get(`/api/v1/namespaces/default/configmaps`)),
    ],
  },
  {
    why: 'a role may be for some names',
    steps: [
      silently(post(cm, configMap('a'))),
      silently(post(cm, configMap('b'))),
      ...grant(rule(['get', 'list'], ['configmaps'], ['a'])),
      asAccount(get(`${cm}/a`, { only: ['kind'] })),
      asAccount(get(`${cm}/b`)),
      asAccount(get(cm)),
      asAccount(get(`${cm}?fieldSelector=metadata.name%3Da`, { only: ['kind'] })),
    ],
  },
  {
    why: 'a subresource is a right of its own',
    steps: [
      silently(
        post(named('apps/v1', 'deployments'), {
          metadata: { name: 'd' },
          spec: {
            replicas: 0,
            selector: { matchLabels: { app: 'd' } },
            template: { metadata: { labels: { app: 'd' } }, spec: parked },
          },
        }),
      ),
      ...grant({ apiGroups: ['apps'], verbs: ['patch'], resources: ['deployments/scale'] }),
      asAccount(
        patch(
          'merge',
          named('apps/v1', 'deployments', 'd/scale'),
          { spec: { replicas: 0 } },
          { only: ['kind'] },
        ),
      ),
      asAccount(patch('merge', named('apps/v1', 'deployments', 'd'), { spec: { replicas: 0 } })),
    ],
  },
  {
    why: 'an apply that creates needs the right to create',
    steps: [
      ...grant(rule(['patch'], ['configmaps'])),
      asAccount(patch('apply', `${cm}/a?fieldManager=m`, configMap('a'))),
      silently(post(cm, configMap('b'))),
      asAccount(patch('apply', `${cm}/b?fieldManager=m`, configMap('b'), { only: ['kind'] })),
    ],
  },
  {
    why: 'nobody grants what he has not',
    steps: [
      ...grant(
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          verbs: ['create', 'update', 'patch'],
          resources: ['roles', 'rolebindings'],
        },
        rule(['get'], ['configmaps']),
      ),
      asAccount(
        post(named(rbac, 'roles'), {
          metadata: { name: 'more' },
          rules: [rule(['get', 'delete'], ['secrets'])],
        }),
      ),
      asAccount(
        post(
          named(rbac, 'roles'),
          { metadata: { name: 'same' }, rules: [rule(['get'], ['configmaps'])] },
          { only: ['kind'] },
        ),
      ),
      asAccount(
        post(named(rbac, 'rolebindings'), {
          metadata: { name: 'up' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'NS-none' },
          subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'NS' }],
        }),
      ),
    ],
  },
  {
    why: 'an update grants no more either, and touches nothing that grants more',
    steps: [
      ...grant(
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          verbs: ['patch'],
          resources: ['roles', 'rolebindings'],
        },
        rule(['get'], ['configmaps'], ['a']),
      ),
      silently(
        post(named(rbac, 'roles'), { metadata: { name: 'big' }, rules: [rule(['*'], ['*'])] }),
      ),
      asAccount(
        patch('merge', named(rbac, 'roles', 'r'), {
          rules: [
            rule(['get'], ['configmaps']),
            rule(['watch', 'list'], ['pods/log', 'pods'], ['p']),
            { ...rule(['get'], ['configmaps', 'services']), apiGroups: ['', 'apps'] },
          ],
        }),
      ),
      asAccount(patch('merge', named(rbac, 'roles', 'big'), { metadata: { labels: { l: '1' } } })),
      asAccount(
        patch(
          'merge',
          named(rbac, 'roles', 'big'),
          { metadata: { finalizers: ['x.test/y'] } },
          { only: ['metadata.finalizers'] },
        ),
      ),
      silently(patch('merge', named(rbac, 'roles', 'big'), { metadata: { finalizers: null } })),
      asAccount(
        patch('merge', named(rbac, 'rolebindings', 'r'), { subjects: [] }, { only: ['kind'] }),
      ),
    ],
  },
  {
    why: 'who may bind a role binds it, and no other one',
    steps: [
      ...grant(
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          verbs: ['create'],
          resources: ['rolebindings'],
        },
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          verbs: ['bind'],
          resources: ['clusterroles'],
          resourceNames: ['view'],
        },
      ),
      ...['view', 'edit'].map((name) =>
        asAccount(
          post(
            named(rbac, 'rolebindings'),
            {
              metadata: { name },
              roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
              subjects: [],
            },
            {},
          ),
        ),
      ),
    ],
  },
  {
    why: 'who may escalate a role writes what it likes into it',
    steps: [
      ...grant({
        apiGroups: ['rbac.authorization.k8s.io'],
        verbs: ['create', 'escalate'],
        resources: ['roles'],
      }),
      asAccount(
        post(
          named(rbac, 'roles'),
          { metadata: { name: 'more' }, rules: [rule(['*'], ['secrets'])] },
          { only: ['rules'] },
        ),
      ),
    ],
  },
  {
    why: 'a binding says another role only by being made anew',
    steps: [
      ...grant(rule(['get'], ['configmaps'])),
      patch('merge', named(rbac, 'rolebindings', 'r'), { roleRef: { name: 'other' } }),
    ],
  },
  {
    why: 'roles and bindings are checked',
    steps: [
      post(named(rbac, 'roles'), {
        metadata: { name: 'r' },
        rules: [{ verbs: [], resources: ['pods'], apiGroups: [''] }],
      }),
      post(named(rbac, 'roles'), {
        metadata: { name: 'r' },
        rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
      }),
      post(named(rbac, 'rolebindings'), {
        metadata: { name: 'r' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Thing', name: 'r' },
        subjects: [{ kind: 'Robot', name: 'x' }],
      }),
    ],
  },
  {
    why: 'nobody is anonymous, and may nearly nothing',
    steps: [
      get(cm, { certificate: 'none' }),
      get('/version', { certificate: 'none', only: ['major'] }),
      get('/apis', { certificate: 'none' }),
      get('/readyz', { certificate: 'none' }),
    ],
  },
  {
    why: 'a bad token is nobody at all',
    steps: [get(cm, { certificate: 'none', headers: { authorization: 'Bearer nonsense' } })],
  },
  {
    why: 'who may not impersonate is told so',
    steps: [
      ...grant(rule(['get'], ['configmaps'])),
      silently(
        post(
          core('serviceaccounts', 'default/token'),
          { spec: {} },
          { keep: { token: 'status.token' } },
        ),
      ),
      get(cm, {
        certificate: 'none',
        headers: { authorization: 'Bearer $token', 'impersonate-user': 'root' },
      }),
      get(cm, {
        certificate: 'none',
        headers: {
          authorization: 'Bearer $token',
          'impersonate-user': 'system:serviceaccount:NS:other',
        },
      }),
    ],
  },
];

export const access: Group = { name: 'access', rows: [...denials, ...tokens] };
