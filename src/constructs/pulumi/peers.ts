/**
 * What the components stand on; loaded before it. No version is asked for: it is the one that the tests run with or
 * newer, by the package.json of the example. Never here: how it is looked for.
 */
import { requirePeers } from '../peers';

requirePeers({ '@pulumi/pulumi': '3.0.0' });
