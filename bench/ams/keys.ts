/** Keys of the size that AMS prescribes, as the processes of this benchmark hand them to each other. */
export const PEM = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;
