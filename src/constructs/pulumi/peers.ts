/**
 * What the components stand on; loaded before it. The version is the least that the tests run with.
 * Never here: how it is looked for.
 */
import { requirePeers } from '../peers';

export const PULUMI_PEERS = { '@pulumi/pulumi': '3.270.0' };

requirePeers(PULUMI_PEERS);
