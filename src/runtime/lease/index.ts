/**
 * `gungnir/sentinel/kubernetes`: what a Sentinel in pods needs beside gungnir/sentinel.
 * Never here: the operator; nothing is watched but one Lease.
 */
export { type ApiServer, type LeaseAuthorityOptions, leaseAuthority } from './lease-authority';
export { RECORD_ANNOTATION } from './lease-store';
