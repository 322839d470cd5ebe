"""An infrastructure repository in one file: the operator, a cluster of three, and an application that is
connected with it. `python main.py` writes one file of YAML for each chart into dist/.
"""

from cdk8s import ApiObjectMetadata, App, Chart, Size
from cdk8s_plus_28 import ContainerResources, Cpu, CpuResources, Deployment, MemoryResources, Namespace
from gungnir import FailoverPolicy, FailoverSpec, PersistenceSpec, ValkeyCluster, ValkeyCrds, ValkeyOperator

app = App()

platform = Chart(app, "platform")
ValkeyCrds(platform, "crds")
ValkeyOperator(platform, "operator", replicas=2, network_policy=True)

shop = Chart(app, "shop", namespace="shop", disable_resource_name_hashes=True)
Namespace(shop, "namespace", metadata=ApiObjectMetadata(name="shop"))

cluster = ValkeyCluster(
    shop,
    "valkey",
    metadata=ApiObjectMetadata(name="shop"),
    replicas=3,
    persistence=PersistenceSpec(storage_size="2Gi"),
    failover=FailoverSpec(policy=FailoverPolicy.DURABLE),
)

orders = Deployment(shop, "orders", replicas=1)
container = orders.add_container(
    image="registry.example/orders:1",
    port_number=8080,
    resources=ContainerResources(
        cpu=CpuResources(request=Cpu.millis(100)),
        memory=MemoryResources(request=Size.mebibytes(128), limit=Size.mebibytes(128)),
    ),
)
# VALKEY_HOST, VALKEY_PORT, and VALKEY_PASSWORD from the Secret that the operator fills.
cluster.connection.add_to(container)
# A NetworkPolicy that lets the pods out to the data pods.
cluster.connection.allow_from(orders.connections)

app.synth()
