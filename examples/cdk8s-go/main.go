// An infrastructure repository in one file: the operator, a cluster of three, and an application that is
// connected with it. `go run .` writes one file of YAML for each chart into dist/.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	plus "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2"
	"github.com/verilean/gungnir-go/gungnir"
)

func main() {
	defer jsii.Close()
	app := cdk8s.NewApp(nil)

	platform := cdk8s.NewChart(app, jsii.String("platform"), nil)
	gungnir.NewValkeyCrds(platform, jsii.String("crds"))
	gungnir.NewValkeyOperator(platform, jsii.String("operator"), &gungnir.ValkeyOperatorProps{
		Replicas:      jsii.Number(2),
		NetworkPolicy: jsii.Bool(true),
	})

	shop := cdk8s.NewChart(app, jsii.String("shop"), &cdk8s.ChartProps{
		Namespace:                 jsii.String("shop"),
		DisableResourceNameHashes: jsii.Bool(true),
	})
	plus.NewNamespace(shop, jsii.String("namespace"), &plus.NamespaceProps{
		Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("shop")},
	})

	cluster := gungnir.NewValkeyCluster(shop, jsii.String("valkey"), &gungnir.ValkeyClusterProps{
		Metadata:    &cdk8s.ApiObjectMetadata{Name: jsii.String("shop")},
		Replicas:    jsii.Number(3),
		Persistence: &gungnir.PersistenceSpec{StorageSize: jsii.String("2Gi")},
		Failover:    &gungnir.FailoverSpec{Policy: gungnir.FailoverPolicy_DURABLE},
	})

	orders := plus.NewDeployment(shop, jsii.String("orders"), &plus.DeploymentProps{Replicas: jsii.Number(1)})
	container := orders.AddContainer(&plus.ContainerProps{
		Image:      jsii.String("registry.example/orders:1"),
		PortNumber: jsii.Number(8080),
		Resources: &plus.ContainerResources{
			Cpu: &plus.CpuResources{Request: plus.Cpu_Millis(jsii.Number(100))},
			Memory: &plus.MemoryResources{
				Request: cdk8s.Size_Mebibytes(jsii.Number(128)),
				Limit:   cdk8s.Size_Mebibytes(jsii.Number(128)),
			},
		},
	})
	// VALKEY_HOST, VALKEY_PORT, and VALKEY_PASSWORD from the Secret that the operator fills.
	cluster.Connection().AddTo(container, nil)
	// A NetworkPolicy that lets the pods out to the data pods.
	cluster.Connection().AllowFrom(orders.Connections())

	app.Synth()
}
