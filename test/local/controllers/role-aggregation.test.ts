/**
 * Aggregated ClusterRoles: the rules of those that are selected, also where one has none.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLUSTER_ROLES } from '../../../src/local/controllers/objects/role';
import { type Simulated, simulated } from './simulated';

let world: Simulated;
beforeEach(() => {
  world = simulated();
});
afterEach(() => world.stop());

const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };

function role(name: string, fields: object, labels: object = { part: 'yes' }): void {
  world.create(CLUSTER_ROLES, { metadata: { name, labels }, ...fields });
  world.settle();
}

test('a role without rules adds none, and the others add theirs', () => {
  role('whole', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] } });
  role('empty', {});
  expect(world.get(CLUSTER_ROLES, 'empty').rules).toBeNull();
  role('reader', { rules: [rule] });
  role('other', { rules: [{ ...rule, verbs: ['delete'] }] }, {});
  expect(world.get(CLUSTER_ROLES, 'whole').rules).toEqual([rule]);
});
