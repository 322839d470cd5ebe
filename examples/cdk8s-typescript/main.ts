/**
 * An infrastructure repository in one file: the operator, a cluster of three, and an application that is
 * connected with it. `node main.js` writes one file of YAML for each chart into dist/.
 */
import { App, Chart, Size } from 'cdk8s';
import { Cpu, Deployment, Namespace } from 'cdk8s-plus-28';
import { FailoverPolicy, ValkeyCluster, ValkeyCrds, ValkeyOperator } from 'gungnir';

const app = new App();

const platform = new Chart(app, 'platform');
new ValkeyCrds(platform, 'crds');
new ValkeyOperator(platform, 'operator', { replicas: 2, networkPolicy: true });

const shop = new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true });
new Namespace(shop, 'namespace', { metadata: { name: 'shop' } });

const cluster = new ValkeyCluster(shop, 'valkey', {
  metadata: { name: 'shop' },
  replicas: 3,
  persistence: { storageSize: '2Gi' },
  failover: { policy: FailoverPolicy.DURABLE },
});

const orders = new Deployment(shop, 'orders', { replicas: 1 });
const container = orders.addContainer({
  image: 'registry.example/orders:1',
  portNumber: 8080,
  resources: {
    cpu: { request: Cpu.millis(100) },
    memory: { request: Size.mebibytes(128), limit: Size.mebibytes(128) },
  },
});
// VALKEY_HOST, VALKEY_PORT, and VALKEY_PASSWORD from the Secret that the operator fills.
cluster.connection.addTo(container);
// A NetworkPolicy that lets the pods out to the data pods.
cluster.connection.allowFrom(orders.connections);

app.synth();
