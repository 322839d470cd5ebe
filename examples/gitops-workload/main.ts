/**
 * A cluster in workload mode: every object of it stands in Git, in manifests/, where it is reviewed and
 * from where it is applied. The operator keeps the primary alive and writes what only it can know.
 */
import { App, Chart } from 'cdk8s';
import { ManagementMode, ValkeyCluster } from 'gungnir';

const app = new App({ outdir: 'manifests' });
const shop = new Chart(app, 'shop', { namespace: 'shop' });
new ValkeyCluster(shop, 'valkey', {
  metadata: { name: 'shop' },
  mode: ManagementMode.WORKLOAD,
  replicas: 3,
});
app.synth();
