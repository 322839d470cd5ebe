module example/cdk8s-go

go 1.25

require (
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2 v2.70.100
	github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2 v2.5.6
	github.com/verilean/gungnir-go/gungnir v0.0.0
)

// What `npm run languages` made: gungnir, and cdk8s of the same version as in TypeScript.
replace (
	github.com/aws/constructs-go/constructs/v10 => ./modules/constructs
	github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2 => ./modules/cdk8s
	github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2 => ./modules/cdk8splus28
	github.com/verilean/gungnir-go/gungnir => ./modules/gungnir
)
