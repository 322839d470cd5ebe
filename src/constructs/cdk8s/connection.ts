/**
 * How an application of cdk8s-plus-28 reaches a cluster: environment variables, the password's Secret,
 * a way out for its pods. Never here: a client.
 */
import {
  type Container,
  EnvValue,
  type ISecret,
  NetworkPolicyPort,
  type PodConnections,
  PodConnectionsIsolation,
  Pods,
  Secret,
} from 'cdk8s-plus-28';
import { Construct } from 'constructs';

/** What is known of a cluster's client endpoint. */
export interface ValkeyConnectionProps {
  /** Name of the client Service, in the same namespace. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Name of the Secret with the clients' password. */
  readonly secretName: string;
  /** Key of the password in it. */
  readonly passwordKey: string;
  /** Labels of the data pods. */
  readonly podLabels: { readonly [key: string]: string };
}

/** Names of the environment variables that `addTo` sets. */
export interface ValkeyEnvironmentNames {
  /**
   * Variable for the host.
   * @default "VALKEY_HOST"
   */
  readonly host?: string;
  /**
   * Variable for the port.
   * @default "VALKEY_PORT"
   */
  readonly port?: string;
  /**
   * Variable for the password, which is read from the Secret when the container starts.
   * @default "VALKEY_PASSWORD"
   */
  readonly password?: string;
}

/** Connects applications with a cluster. */
export class ValkeyConnection extends Construct {
  /** Name of the client Service: the host in the same namespace. */
  public readonly host: string;
  /** Port of the client Service. */
  public readonly port: number;
  private readonly props: ValkeyConnectionProps;
  private importedSecret: ISecret | undefined;
  private pods: Pods | undefined;

  public constructor(scope: Construct, id: string, props: ValkeyConnectionProps) {
    super(scope, id);
    this.props = props;
    this.host = props.host;
    this.port = props.port;
  }

  /** The Secret with the clients' password. It is a reference: the operator writes it. */
  public get secret(): ISecret {
    this.importedSecret ??= Secret.fromSecretName(this, 'Secret', this.props.secretName);
    return this.importedSecret;
  }

  /**
   * Gives a container host, port and password as environment variables.
   * @param container of a pod in the cluster's namespace.
   * @param names of the variables.
   */
  public addTo(container: Container, names: ValkeyEnvironmentNames = {}): void {
    const { host = 'VALKEY_HOST', port = 'VALKEY_PORT', password = 'VALKEY_PASSWORD' } = names;
    container.env.addVariable(host, EnvValue.fromValue(this.host));
    container.env.addVariable(port, EnvValue.fromValue(String(this.port)));
    const { secret, props } = this;
    container.env.addVariable(
      password,
      EnvValue.fromSecretValue({ secret, key: props.passwordKey }),
    );
  }

  /**
   * Lets isolated pods out to the data pods: an egress NetworkPolicy beside the pod. DNS is the caller's.
   * @param connections `pod.connections` of a Pod, Deployment, StatefulSet or Job of cdk8s-plus-28.
   */
  public allowFrom(connections: PodConnections): void {
    const { podLabels, port } = this.props;
    this.pods ??= Pods.select(this, 'Pods', { labels: { ...podLabels } });
    connections.allowTo(this.pods, {
      isolation: PodConnectionsIsolation.POD,
      ports: [NetworkPolicyPort.tcp(port)],
    });
  }
}
