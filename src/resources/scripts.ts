/**
 * The scripts in a data pod, for busybox and Debian shells alike. The folder that holds them is the
 * first of the PATH, so each one drops that entry to find the real valkey-cli. Passwords travel by
 * environment: in 8.0.1 valkey-cli reads REDISCLI_AUTH only, later ones VALKEYCLI_AUTH too.
 * Never here: a path but the shell's; the local cluster rewrites mount paths in arguments and env.
 */

export const SCRIPTS = {
  valkeyCli: 'valkey-cli',
  probe: 'gungnir-probe',
  preStop: 'gungnir-pre-stop',
} as const;

const server = '-h "$POD_IP" -p "$VALKEY_PORT"';

/** `kubectl exec POD -- valkey-cli ROLE` works as it is typed, also after the password has changed. */
export const VALKEY_CLI_SCRIPT = `#!/bin/sh
# Adds this pod's address and the clients' password to the real valkey-cli.
PATH=\${PATH#*:}
export PATH
if [ -z "$REDISCLI_AUTH$VALKEYCLI_AUTH" ]; then
  REDISCLI_AUTH=$(cat "$GUNGNIR_SECRETS/password")
  VALKEYCLI_AUTH=$REDISCLI_AUTH
  export REDISCLI_AUTH VALKEYCLI_AUTH
fi
exec valkey-cli ${server} "$@"
`;

const asProbe = `PATH=\${PATH#*:}
REDISCLI_AUTH=$(cat "$GUNGNIR_SECRETS/probe-password")
VALKEYCLI_AUTH=$REDISCLI_AUTH
export PATH REDISCLI_AUTH VALKEYCLI_AUTH
ask() { valkey-cli ${server} --user probe "$1" 2>&1; }
`;

/** A server that is full, loading, fenced or busy is alive: killing it would only lose its memory. */
export const PROBE_SCRIPT = `#!/bin/sh
# live: any reply of the server. ready: PONG.
${asProbe}reply=$(ask ping)
case $1 in
  live) case $reply in '' | *'Could not connect'*) exit 1 ;; esac ;;
  *) [ "$reply" = PONG ] ;;
esac
`;

/**
 * The operator moves the primary away while this waits. A primary that nobody follows has nobody to
 * hand over to; a replica that is just restarting gets 5 s to come back.
 */
export const PRE_STOP_SCRIPT = `#!/bin/sh
# Waits until this process is no longer the primary, at most $1 seconds, at most 5 without a replica.
${asProbe}left=$(($1 * 5))
alone=25
while [ "$left" -gt 0 ] && [ "$alone" -gt 0 ]; do
  role=$(ask role)
  case $role in master*) ;; *) exit 0 ;; esac
  if [ "$(printf '%s\\n' "$role" | wc -l)" -gt 3 ]; then alone=25; else alone=$((alone - 1)); fi
  left=$((left - 1))
  sleep 0.2
done
exit 0
`;
