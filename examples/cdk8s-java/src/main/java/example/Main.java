package example;

import io.github.verilean.gungnir.FailoverPolicy;
import io.github.verilean.gungnir.FailoverSpec;
import io.github.verilean.gungnir.PersistenceSpec;
import io.github.verilean.gungnir.ValkeyCluster;
import io.github.verilean.gungnir.ValkeyCrds;
import io.github.verilean.gungnir.ValkeyOperator;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Size;
import org.cdk8s.plus28.Container;
import org.cdk8s.plus28.ContainerProps;
import org.cdk8s.plus28.ContainerResources;
import org.cdk8s.plus28.Cpu;
import org.cdk8s.plus28.CpuResources;
import org.cdk8s.plus28.Deployment;
import org.cdk8s.plus28.MemoryResources;
import org.cdk8s.plus28.Namespace;

/**
 * An infrastructure repository in one file: the operator, a cluster of three, and an application that is
 * connected with it. `mvn -q compile exec:java` writes one file of YAML for each chart into dist/.
 */
public final class Main {
    public static void main(String[] args) {
        App app = new App();

        Chart platform = new Chart(app, "platform");
        new ValkeyCrds(platform, "crds");
        ValkeyOperator.Builder.create(platform, "operator").replicas(2).networkPolicy(true).build();

        Chart shop = new Chart(app, "shop",
                ChartProps.builder().namespace("shop").disableResourceNameHashes(true).build());
        Namespace.Builder.create(shop, "namespace").metadata(named("shop")).build();

        ValkeyCluster cluster = ValkeyCluster.Builder.create(shop, "valkey")
                .metadata(named("shop"))
                .replicas(3)
                .persistence(PersistenceSpec.builder().storageSize("2Gi").build())
                .failover(FailoverSpec.builder().policy(FailoverPolicy.DURABLE).build())
                .build();

        Deployment orders = Deployment.Builder.create(shop, "orders").replicas(1).build();
        Container container = orders.addContainer(ContainerProps.builder()
                .image("registry.example/orders:1")
                .portNumber(8080)
                .resources(ContainerResources.builder()
                        .cpu(CpuResources.builder().request(Cpu.millis(100)).build())
                        .memory(MemoryResources.builder()
                                .request(Size.mebibytes(128))
                                .limit(Size.mebibytes(128))
                                .build())
                        .build())
                .build());
        // VALKEY_HOST, VALKEY_PORT, and VALKEY_PASSWORD from the Secret that the operator fills.
        cluster.getConnection().addTo(container);
        // A NetworkPolicy that lets the pods out to the data pods.
        cluster.getConnection().allowFrom(orders.getConnections());

        app.synth();
    }

    private static ApiObjectMetadata named(String name) {
        return ApiObjectMetadata.builder().name(name).build();
    }
}
