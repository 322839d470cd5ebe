/**
 * What is served: groups, versions, resources, OpenAPI.
 * Never here: definitions that come and go (custom.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { type Group, get } from '../row';

type List = readonly JsonObject[];
const byName = (one: JsonObject, other: JsonObject) =>
  String(one.name) < String(other.name) ? -1 : 1;
/** The resources that this project uses; a real server has more. */
const used = (...names: readonly string[]) => ({
  shown: (body: JsonObject) =>
    (body.resources as List)
      .filter(({ name }) => names.includes(String(name).split('/')[0] ?? ''))
      .sort(byName) as never,
});

const served: Group['rows'] = [
  { why: 'the core group', steps: [get('/api', { only: ['kind', 'versions'] })] },
  {
    why: 'core resources with verbs, short names and subresources',
    steps: [
      get(
        '/api/v1',
        used(
          'configmaps',
          'secrets',
          'services',
          'pods',
          'namespaces',
          'events',
          'endpoints',
          'persistentvolumeclaims',
          'persistentvolumes',
          'nodes',
          'serviceaccounts',
        ),
      ),
    ],
  },
  ...(
    [
      ['apps', 'statefulsets', 'deployments', 'replicasets', 'controllerrevisions'],
      ['batch', 'jobs'],
      ['policy', 'poddisruptionbudgets'],
      ['discovery.k8s.io', 'endpointslices'],
      ['coordination.k8s.io', 'leases'],
      ['rbac.authorization.k8s.io', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
      ['storage.k8s.io', 'storageclasses'],
      ['apiextensions.k8s.io', 'customresourcedefinitions'],
      [
        'authorization.k8s.io',
        'selfsubjectaccessreviews',
        'subjectaccessreviews',
        'selfsubjectrulesreviews',
        'localsubjectaccessreviews',
      ],
      ['authentication.k8s.io', 'tokenreviews', 'selfsubjectreviews'],
      ['events.k8s.io', 'events'],
    ] as const
  ).map(([group, ...resources]) => ({
    why: `resources of ${group}`,
    steps: [
      get(`/apis/${group}/v1`, used(...resources)),
      get(`/apis/${group}`, { only: ['kind', 'apiVersion', 'name', 'preferredVersion'] }),
    ],
  })),
  {
    why: 'aggregated discovery has them too',
    steps: [
      get('/apis', {
        accept:
          'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
        shown: (body) =>
          (body.items as List)
            .filter(({ metadata }) => (metadata as JsonObject).name === 'policy')
            .map(({ versions }) => versions as never),
      }),
      get('/api', {
        accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        shown: (body) => [body.kind, body.apiVersion, body.metadata] as never,
      }),
    ],
  },
  {
    why: 'a group or version that is not served is no page',
    steps: [get('/apis/nothing.test'), get('/apis/apps/v9'), get('/api/v9'), get('/nothing')],
  },
  {
    why: 'aggregated discovery of subresources and of scales',
    steps: [
      get('/apis', {
        accept:
          'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
        shown: (body) =>
          (body.items as List)
            .filter(({ metadata }) => (metadata as JsonObject).name === 'apps')
            .flatMap(({ versions }) => versions as List)
            .flatMap(({ resources }) => resources as List)
            .filter(({ resource }) => resource === 'statefulsets')
            .map((one) => one as never),
      }),
    ],
  },
  {
    why: 'the version is the one that this is like',
    steps: [
      get('/version', { only: ['major', 'minor'] }),
      get('/healthz'),
      get('/readyz'),
      get('/livez'),
    ],
  },
  {
    why: 'OpenAPI v3 has a document for each group',
    steps: [
      get('/openapi/v3', {
        shown: (body) =>
          ['api/v1', 'apis/apps/v1', 'apis/policy/v1', 'apis/batch/v1'].map((path) =>
            String(((body.paths as JsonObject)[path] as JsonObject).serverRelativeURL).replace(
              /hash=\w+/,
              'hash',
            ),
          ),
      }),
      get('/openapi/v3/apis/nothing.test/v1'),
    ],
  },
  {
    why: 'OpenAPI describes a field in the same words',
    steps: ['apps', 'policy'].map((group) =>
      get(`/openapi/v3/apis/${group}/v1`, {
        shown: (body) => {
          const schemas = (body.components as JsonObject).schemas as Readonly<
            Record<string, JsonObject>
          >;
          const name =
            group === 'apps' ? 'apps.v1.StatefulSetSpec' : 'policy.v1.PodDisruptionBudgetSpec';
          return schemas[`io.k8s.api.${name}`] ?? {};
        },
      }),
    ),
  },
];

export const discovery: Group = { name: 'discovery', rows: served };
