/**
 * What the constructs stand on; loaded before any of it. The versions are those of package.json, which are the ones
 * that all tests run with. Never here: how they are looked for.
 */
import { requirePeers } from '../peers';

export const CDK8S_PEERS = { cdk8s: '2.70.100', 'cdk8s-plus-28': '2.5.6', constructs: '10.4.2' };

requirePeers(CDK8S_PEERS);
